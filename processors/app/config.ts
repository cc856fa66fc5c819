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
  /** Host memory (DNS answers are good for 24 hours) outlives a night of silence. */
  hostTtlMs: hours(36),
  maxLiveHosts: 8_192,
  /** Weight per minute of window at which an alert opens; see DECISIONS.md for how it was found. */
  alertWeightPerMinute: 0.025,
} as const
