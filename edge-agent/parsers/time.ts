/** 2100-01-01T00:00:00Z: the first time that is taken for damage. */
const endSeconds = 4_102_444_800
const endMicros = endSeconds * 1e6

/** Milliseconds passed this in 1979, and the last second of the year 9999, a favourite of damaged clocks, is below it. */
const leastMillis = 3e11

/** Longer text is no time; it also keeps the number of digits within what a double holds. */
const longestTime = 40

const zero = 48
const point = 46

/**
 * Epoch milliseconds of a time a sensor wrote, exact to the microsecond (`micros / 1000`), further digits rounded.
 * Accepted: epoch seconds or milliseconds with or without a fraction; ISO 8601 with `T` or a blank; `Y/m/d H:M:S`,
 * `Y/m/d-H:M:S`; all of these with a fraction and with `Z`, `+02`, `+0200`, `+02:00` or no zone.
 * `timezoneMinutes`, east of UTC, is the zone of times that carry none.
 * `null` for anything else, before 1970 or from 2100 on (spec inputs.md section 5, «Weir:»).
 */
export function parseTime(text: string, timezoneMinutes: number): number | null {
  return timeBetween(text, 0, text.length, timezoneMinutes)
}

/** `parseTime(text.slice(from, to), timezoneMinutes)`, without the slice where the time is epoch seconds. */
export function timeBetween(text: string, from: number, to: number, timezoneMinutes: number): number | null {
  if (to - from > longestTime) return null
  let whole = 0
  let i = from
  for (; i < to; i++) {
    const code = text.charCodeAt(i)
    if (code < zero || code > 57) break
    whole = whole * 10 + (code - zero)
  }
  if (i === from) return otherTime(text.slice(from, to), timezoneMinutes)
  let fraction = 0
  if (i < to) {
    if (text.charCodeAt(i) !== point) return otherTime(text.slice(from, to), timezoneMinutes)
    const start = ++i
    for (; i < to; i++) {
      const code = text.charCodeAt(i)
      if (code < zero || code > 57) return otherTime(text.slice(from, to), timezoneMinutes)
      const place = i - start
      if (place < 6) fraction = fraction * 10 + (code - zero)
      else if (place === 6 && code >= 53) fraction++
    }
    for (let place = i - start; place < 6; place++) fraction *= 10
  }
  const micros = whole > leastMillis ? Math.round(whole * 1000 + fraction / 1000) : whole * 1e6 + fraction
  return micros < endMicros ? micros / 1000 : null
}

/** The same for a time that came as a number (JSON): epoch seconds, or milliseconds when over 3e11. */
export function timeOfNumber(value: number): number | null {
  const micros = Math.round(value > leastMillis ? value * 1000 : value * 1e6)
  // The sum turns -0 into 0.
  return micros >= 0 && micros < endMicros ? micros / 1000 + 0 : null
}

/** Milliseconds, whole in microseconds, of a length of time in seconds; `null` when it is negative or no number. */
export function durationMsOf(seconds: number): number | null {
  const micros = Math.round(seconds * 1e6)
  return micros >= 0 && micros < endMicros ? micros / 1000 + 0 : null
}

const calendar =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})[T -](\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,12}))?\s?(?:(Z)|([+-])(\d{2}):?(\d{2})?)?$/i

function otherTime(text: string, timezoneMinutes: number): number | null {
  const parts = calendar.exec(text)
  if (parts === null) return /^\d+(?:\.\d*)?e[+-]?\d+$/i.test(text) ? timeOfNumber(Number(text)) : null
  const year = Number(parts[1])
  const month = Number(parts[3])
  const day = Number(parts[4])
  const hour = Number(parts[5])
  const minute = Number(parts[6])
  const second = Number(parts[7])
  // 60 is a leap second: the first of the next minute.
  if (year < 1969 || hour > 23 || minute > 59 || second > 60) return null
  const midnight = Date.UTC(year, month - 1, day)
  const date = new Date(midnight)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null

  let zoneMinutes = timezoneMinutes
  if (parts[9] !== undefined) zoneMinutes = 0
  else if (parts[10] !== undefined) {
    const zoneMinute = Number(parts[12] ?? 0)
    if (zoneMinute > 59) return null
    zoneMinutes = (Number(parts[11]) * 60 + zoneMinute) * (parts[10] === '-' ? -1 : 1)
  }
  const seconds = midnight / 1000 + hour * 3600 + (minute - zoneMinutes) * 60 + second
  const micros = Math.round(seconds * 1e6 + Number(`0.${parts[8] ?? 0}`) * 1e6)
  return micros >= 0 && micros < endMicros ? micros / 1000 : null
}
