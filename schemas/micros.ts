import { SchemaError } from './schema-error.ts'

/**
 * Whole microseconds of a time in milliseconds: the inverse of `micros / 1000`, exact up to the year 2248.
 *
 * The whole milliseconds are taken off first. Multiplying the time itself by 1000 would round twice, and come out one
 * microsecond wrong from the year 2109 on.
 */
export function toMicros(ms: number): number {
  const whole = Math.floor(ms)
  const micros = whole * 1000 + Math.round((ms - whole) * 1000)
  if (!Number.isSafeInteger(micros))
    throw new SchemaError('SCHEMA_NOT_ENCODABLE', `${ms} is not a time in milliseconds`)
  return micros
}
