import { parseTime } from './time.ts'

const zero = 48
/** `2019/04/04 `, or the same with hyphens or `T`. */
const dayLength = 11
/** `16:23:00.325010` */
const timeLength = 15
const zoneStart = dayLength + timeLength

/**
 * `parseTime`, at a quarter of its cost for `2019/04/04 16:23:00.325010` and `2024-05-01T10:00:00.000001+0200`: consecutive
 * lines are mostly of the same day and zone, and within these times differ by plain arithmetic.
 */
export class DayClock {
  readonly #timezoneMinutes: number
  #day = ''
  #zone = ''
  #midnightMs = 0

  /** `timezoneMinutes` as for `parseTime`. */
  constructor(timezoneMinutes: number) {
    this.#timezoneMinutes = timezoneMinutes
  }

  /** Epoch milliseconds, or `null` for what is no time. */
  parse(text: string): number | null {
    if (
      text.length !== zoneStart + this.#zone.length ||
      this.#day === '' ||
      !text.startsWith(this.#day) ||
      !text.startsWith(this.#zone, zoneStart)
    ) {
      return this.#parseOther(text)
    }
    const hours = twoDigits(text, 11)
    const minutes = twoDigits(text, 14)
    const seconds = twoDigits(text, 17)
    const marked = text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58 && text.charCodeAt(19) === 46
    let micros = 0
    for (let i = 20; i < zoneStart; i++) {
      const digit = text.charCodeAt(i) - zero
      if (digit < 0 || digit > 9) return this.#parseOther(text)
      micros = micros * 10 + digit
    }
    if (!marked || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
      return this.#parseOther(text)
    }
    const whole = this.#midnightMs + ((hours * 60 + minutes) * 60 + seconds) * 1000
    return (whole * 1000 + micros) / 1000
  }

  #parseOther(text: string): number | null {
    const tsMs = parseTime(text, this.#timezoneMinutes)
    if (tsMs === null || text.length < zoneStart) return tsMs
    const day = text.slice(0, dayLength)
    const zone = text.slice(zoneStart)
    // A longer fraction would stand where the zone should, and is not the same for all times.
    if (zone !== '' && !/^(?:Z|[+-]\d{2}:?\d{2})$/.test(zone)) return tsMs
    const midnightMs = parseTime(`${day}00:00:00.000000${zone}`, this.#timezoneMinutes)
    if (midnightMs !== null) {
      this.#day = day
      this.#zone = zone
      this.#midnightMs = midnightMs
    }
    return tsMs
  }
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero
  const ones = text.charCodeAt(at + 1) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}
