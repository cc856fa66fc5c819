import type { IndicatorKind, Level } from '@weir/schemas'

/** One value as a feed has it, not yet believed; what the feed leaves open is left out. */
export type FeedRow = {
  readonly value: string
  /** `null`: told by its form. */
  readonly kind: IndicatorKind | null
  /** `unreadable` is given and none: the row is refused, unless a level is stated for the whole feed. */
  readonly level?: Level | 'unreadable'
  /** A number from 0 to 1 in place of a level, which it is unless any of the feed is beyond that. */
  readonly statedLevel?: number
  readonly confidence?: number
  /** A number that is a share or a percentage: a percentage when any of the feed is beyond 1. */
  readonly statedConfidence?: number
  readonly expiresMs?: number
  /** From when on it counts; at once when left out. */
  readonly validFromMs?: number
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

/** A level by name, or by a number that may be one, which only its whole column tells. `null` says nothing, `unreadable` is neither. */
export function levelOf(
  text: string,
): { readonly level: Level } | { readonly stated: number } | null | 'unreadable' {
  const level = levelNamed(text)
  if (level !== null) return { level }
  const word = text.trim()
  if (/^\d+(?:\.\d+)?$/.test(word)) return { stated: Number(word) }
  return saysNothing.test(word) ? null : 'unreadable'
}

/** The first level that is not below a number from 0 to 1 (section 0 of the specification of threat intelligence). */
export function levelOfNumber(number: number): Level {
  if (number <= 0) return 'info'
  if (number <= 0.2) return 'low'
  if (number <= 0.5) return 'medium'
  return number <= 0.8 ? 'high' : 'critical'
}

/** Words of sharing communities for how far something is believed (STIX 2.1, appendix A). */
const confidenceWords: Readonly<Record<string, number>> = { low: 0.15, medium: 0.5, high: 0.85 }

const saysNothing = /^(?:-|n\/a|null|none|never|unknown|0|0000-00-00.*)?$/i

/** Whether a field is left open, in the words that exports have for it. */
export function isBlank(text: string): boolean {
  return /^\s*(?:|-|n\/a|null|none)\s*$/i.test(text)
}

/** A share as it is, or a number that may be a percentage, which only its whole column tells. `null` says nothing, `unreadable` is neither. */
export function confidenceOf(
  text: string,
): { readonly share: number } | { readonly stated: number } | null | 'unreadable' {
  const word = text.trim().toLowerCase()
  if (word === '0') return { share: 0 }
  if (saysNothing.test(word)) return null
  const share = Object.hasOwn(confidenceWords, word) ? confidenceWords[word] : undefined
  if (share !== undefined) return { share }
  if (/^\d+(?:\.\d+)?\s*%$/.test(word)) {
    const percent = Number.parseFloat(word)
    return percent <= 100 ? { share: percent / 100 } : 'unreadable'
  }
  const number = Number(word)
  return number >= 0 && number <= 100 ? { stated: number } : 'unreadable'
}

/** As `timeOf`; `null` for what says that there is no end. */
export function expiryOf(text: string): number | null | 'unreadable' {
  return saysNothing.test(text.trim()) ? null : (timeOf(text) ?? 'unreadable')
}

/** Times before it and from the other on are counts of something else. */
const EARLIEST_MS = Date.UTC(1990, 0)
const LATEST_MS = Date.UTC(10_000, 0)

/**
 * Epoch milliseconds of a date as lists write it: ISO 8601 with or without offset, in UTC where it names none, with slashes, as HTTP
 * writes it, as eight digits, or as seconds or milliseconds since 1970. `null` when it is none.
 */
export function timeOf(given: string): number | null {
  const text = given.trim()
  const ms = timeAs(text)
  return ms >= EARLIEST_MS && ms < LATEST_MS ? ms : null
}

function timeAs(text: string): number {
  if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000)
  if (/^\d{12,13}(?:\.\d+)?$/.test(text)) return Math.round(Number(text))
  const [, year, month, day, time = '00:00', offset = 'Z'] =
    /^(\d{4})([-/]?)(\d\d)\2(\d\d)(?:[T ]+(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i
      .exec(text)
      ?.toSpliced(2, 1) ?? []
  if (year !== undefined) {
    const [, sign = '+', hours = '00', minutes = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? []
    // The parser of dates takes a short fraction of a second or a long one.
    return Date.parse(`${year}-${month}-${day}T${time}${sign}${hours}:${minutes}`)
  }
  // `Tue, 05 Jan 2027 10:00:00 GMT`, with which HTTP tells of expiry.
  return /^[a-z]{3}, \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d gmt$/i.test(text) ? Date.parse(text) : Number.NaN
}
