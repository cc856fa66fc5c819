import { damaged } from './zeek-fields.ts'

const zero = 48
const point = 46

/** The whole number written in decimal digits at `[from, to)`; `damaged` when it is none or too great to be exact. */
export function countBetween(text: string, from: number, to: number): number {
  // Fifteen digits stay below 2^53 without a check for each; Zeek's own counts seldom reach ten.
  if (to - from > 15 || to === from) return longCount(text.slice(from, to))
  let count = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - zero
    if (digit < 0 || digit > 9) return damaged
    count = count * 10 + digit
  }
  return count
}

function longCount(text: string): number {
  if (text.length > 20 || !/^\d+$/.test(text)) return damaged
  const count = Number(text)
  return Number.isSafeInteger(count) ? count : damaged
}

/** A port at `[from, to)`; `damaged` when it is none. */
export function portBetween(text: string, from: number, to: number): number {
  if (to - from > 5) return damaged
  const port = countBetween(text, from, to)
  return port <= 65_535 ? port : damaged
}

/**
 * Milliseconds, whole in microseconds, of a length of time in seconds at `[from, to)`; `damaged` when it is no number.
 * A negative one is 0: Zeek writes it when packets reach it out of order.
 */
export function durationBetween(text: string, from: number, to: number): number {
  let whole = 0
  let i = from
  // 9 digits are thirty years; what is longer, signed or in exponents goes the long way.
  const end = Math.min(to, from + 9)
  for (; i < end; i++) {
    const digit = text.charCodeAt(i) - zero
    if (digit < 0 || digit > 9) break
    whole = whole * 10 + digit
  }
  if (i === from) return otherDuration(text.slice(from, to))
  if (i === to) return whole * 1000
  if (text.charCodeAt(i) !== point || to - i !== 7) return otherDuration(text.slice(from, to))
  let micros = 0
  for (i++; i < to; i++) {
    const digit = text.charCodeAt(i) - zero
    if (digit < 0 || digit > 9) return damaged
    micros = micros * 10 + digit
  }
  return (whole * 1e6 + micros) / 1000
}

function otherDuration(text: string): number {
  if (text.length > 40 || !/^-?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(text)) return damaged
  return durationOfSeconds(Number(text))
}

/** The same for seconds that came as a number (JSON). */
export function durationOfSeconds(seconds: number): number {
  if (!(Math.abs(seconds) < 4e9)) return damaged
  return seconds <= 0 ? 0 : Math.round(seconds * 1e6) / 1000
}

/** `numberOf(text.slice(from, to))`, fast for what Zeek writes for an interval: digits, a point, six digits. */
export function numberBetween(text: string, from: number, to: number): number {
  const dot = to - 7
  if (dot > from && dot < from + 10 && text.charCodeAt(dot) === point) {
    const whole = countBetween(text, from, dot)
    const micros = countBetween(text, dot + 1, to)
    // Both exact, so that the quotient is the very double that the text names.
    if (whole >= 0 && micros >= 0) return (whole * 1e6 + micros) / 1e6
  }
  return numberOf(text.slice(from, to))
}

/** A number as text, `NaN` when it is none. Not `Number()` alone: that takes blanks, hex and `Infinity`. */
export function numberOf(text: string): number {
  if (text.length > 40 || !/^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(text)) return Number.NaN
  const number = Number(text)
  return Number.isFinite(number) ? number : Number.NaN
}
