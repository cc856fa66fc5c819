import { toMicros } from './micros.ts'
import { SchemaError } from './schema-error.ts'

/** A time in milliseconds as `2024-03-04T00:00:00.123456Z`: UTC, always six decimals, years 0 to 9999. */
export function formatIsoTime(ms: number): string {
  const micros = toMicros(ms)
  const seconds = Math.floor(micros / 1_000_000)
  const fraction = String(micros - seconds * 1_000_000).padStart(6, '0')
  const date = new Date(seconds * 1000)
  if (!(seconds >= firstSecond && seconds < endSecond)) {
    throw new SchemaError('SCHEMA_NOT_ENCODABLE', `the time ${ms} is outside the years 0 to 9999`)
  }
  return `${date.toISOString().slice(0, 19)}.${fraction}Z`
}

/** The time `formatIsoTime` wrote, to the microsecond; `null` for any other text. */
export function parseIsoTime(text: string): number | null {
  if (!isoTime.test(text)) return null
  const wholeMs = Date.parse(`${text.slice(0, 19)}Z`)
  if (Number.isNaN(wholeMs)) return null
  const ms = (wholeMs * 1000 + Number(text.slice(20, 26))) / 1000
  return formatIsoTime(ms) === text ? ms : null
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/
const firstSecond = Date.parse('0000-01-01T00:00:00Z') / 1000
const endSecond = Date.parse('9999-12-31T23:59:59Z') / 1000 + 1
