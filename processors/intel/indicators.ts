/** What detectors may ask of the indicators: everything that any feed says of a value, joined into one word. */
import type { IndicatorKind, Level } from '@weir/schemas'

/** The mildest first. */
export const levels: readonly Level[] = ['info', 'low', 'medium', 'high', 'critical']

/** What the feeds say together: the gravest level, the best confidence, and all who say so. */
export type Verdict = {
  /** What is listed: the value itself, the range it lies in or the name above it. */
  readonly kind: IndicatorKind
  readonly value: string
  readonly level: Level
  /** 0 to 1. */
  readonly confidence: number
  /** In order of their names. */
  readonly feeds: readonly string[]
  readonly tags: readonly string[]
  /** Of the first feed that has one. */
  readonly description: string
}

/** Kinds that match as they are, text for text. */
export type ExactKind = Exclude<IndicatorKind, 'ip' | 'range' | 'domain'>

/**
 * Read-only to detectors. Values are asked for in the canonical form of records. What has expired by `tsMs`, the event time of the
 * record, is not told of. A miss costs some ten nanoseconds for a hash and a hundred for an address or a name.
 */
export type Indicators = {
  /** Whether there is any indicator at all: asked first, so that who has none pays nothing. */
  readonly isEmpty: boolean
  /** Whether more may come to be listed while records are looked at: only then is anything remembered for looking back. */
  readonly mayGrow: boolean
  /** How often they have changed: as long as it stays the same, so does every answer. */
  readonly changes: number
  /** Whether any value of the kind is listed: asked before a value is looked for that costs something to find out. */
  lists(kind: ExactKind): boolean
  /** The address itself and every range it lies in; `null` when no feed has it. */
  address(ip: string, tsMs: number): Verdict | null
  /** The name, or the longest listed name above it. */
  domain(name: string, tsMs: number): Verdict | null
  /** `null` also for the hash of a file that is known to be good. */
  exact(kind: ExactKind, value: string, tsMs: number): Verdict | null
  /** Whether some list has the file for a good one. A file has several hashes: ask for each of them. */
  isKnownGood(kind: ExactKind, hash: string): boolean
}

export const noIndicators: Indicators = {
  isEmpty: true,
  mayGrow: false,
  changes: 0,
  lists: () => false,
  address: () => null,
  domain: () => null,
  exact: () => null,
  isKnownGood: () => false,
}

/** What two say of one value of a record: of names the longer one counts alone, of an address everything around it. */
export function joinVerdicts(one: Verdict | null, other: Verdict | null): Verdict | null {
  if (one === null || other === null) return one ?? other
  const isOneNearer = one.kind === other.kind ? one.value.length >= other.value.length : one.kind === 'ip'
  const [near, far] = isOneNearer ? [one, other] : [other, one]
  if (near.kind === 'domain' && near.value !== far.value) return near
  return {
    kind: near.kind,
    value: near.value,
    level: levels.indexOf(near.level) >= levels.indexOf(far.level) ? near.level : far.level,
    confidence: Math.max(near.confidence, far.confidence),
    feeds: [...new Set([...near.feeds, ...far.feeds])].sort(),
    tags: [...new Set([...near.tags, ...far.tags])].sort(),
    description: near.description === '' ? far.description : near.description,
  }
}
