/** What is behind an alert, brought together: a finding that grew and was said again and again is one line of the report. */
import { compareLevels, levelValue } from '@weir/processors'
import type { CanonicalEvidence, Level } from '@weir/schemas'

/** Findings of one type by the same attacker against the same victim, or against nobody in particular on one port. */
export type EvidenceGroup = {
  /** The weightiest; of equals the latest, which has the greatest numbers. */
  readonly evidence: CanonicalEvidence
  readonly times: number
  readonly firstMs: number
}

type Growing = { -readonly [K in keyof EvidenceGroup]: EvidenceGroup[K] }

/** The same groups whatever the order evidence is added in. */
export class EvidenceGroups {
  readonly #groups = new Map<string, Growing>()

  add(evidence: CanonicalEvidence): void {
    const { type, attacker, victim, dst, proto, tsMs } = evidence
    const whom = victim === null ? `port ${dst?.port}` : victim.value
    const key = [type, attacker.value, whom, proto].join('\0')
    const group = this.#groups.get(key)
    if (group === undefined) {
      this.#groups.set(key, { evidence, times: 1, firstMs: tsMs })
      return
    }
    if (compareStanding(evidence, group.evidence) > 0) group.evidence = evidence
    group.times += 1
    group.firstMs = Math.min(group.firstMs, tsMs)
  }

  /** The weightiest of them, in order of event time. Groups of which nothing reaches the level are left out. */
  weightiest(most: number, minLevel: Level): EvidenceGroup[] {
    return [...this.#groups.values()]
      .filter(({ evidence }) => compareLevels(evidence.level, minLevel) >= 0)
      .sort((a, b) => compareStanding(b.evidence, a.evidence))
      .slice(0, most)
      .sort((a, b) => a.evidence.tsMs - b.evidence.tsMs || compareTexts(a.evidence.id, b.evidence.id))
  }
}

/** What evidence adds to its host's weight: nothing where the attacker stands on the other side. */
export function weightOf(evidence: {
  readonly level: Level
  readonly confidence: number
  readonly attacker: { readonly direction: string }
}): number {
  return evidence.attacker.direction === 'src' ? levelValue(evidence.level) * evidence.confidence : 0
}

function compareStanding(a: CanonicalEvidence, b: CanonicalEvidence): number {
  return weightOf(a) - weightOf(b) || a.tsMs - b.tsMs || compareTexts(b.id, a.id)
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
