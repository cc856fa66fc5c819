/**
 * How often one host met each indicator in one window: a listed server that is called every second is one finding with a
 * count, not one a second. It is said at the first hit with its whole weight, and again at each step for the count alone.
 */
import type { Level } from '@weir/schemas'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { textHash } from '../stats/text-hash.ts'

/** Plain data: the memory of a detector. By what was met. */
export type Hits = Map<string, { count: number; said: number; uids: readonly string[] }>

export type Hit = {
  readonly key: string
  readonly count: number
  readonly uids: readonly string[]
  /** What the indicator's level is in this report: after the first it weighs nothing. */
  at(level: Level): Level
}

/** Indicators that one host may meet in one window and have counted; more of them change nothing that matters. */
const MAX_HITS = 200
const MAX_UIDS = 10
const MAX_NAME = 120

/** What the memory of hits takes at most, as bytes. */
export const maxHitBytes = 250_000

export const hitSteps: readonly number[] = [1, 10, 100, 1_000]

/** Counts a hit; what to report when it has reached the next of the ascending `steps`, else `null`. */
export function countHit(hits: Hits, what: string, uid: string, steps: readonly number[]): Hit | null {
  const name = what.length <= MAX_NAME ? what : `${what.slice(0, MAX_NAME)}~${textHash(what)}`
  let known = hits.get(name)
  if (known === undefined) {
    if (hits.size >= MAX_HITS) return null
    known = { count: 0, said: 0, uids: [] }
    hits.set(name, known)
  }
  known.count += 1
  known.uids = sampleUid(known.uids, uid, MAX_UIDS)
  const reached = stepReached(steps, known.count)
  if (reached <= known.said) return null
  const isFirst = known.said === 0
  known.said = reached
  return {
    key: `${name}|${reached}`,
    count: known.count,
    uids: [...known.uids],
    at: (level) => (isFirst ? level : 'info'),
  }
}

/** ` (12 times)`, or nothing for once. */
export function timesText(count: number): string {
  return count === 1 ? '' : ` (${count} times)`
}
