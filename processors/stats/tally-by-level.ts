import type { Level } from '@weir/schemas'

/** Things counted by name, with room for each level: however much is said that weighs nothing, what is grave still has its place. Plain data. */
export type TallyByLevel = {
  /** By level and name; no more than the room of each level. */
  readonly counts: Map<string, number>
  readonly names: { [level in Level]?: number }
  /** What found no room. */
  untold: number
}

export const emptyTallyByLevel = (): TallyByLevel => ({ counts: new Map(), names: {}, untold: 0 })

/**
 * Counts one more under the name: the count when that is one of the steps, at which it is to be said, else 0. Names of a level beyond its
 * `room` are counted together, as untold.
 */
export function tellAtStepsByLevel(
  tally: TallyByLevel,
  level: Level,
  name: string,
  steps: readonly number[],
  room: number,
): number {
  const { counts, names } = tally
  const key = `${level} ${name}`
  const known = counts.get(key)
  if (known === undefined) {
    const used = names[level] ?? 0
    if (used >= room) {
      tally.untold += 1
      return 0
    }
    names[level] = used + 1
  }
  const count = (known ?? 0) + 1
  counts.set(key, count)
  return steps.includes(count) ? count : 0
}
