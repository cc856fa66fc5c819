/**
 * How far the marks of an input have been read: of each writer the time of the last one. The same mark lies in every partition, so tasks
 * of other partitions are behind as long as they have read an earlier one of its writer. Plain data.
 */
export type MarkTimes = { readonly [writer: string]: number }

/** Writers remembered of one input; those heard of longest ago go first. */
const maxWriters = 256

export function noteMark(times: Map<string, number>, writer: string, timeMs: number): void {
  times.delete(writer)
  times.set(writer, timeMs)
  if (times.size <= maxWriters) return
  for (const oldest of times.keys()) {
    times.delete(oldest)
    return
  }
}

/** Whether `read` has not come to something that `wanted` has. */
export function isBehind(read: MarkTimes, wanted: MarkTimes): boolean {
  return Object.entries(wanted).some(
    ([writer, timeMs]) => !((read[writer] ?? Number.NEGATIVE_INFINITY) >= timeMs),
  )
}

/** What all of them have read. */
export function commonOf(all: readonly MarkTimes[]): MarkTimes {
  const [first = {}, ...others] = all
  const common: Record<string, number> = {}
  for (const [writer, timeMs] of Object.entries(first)) {
    const least = Math.min(timeMs, ...others.map((each) => each[writer] ?? Number.NaN))
    if (!Number.isNaN(least)) common[writer] = least
  }
  return common
}
