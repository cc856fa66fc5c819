/** What is worth asking strangers about: what evidence names, the gravest first, then what was only met; and nothing that is of the house. */
import { compareLevels, type Indicators, type Network, noIndicators } from '@weir/processors'
import type { CanonicalEvidence, Level } from '@weir/schemas'
import type { MetSubject } from '../met-subjects.ts'
import { askableAddress, askableHash, askableName, askableUrl } from './askable.ts'
import type { Subject } from './look-up.ts'

export type EvidenceSubject = {
  readonly subject: Subject
  /** Of the gravest evidence that names it; info where none does. */
  readonly level: Level
  /** Event time of the first evidence that names it, or of when it was met. */
  readonly firstMs: number
  /** Ids, in the order they were added; at most fifty. */
  readonly evidence: readonly string[]
}

type Growing = { subject: Subject; level: Level; firstMs: number; evidence: string[] }

const MAX_IDS = 50
/** Different subjects held; evidence of a scan of everything names everything. */
const MAX_SUBJECTS = 50_000

export class Subjects {
  readonly #intel: Pick<Indicators, 'isKnownGood'>
  readonly #minLevel: Level
  readonly #network: Network
  readonly #found = new Map<string, Growing>()
  readonly #met = new Map<string, EvidenceSubject>()

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

  /** What no evidence needs to name, in the order in which it is to be asked about. */
  addMet({ subject: { kind, value }, firstMs }: MetSubject): void {
    if (this.#met.size >= MAX_SUBJECTS) return
    const subject =
      kind === 'domain'
        ? askableName(value)
        : kind === 'url'
          ? askableUrl(value, this.#network)
          : askableHash(value, this.#intel)
    if (subject !== null) this.#met.set(keyOf(subject), { subject, level: 'info', firstMs, evidence: [] })
  }

  /** At most so many: of the evidence the gravest first, then the earliest; then what was met. */
  take(most: number): readonly EvidenceSubject[] {
    const found = [...this.#found.values()].sort(
      (a, b) =>
        compareLevels(b.level, a.level) ||
        a.firstMs - b.firstMs ||
        compareTexts(keyOf(a.subject), keyOf(b.subject)),
    )
    const met = [...this.#met].flatMap(([key, about]) => (this.#found.has(key) ? [] : [about]))
    return [...found, ...met].slice(0, most)
  }

  #address(ip: string, evidence: CanonicalEvidence): void {
    this.#take(askableAddress(ip, this.#network), evidence)
  }

  #name(name: string, evidence: CanonicalEvidence): void {
    this.#take(askableName(name), evidence)
  }

  #url(text: string, evidence: CanonicalEvidence): void {
    this.#take(askableUrl(text, this.#network), evidence)
  }

  #hash(text: string, evidence: CanonicalEvidence): void {
    this.#take(askableHash(text, this.#intel), evidence)
  }

  #take(subject: Subject | null, { id, level, tsMs }: CanonicalEvidence): void {
    if (subject === null) return
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
