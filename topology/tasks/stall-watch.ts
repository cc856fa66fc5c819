import type { Clock } from '../kit/clock.ts'
import type { Log } from '../kit/log.ts'
import type { TopologyMetrics } from '../metrics.ts'
import type { TaskView } from './runner-view.ts'

/** A judgement: longer than commits, rebalances and elections take, shorter than anybody should look for the reason unasked. */
export const stallMs = 60_000
/** Between two looks. */
export const stallLookMs = 5_000
/** So many tasks are named; a judgement. */
const mostNamed = 10

type Stand = { readonly position: number | null; readonly sinceMs: number }

/**
 * Tells of tasks that have had records waiting for a minute and processed none: once when the first stands still, and once when none does
 * any more. What is fetched and waits for other tasks by stream time is held, and does not count.
 */
export class StallWatch {
  readonly #clock: Clock
  readonly #log: Log | null
  readonly #metrics: TopologyMetrics | null
  /** By topic and partition. */
  #stands = new Map<string, Stand>()
  #toldMs: number | null = null

  constructor(clock: Clock, log: Log | null, metrics: TopologyMetrics | null) {
    this.#clock = clock
    this.#log = log
    this.#metrics = metrics
  }

  /** `isHeld`: whether some of what is in memory waits for others. Tasks whose state is on its way are not among `tasks`. */
  look(tasks: readonly TaskView[], isHeld: boolean): void {
    const nowMs = this.#clock.monotonicMs()
    const stands = new Map<string, Stand>()
    const stalled = new Set<string>()
    let [records, sinceMs] = [0, nowMs]
    for (const { task, inputs } of tasks) {
      for (const { topic, partition, position, end, inMemory } of inputs) {
        const waiting = Math.max(inMemory, position === null || end === null ? 0 : end - position)
        if (waiting === 0 || (isHeld && inMemory > 0)) continue
        const name = `${topic}/${partition}`
        const before = this.#stands.get(name)
        const stand = before?.position === position ? before : { position, sinceMs: nowMs }
        stands.set(name, stand)
        if (nowMs - stand.sinceMs < stallMs) continue
        stalled.add(task)
        records += waiting
        sinceMs = Math.min(sinceMs, stand.sinceMs)
      }
    }
    this.#stands = stands
    this.#metrics?.stalled_tasks.set(stalled.size)
    if (stalled.size > 0 && this.#toldMs === null) {
      this.#toldMs = sinceMs
      const forSeconds = Math.round((nowMs - sinceMs) / 1_000)
      const names = [...stalled].slice(0, mostNamed)
      this.#log?.warn('stalled', { tasks: stalled.size, first: names, records, forSeconds })
    } else if (stalled.size === 0 && this.#toldMs !== null) {
      const forSeconds = Math.round((nowMs - this.#toldMs) / 1_000)
      this.#log?.warn('moving-again', { forSeconds })
      this.#toldMs = null
    }
  }
}
