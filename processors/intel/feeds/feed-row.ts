import type { IndicatorKind, Level } from '@weir/schemas'

/** One value as a feed has it, not yet believed; what the feed leaves open is left out. */
export type FeedRow = {
  readonly value: string
  /** `null`: told by its form. */
  readonly kind: IndicatorKind | null
  readonly level?: Level
  readonly confidence?: number
  readonly expiresMs?: number
  readonly description?: string
  readonly tags?: readonly string[]
}

/** A line or object that holds no indicator, with the reason. */
export type FeedReject = { readonly reject: string }

export type FeedItem = FeedRow | FeedReject

/** Levels under the names that feeds give them. */
export function levelNamed(text: string): Level | null {
  const word = text.trim().toLowerCase()
  if (word === 'info' || word === 'low' || word === 'medium' || word === 'high' || word === 'critical')
    return word
  return word === 'informational' || word === 'none' ? 'info' : null
}

/** 0 to 1 from a share or a percentage; `null` when it is neither. */
export function confidenceOf(text: string): number | null {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!(number >= 0 && number <= 100)) return null
  return number <= 1 ? number : number / 100
}

/** Epoch milliseconds of an ISO date or a date as most lists write it, in UTC; `null` when it is none. */
export function timeOf(text: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z| ?UTC|[+-]00:?00)?)?$/.exec(
    text.trim(),
  )
  if (match === null) return null
  const ms = Date.parse(`${match[1]}T${match[2] ?? '00:00'}Z`)
  return Number.isNaN(ms) ? null : ms
}
