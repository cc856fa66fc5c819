/** What of the evidence is worth asking strangers about: the gravest first, and nothing that is of the house. */
import { compareLevels, isPublic, type Network, registeredDomainOf } from '@weir/processors'
import type { CanonicalEvidence, Level } from '@weir/schemas'
import type { Subject, SubjectKind } from './look-up.ts'

export type EvidenceSubject = {
  readonly subject: Subject
  /** Of the gravest evidence that names it. */
  readonly level: Level
  /** Event time of the first evidence that names it. */
  readonly firstMs: number
  /** Ids, in the order they were added; at most fifty. */
  readonly evidence: readonly string[]
}

type Growing = { subject: Subject; level: Level; firstMs: number; evidence: string[] }

const MAX_IDS = 50
/** Different subjects held; evidence of a scan of everything names everything. */
const MAX_SUBJECTS = 50_000

export class Subjects {
  readonly #minLevel: Level
  readonly #network: Network
  readonly #found = new Map<string, Growing>()

  constructor(minLevel: Level, network: Network) {
    this.#minLevel = minLevel
    this.#network = network
  }

  add(evidence: CanonicalEvidence): void {
    if (compareLevels(evidence.level, this.#minLevel) < 0) return
    const { src, dst, attacker, victim, facts } = evidence
    for (const end of [src, dst]) {
      if (end === null) continue
      this.#address(end.ip, evidence)
    }
    for (const name of dst?.names ?? []) this.#name(name, evidence)
    for (const party of [attacker, victim]) {
      if (party === null) continue
      if (party.type === 'ip') this.#address(party.value, evidence)
      else if (party.type === 'domain') this.#name(party.value, evidence)
      else if (party.type === 'url') this.#url(party.value, evidence)
      else if (party.type === 'hash') this.#hash(party.value, evidence)
    }
    if (typeof facts.url === 'string') this.#url(facts.url, evidence)
    if (typeof facts.listed === 'string' && String(facts.kind).startsWith('file_'))
      this.#hash(facts.listed, evidence)
  }

  /** At most so many, the gravest first, then the earliest. */
  take(most: number): readonly EvidenceSubject[] {
    return [...this.#found.values()]
      .sort(
        (a, b) =>
          compareLevels(b.level, a.level) ||
          a.firstMs - b.firstMs ||
          compareTexts(keyOf(a.subject), keyOf(b.subject)),
      )
      .slice(0, most)
  }

  #address(ip: string, evidence: CanonicalEvidence): void {
    if (isPublic(ip) && !this.#network.isHome(ip)) this.#take('ip', ip, evidence)
  }

  #name(name: string, evidence: CanonicalEvidence): void {
    const lower = name.toLowerCase().replace(/\.$/, '')
    if (registeredDomainOf(lower) !== '') this.#take('domain', lower, evidence)
  }

  /** Without what a user typed or a program knows: queries and passwords stay in the house. */
  #url(text: string, evidence: CanonicalEvidence): void {
    const url = URL.parse(text.includes('://') ? text : `http://${text}`)
    if (url === null || !/^https?:$/.test(url.protocol)) return
    const isOurs = isPublic(url.hostname)
      ? this.#network.isHome(url.hostname)
      : registeredDomainOf(url.hostname) === ''
    if (!isOurs) this.#take('url', `${url.protocol}//${url.host}${url.pathname}`, evidence)
  }

  #hash(text: string, evidence: CanonicalEvidence): void {
    const lower = text.toLowerCase()
    if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/.test(lower)) this.#take('hash', lower, evidence)
  }

  #take(kind: SubjectKind, value: string, { id, level, tsMs }: CanonicalEvidence): void {
    const subject = { kind, value }
    const known = this.#found.get(keyOf(subject))
    if (known === undefined) {
      if (this.#found.size < MAX_SUBJECTS)
        this.#found.set(keyOf(subject), { subject, level, firstMs: tsMs, evidence: [id] })
      return
    }
    if (compareLevels(level, known.level) > 0) known.level = level
    known.firstMs = Math.min(known.firstMs, tsMs)
    if (known.evidence.length < MAX_IDS && known.evidence.at(-1) !== id) known.evidence.push(id)
  }
}

const keyOf = ({ kind, value }: Subject): string => `${kind} ${value}`
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
