/** Whether a host has to do with something grave again and again, and is answered: a program of that kind is at home there. */
import type { Conn } from '@weir/schemas'
import { levels, type Verdict } from './indicators.ts'

/** Plain data: the memory of a detector for one host and window. By what is listed. */
export type Answered = Map<string, { minute: number; minutes: number; isSaid: boolean }>

/** What the memory takes at most, as bytes. */
export const maxAnsweredBytes = 40_000

const MAX_KEPT = 200
const MINUTE_MS = 60_000
/** A session of this length is no visit. */
export const sessionMs = 60 * MINUTE_MS

/**
 * True once: when the host was answered in so many different minutes of the window, or in one session of an hour. Only for what is
 * listed as high or critical, and only where the sensor knows of an answer.
 */
export function isAnsweredAgain(
  answered: Answered,
  { value, level }: Pick<Verdict, 'value' | 'level'>,
  { established, tsMs, durationMs }: Pick<Conn, 'established' | 'tsMs' | 'durationMs'>,
  neededMinutes: number,
): boolean {
  if (established !== true || levels.indexOf(level) < levels.indexOf('high')) return false
  let known = answered.get(value)
  if (known === undefined) {
    if (answered.size >= MAX_KEPT) return false
    known = { minute: Number.NaN, minutes: 0, isSaid: false }
    answered.set(value, known)
  }
  if (known.isSaid) return false
  const minute = Math.floor(tsMs / MINUTE_MS)
  if (minute !== known.minute) {
    known.minute = minute
    known.minutes += 1
  }
  known.isSaid = known.minutes >= neededMinutes || durationMs >= sessionMs
  return known.isSaid
}
