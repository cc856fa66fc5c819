/** What of the evidence is worth asking strangers about: the gravest first, and nothing that is of the house. */
import {
  compareLevels,
  type Indicators,
  isPublic,
  type Network,
  noIndicators,
  registeredDomainOf,
} from '@weir/processors'
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

/** By the length of a hash. */
export const hashKinds: Readonly<Record<number, 'file_md5' | 'file_sha1' | 'file_sha256'>> = {
  32: 'file_md5',
  40: 'file_sha1',
  64: 'file_sha256',
}

const MAX_IDS = 50
/** Different subjects held; evidence of a scan of everything names everything. */
const MAX_SUBJECTS = 50_000

export class Subjects {
  readonly #intel: Pick<Indicators, 'isKnownGood'>
  readonly #minLevel: Level
  readonly #network: Network
  readonly #found = new Map<string, Growing>()

  constructor(minLevel: Level, network: Network, intel: Pick<Indicators, 'isKnownGood'> = noIndicators) {
    this.#intel = intel
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
    for (const name of ['sha256', 'sha1', 'md5'] as const) {
      const hash = facts[name]
      if (typeof hash === 'string') this.#hash(hash, evidence)
    }
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
    const kind = hashKinds[lower.length]
    if (kind === undefined || !/^[0-9a-f]+$/.test(lower)) return
    // What is known to be good is nothing to ask about.
    if (!this.#intel.isKnownGood(kind, lower)) this.#take('hash', lower, evidence)
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
