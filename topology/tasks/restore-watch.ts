import type { Clock } from '../kit/clock.ts'
import type { Log } from '../kit/log.ts'
import type { TopologyMetrics } from '../metrics.ts'
import type { RestoreProgress } from './restore.ts'

/** A judgement: often enough to see that it moves. */
const everyMs = 5_000

/** Tells of restores while they go on: counts what they read, and says every few seconds how far they are. */
export class RestoreWatch {
  readonly #clock: Clock
  readonly #log: Log | null
  readonly #metrics: TopologyMetrics | null
  /** Entries counted of each store that is on its way. */
  readonly #counted = new Map<string, number>()
  /** Entries read since the last of them was ready. */
  #read = 0
  /** `null`: nothing is on its way. */
  #toldMs: number | null = null

  constructor(clock: Clock, log: Log | null, metrics: TopologyMetrics | null) {
    this.#clock = clock
    this.#log = log
    this.#metrics = metrics
  }

  /** `underWay`: this store and all others whose tasks are not ready. */
  heard({ store, partition, entries }: RestoreProgress, underWay: readonly RestoreProgress[]): void {
    const name = `${store}/${partition}`
    const before = this.#counted.get(name) ?? 0
    // Fewer than before: it was given up and has begun anew.
    const read = entries < before ? entries : entries - before
    this.#counted.set(name, entries)
    this.#read += read
    if (read > 0) this.#metrics?.restored_entries_total.add(read, store)
    const nowMs = this.#clock.monotonicMs()
    this.#toldMs ??= nowMs
    if (nowMs - this.#toldMs < everyMs) return
    this.#toldMs = nowMs
    const { done, total } = sumOf(underWay)
    this.#log?.info('restoring', { stores: underWay.length, done, total, entries: this.#read })
  }

  /** Nothing is on its way any more. Gives the entries that were read. */
  ready(): number {
    const read = this.#read
    this.#read = 0
    this.#toldMs = null
    this.#counted.clear()
    return read
  }
}

/** Offsets of changelogs that have been read, and that are to be. */
export function sumOf(underWay: readonly RestoreProgress[]): {
  readonly done: number
  readonly total: number
} {
  let [done, total] = [0, 0]
  for (const each of underWay) {
    done += each.done
    total += each.total
  }
  return { done, total }
}
