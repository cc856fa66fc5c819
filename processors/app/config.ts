/** What detection as a whole is set to, and the defaults. Times in milliseconds. */
import { hours, minutes } from '@weir/topology'

export const detectionDefaults = {
  windowMs: hours(1),
  /**
   * A connection is written when it ends, so its record may be as late as it was long. Six hours hold all but the
   * longest; records later than this still reach every detector that needs no window, and are counted for the others.
   */
  graceMs: hours(6),
  /**
   * How long a host's alerts stay open beyond the grace of its detectors, so that what a window's close has to say, or a timer of an
   * hour, is still weighed in its own window.
   */
  alertGraceMs: hours(2),
  /** Sensors of one site may differ this much in how far they have read. */
  silenceMs: minutes(10),
  /**
   * How far apart, in stream time, the processes that read the flows may be: whoever is handed on what several of them read waits as
   * long before it takes a key for silent.
   */
  spanMs: minutes(30),
  /** Host memory (DNS answers are good for 24 hours) outlives a night of silence. */
  hostTtlMs: hours(36),
  maxLiveHosts: 32_768,
  /** Weight at which an alert opens in a window of one hour; see DECISIONS.md for how it was found. */
  alertWeight: 0.8,
} as const

/** One finding of medium level and good confidence. */
const leastScaled = 0.4

/**
 * The weight at which an alert opens in windows of this width. A finding is said once in a window, so what piles up in a window grows
 * more slowly than its width: with its square root. A short window never makes less than one finding of medium level and good
 * confidence of it, but what is set to be less is.
 */
export function alertThreshold(windowMs: number, alertWeight: number): number {
  const scaled = alertWeight * Math.sqrt(windowMs / hours(1))
  return Math.max(Math.min(leastScaled, alertWeight), Math.round(scaled * 1000) / 1000)
}
