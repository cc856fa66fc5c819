import { parseTime } from './time.ts'

const zero = 48
/** `2019/04/04 `, or the same with hyphens or `T`. */
const dayLength = 11
const timeLength = 15

/**
 * `parseTime` for `2019/04/04 16:23:00.325010`, in a quarter of the time: consecutive lines are mostly of the same day,
 * and within a day zone-less times differ by plain arithmetic.
 */
export class ArgusClock {
  readonly #timezoneMinutes: number
  #day = ''
  #midnightMs = 0

  constructor(timezoneMinutes: number) {
    this.#timezoneMinutes = timezoneMinutes
  }

  /** Epoch milliseconds, or `null` for what is no time. */
  parse(text: string): number | null {
    if (text.length !== dayLength + timeLength || this.#day === '' || !text.startsWith(this.#day)) {
      return this.#parseOther(text)
    }
    const hours = twoDigits(text, 11)
    const minutes = twoDigits(text, 14)
    const seconds = twoDigits(text, 17)
    const colons = text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58 && text.charCodeAt(19) === 46
    let micros = 0
    for (let i = 20; i < 26; i++) {
      const digit = text.charCodeAt(i) - zero
      if (digit < 0 || digit > 9) return this.#parseOther(text)
      micros = micros * 10 + digit
    }
    if (!colons || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
      return this.#parseOther(text)
    }
    const whole = this.#midnightMs + ((hours * 60 + minutes) * 60 + seconds) * 1000
    return (whole * 1000 + micros) / 1000
  }

  #parseOther(text: string): number | null {
    const tsMs = parseTime(text, this.#timezoneMinutes)
    if (tsMs !== null && text.length === dayLength + timeLength) {
      const day = text.slice(0, dayLength)
      const midnightMs = parseTime(`${day}00:00:00.000000`, this.#timezoneMinutes)
      if (midnightMs !== null) {
        this.#day = day
        this.#midnightMs = midnightMs
      }
    }
    return tsMs
  }
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero
  const ones = text.charCodeAt(at + 1) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}
