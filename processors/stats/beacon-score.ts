/**
 * How much a series of contacts looks like a program that reports by the clock, in the open manner of RITA
 * (https://github.com/activecm/rita, docs of version 5, «Beacons»): four scores from 0 to 1 of equal weight. What a day is to it is an hour here, since
 * traffic is judged while it comes in.
 */

export type BeaconScores = {
  /** How even the intervals are: mean of what skewness and deviation leave of 1. */
  readonly timestamp: number
  /** The same of the bytes sent; `null` where they are not known. */
  readonly size: number | null
  /** How long it has gone on, 1 from an hour on; by the clock, 1 from as many contacts on as an hour of minutes has. */
  readonly duration: number
  /** How evenly the contacts fill the span. */
  readonly histogram: number
  readonly overall: number
  readonly intervalMs: number
  readonly skewness: number
  /** Median absolute deviation from the median interval, as a share of it. */
  readonly deviation: number
}

const HOUR_MS = 3_600_000
/** Contacts in a row that are as much as an hour, whatever their interval, if they come by the clock: neither chance nor a person does that. */
const MANY_CONTACTS = 60
/** Score of the intervals from which they come by the clock, and how many intervals must have been looked at. */
const CLOCKWORK = 0.95
const LEAST_INTERVALS = 24
const MAX_BINS = 24
/** Contacts that a bin should hold when they come evenly; fewer, and the edges of bins decide. */
const CONTACTS_PER_BIN = 3
/** Quartiles that lie closer together than this share of the median are one value with a little noise: it has no skewness. */
const NOISE = 0.1

/**
 * Scores the contacts at `times` (ascending, at least 4) which sent as many bytes as `sent` says, `NaN` where not known.
 * `lastedMs` is how long they have gone on without a break, which may be longer than what `times` spans.
 */
export function beaconScores(
  times: readonly number[],
  sent: readonly number[],
  lastedMs: number,
): BeaconScores {
  const intervals: number[] = []
  for (let i = 1; i < times.length; i += 1) intervals.push((times[i] ?? 0) - (times[i - 1] ?? 0))
  const beat = evenness(intervals)
  const known = sent.filter((bytes) => !Number.isNaN(bytes))
  const size = known.length * 2 > sent.length ? evenness(known).score : null
  const isClockwork = beat.score >= CLOCKWORK && intervals.length >= LEAST_INTERVALS
  const isMany = isClockwork && lastedMs >= MANY_CONTACTS * beat.median
  const duration = isMany ? 1 : Math.min(1, lastedMs / HOUR_MS)
  const histogram = histogramScore(times, beat.median)
  const sum = beat.score + duration + histogram + (size ?? 0)
  return {
    timestamp: beat.score,
    size,
    duration,
    histogram,
    overall: sum / (size === null ? 3 : 4),
    intervalMs: beat.median,
    skewness: beat.skewness,
    deviation: beat.deviation,
  }
}

type Evenness = {
  readonly score: number
  readonly median: number
  readonly skewness: number
  readonly deviation: number
}

/** Bowley's skewness, (Q1 + Q3 - 2 Q2) / (Q3 - Q1), and the median absolute deviation: 1 less each, halved. */
function evenness(values: readonly number[]): Evenness {
  const sorted = [...values].sort((a, b) => a - b)
  const low = quantile(sorted, 0.25)
  const median = quantile(sorted, 0.5)
  const high = quantile(sorted, 0.75)
  const isNoise = high - low <= NOISE * Math.abs(median) || median === low || median === high
  const skewness = isNoise ? 0 : (low + high - 2 * median) / (high - low)
  const distances = sorted.map((value) => Math.abs(value - median)).sort((a, b) => a - b)
  const mad = quantile(distances, 0.5)
  const deviation = median > 0 ? mad / median : mad > 0 ? 1 : 0
  return { score: (1 - Math.abs(skewness) + Math.max(0, 1 - deviation)) / 2, median, skewness, deviation }
}

/** Between neighbours in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const below = Math.floor(at)
  const from = sorted[below] ?? 0
  return from + ((sorted[below + 1] ?? from) - from) * (at - below)
}

/** 1 less the coefficient of variation of contacts by bin; 0 where the span is too short for three bins. */
function histogramScore(times: readonly number[], intervalMs: number): number {
  const first = times[0] ?? 0
  const spanMs = (times.at(-1) ?? first) - first
  const bins = Math.min(MAX_BINS, Math.floor(spanMs / (CONTACTS_PER_BIN * Math.max(1, intervalMs))))
  if (bins < 3) return 0
  const counts = new Array<number>(bins).fill(0)
  for (const time of times) {
    const bin = Math.min(bins - 1, Math.floor(((time - first) * bins) / spanMs))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const mean = times.length / bins
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / bins
  return Math.max(0, 1 - Math.sqrt(variance) / mean)
}
