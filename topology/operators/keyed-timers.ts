/** A call of `KeyedHandler.onTimer` that is still to come. */
export type Timer = {
  readonly dueMs: number
  readonly name: string
  /** Whether it can wait for whatever wakes its key next: a record, another timer, a window's close, the end of its time to live. */
  readonly isPatient: boolean
  /** Of one that waits for news: what it is set to again until there are any. 0 of others. */
  readonly everyMs: number
}

export type Patience = {
  /** Happens before whatever comes later for its key, yet does not by itself end the key's rest: for what only makes room. */
  readonly isPatient: boolean
  /**
   * Waits until `KeyedHandler.news` tells of some: for what has nothing to say before. Where its time has passed by then, it happens at the
   * first that is whole periods later, as if it had been set again each time. It goes when its key's state is forgotten.
   */
  readonly everyMs?: number
}

/** Of ECMAScript's `Date`. */
const LAST_MOMENT_MS = 8.64e15

/**
 * The timers with one more, by due time, equal times by name. The same name at the same time is one timer, as impatient as it was ever
 * set; of one name one waits for news, the last that was set. Throws a `RangeError` at what is no moment that a `Date` can hold, and no period
 * from one to another: what is never due would never leave. A new array: one that grows has room for seventeen at once, and most keys have one or two.
 */
export function withTimer(
  timers: readonly Timer[],
  dueMs: number,
  name: string,
  { isPatient, everyMs = 0 }: Patience,
): readonly Timer[] {
  if (!(Math.abs(dueMs) <= LAST_MOMENT_MS)) throw new RangeError(`${dueMs} is no time to wake '${name}' at`)
  if (!(everyMs >= 0 && everyMs <= LAST_MOMENT_MS))
    throw new RangeError(`${everyMs} is no period for '${name}'`)
  const timer: Timer = { dueMs, name, isPatient, everyMs }
  if (waitsForNews(timer))
    return inserted(
      timers.filter((other) => !waitsForNews(other) || other.name !== name),
      timer,
    )
  const same = timers.findIndex(
    (other) => other.dueMs === dueMs && other.name === name && !waitsForNews(other),
  )
  if (same < 0) return inserted(timers, timer)
  return isPatient || timers[same]?.isPatient === false ? timers : timers.with(same, timer)
}

function inserted(timers: readonly Timer[], timer: Timer): readonly Timer[] {
  let at = timers.length
  while (at > 0 && isBefore(timer, timers[at - 1] as Timer)) at--
  return timers.toSpliced(at, 0, timer)
}

/** Equal times by name: so it is the same after news or a restart, when timers are set anew. */
function isBefore(one: Timer, other: Timer): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.name < other.name)
}

export const waitsForNews = ({ everyMs }: Timer): boolean => everyMs > 0

/** The first of those that do not wait for news. */
export function nextOf(timers: readonly Timer[]): Timer | undefined {
  for (const timer of timers) if (!waitsForNews(timer)) return timer
  return undefined
}

export function firstImpatientMs(timers: readonly Timer[]): number {
  for (const timer of timers) if (!timer.isPatient && !waitsForNews(timer)) return timer.dueMs
  return Number.POSITIVE_INFINITY
}

/** The first of the times of a timer that waits for news which is later. */
export function timeAfter({ dueMs, everyMs }: Pick<Timer, 'dueMs' | 'everyMs'>, passedMs: number): number {
  if (dueMs > passedMs) return dueMs
  return dueMs + (Math.floor((passedMs - dueMs) / everyMs) + 1) * everyMs
}
