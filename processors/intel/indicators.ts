/** What detectors may ask of the indicators: everything that any feed says of a value, joined into one word. */
import type { IndicatorKind, Level } from '@weir/schemas'

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
  /** The address itself and every range it lies in; `null` when no feed has it. */
  address(ip: string, tsMs: number): Verdict | null
  /** The name, or the longest listed name above it. */
  domain(name: string, tsMs: number): Verdict | null
  exact(kind: ExactKind, value: string, tsMs: number): Verdict | null
}

export const noIndicators: Indicators = {
  isEmpty: true,
  address: () => null,
  domain: () => null,
  exact: () => null,
}
