/** Numbers and times as the report writes them. Times are UTC; epoch milliseconds come in. */

export const count = (n: number): string => n.toLocaleString('en-US')

export const decimal = (n: number): string => n.toFixed(2).replace(/\.?0+$/, '')

export const plural = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`

export const day = (ms: number): string => iso(ms).slice(0, 10)

/** To the minute, or to the second where it is not a whole minute. */
export const clock = (ms: number): string =>
  ms % 60_000 === 0 ? iso(ms).slice(11, 16) : iso(ms).slice(11, 19)

export const clockSeconds = (ms: number): string => iso(ms).slice(11, 19)

/** `2024-05-13 08:00 to 09:00`: the second day only when it is another; none with `withDay` false. Half-open. */
export function span(startMs: number, endMs: number, withDay: boolean): string {
  const isOneDay = day(startMs) === day(Math.max(startMs, endMs - 1))
  const start = withDay || !isOneDay ? `${day(startMs)} ${clock(startMs)}` : clock(startMs)
  // Midnight ends the day it closes.
  const end = isOneDay && endMs > startMs && day(endMs) !== day(startMs) ? '24:00' : clock(endMs)
  return `${start} to ${isOneDay ? end : `${day(endMs)} ${clock(endMs)}`}`
}

/** `3 d 4 h`, `1 h 12 min`, `12 min`, `40 s`: the two largest units. */
export function lasting(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(ms / 60_000)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.round(ms / 3_600_000)
  if (minutes < 24 * 60) return both(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  return both(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

const both = (large: number, unit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${count(large)} ${unit}` : `${count(large)} ${unit} ${small} ${smallUnit}`

/** What a `Date` can hold; a record may claim any time. */
const LAST_MS = 253_402_300_799_999

const iso = (ms: number): string => new Date(Math.min(LAST_MS, Math.max(0, Math.floor(ms)))).toISOString()
