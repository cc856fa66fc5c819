/** What a running application tells of itself: a picture of one moment, made when asked for, never kept. */
import type { TopologyMetrics } from '../metrics.ts'
import { ShapedValues } from '../stores/shaped-values.ts'
import type { KeyValueStore } from '../stores/store.ts'
import type { Member } from '../transport/transport.ts'
import { ledgersOf, type RunningTask } from './commit.ts'
import { decodeLedger } from './ledger.ts'
import type { RestoreProgress } from './restore.ts'

/**
 * The ledger of one input partition since the application first read it, whichever processes had it: `read` is the sum of the
 * five that follow. See `ledger.ts`.
 */
export type InputView = {
  readonly topic: string
  readonly partition: number
  readonly read: number
  readonly processed: number
  readonly deadLettered: number
  /** Deletions in a topic that is not read as a table. */
  readonly deletions: number
  /** What writers say of their input: that it begins, that it has ended. */
  readonly marks: number
  readonly inMemory: number
  /** The next offset to be processed; `null` before it is known. */
  readonly position: number | null
  /** Where the partition was known to end at the last fetch; `null` before that. */
  readonly end: number | null
  /** Records that were deleted from the topic before they could be read: not among `read`. */
  readonly skipped: number
  /** Writers that have begun here and not ended: what is open waits for their end, or for the clock. */
  readonly awaits: readonly string[]
  /** Stream time of the last record fetched; `null` before anything came. */
  readonly streamTimeMs: number | null
}

export type TaskView = {
  readonly task: string
  readonly subTopology: number
  readonly partition: number
  readonly inputs: readonly InputView[]
  readonly stores: readonly { readonly name: string; readonly entries: number }[]
}

/** Of a task that is being restored: the next offset to be read, and where the partition ends. */
export type RestoringInput = {
  readonly topic: string
  readonly partition: number
  readonly position: number
  readonly end: number
}

export type RunnerView = {
  readonly application: string
  readonly state: string
  readonly generation: number
  /** Tasks whose state is still being brought back. */
  readonly restoring: number
  /** The stores of these, as soon as it is known how much there is to be read. */
  readonly restores: readonly RestoreProgress[]
  /** Their inputs, as far as is known. */
  readonly restoringInputs: readonly RestoringInput[]
  /** Whether the group has given it a place, with or without tasks. */
  readonly joined: boolean
  /** For how long the brokers have not answered; `null` while they do. */
  readonly silentMs: number | null
  /** A topic that was deleted, and is waited for; `null` while there is none. */
  readonly gone: Member['gone']
  /** Whether it has tasks and all their state: records flow. */
  readonly ready: boolean
  readonly tasks: readonly TaskView[]
}

/** As of the last commit: what is live and changed since is not in the store yet. */
export type StateReading =
  | { readonly is: 'here'; readonly partition: number; readonly entries: readonly StateEntry[] }
  /** No step has a store of this name. */
  | { readonly is: 'unknown' }
  | { readonly is: 'elsewhere'; readonly partition: number }

export type StateEntry = {
  readonly key: string
  /** As plain data where the bytes are some; else `null`. */
  readonly value: unknown
  readonly bytes: Uint8Array
}

export function viewTask(running: RunningTask, member: Member | null): TaskView {
  const { task } = running
  const ledgers = ledgersOf(running, member)
  return {
    task: task.name,
    subTopology: task.subTopology.id,
    partition: task.partition,
    inputs: task.queues.map((queue, at) => {
      const { name } = queue.source.topic
      const { size, position, lastStreamTimeMs } = queue
      const { processed, deadLettered, deletions, marks, skipped } = ledgers[at] ?? decodeLedger(null)
      const progress = member?.progressOf(name, task.partition)
      return {
        topic: name,
        partition: task.partition,
        read: processed + deadLettered + deletions + marks + size,
        processed,
        deadLettered,
        deletions,
        marks,
        inMemory: size,
        position: position ?? progress?.position ?? null,
        end: progress?.end ?? null,
        skipped,
        awaits: [...queue.open].sort(),
        streamTimeMs: Number.isFinite(lastStreamTimeMs) ? lastStreamTimeMs : null,
      }
    }),
    stores: [...task.stores].map(([name, { size }]) => ({ name, entries: size })),
  }
}

/** Windows and sessions of a key lie under the key, a zero byte and their times: asked for the key, all of them are given. */
export function readState(store: KeyValueStore, key: string, most = 1_000): readonly StateEntry[] {
  const entries: StateEntry[] = []
  const values = new ShapedValues(store)
  const add = (found: string, bytes: Uint8Array) =>
    entries.push({ key: found, value: plainData(values, bytes), bytes })
  const exact = store.get(key)
  if (exact !== undefined) add(key, exact)
  for (const [found, bytes] of store.range(`${key}\u0000`, `${key}\u0001`)) {
    if (entries.length >= most) break
    add(found, bytes)
  }
  return entries
}

function plainData(values: ShapedValues, bytes: Uint8Array): unknown {
  try {
    return values.decode(bytes)
  } catch {
    return null
  }
}

/** Sets the gauges that only make sense of a moment; partitions that have gone are no longer told of. */
export function tellView(view: RunnerView, metrics: TopologyMetrics, nowMs: number): void {
  const { tasks, restoring, restores, restoringInputs } = view
  metrics.tasks.set(tasks.length)
  metrics.restoring_tasks.set(restoring)
  for (const gauge of [
    metrics.lag_records,
    metrics.behind_seconds,
    metrics.waiting_records,
    metrics.skipped_records,
    metrics.store_entries,
    metrics.restore_done,
    metrics.restore_total,
  ]) {
    gauge.clear()
  }
  for (const { store, partition, done, total } of restores) {
    metrics.restore_done.set(done, store, `${partition}`)
    metrics.restore_total.set(total, store, `${partition}`)
  }
  for (const { topic, partition, position, end } of restoringInputs)
    metrics.lag_records.set(Math.max(0, end - position), topic, `${partition}`)
  for (const { partition, inputs, stores } of tasks) {
    for (const { topic, position, end, inMemory, skipped, streamTimeMs } of inputs) {
      metrics.skipped_records.set(skipped, topic, `${partition}`)
      metrics.waiting_records.set(inMemory, topic, `${partition}`)
      if (position !== null && end !== null)
        metrics.lag_records.set(Math.max(0, end - position), topic, `${partition}`)
      if (streamTimeMs !== null)
        metrics.behind_seconds.set((nowMs - streamTimeMs) / 1000, topic, `${partition}`)
    }
    for (const { name, entries } of stores) metrics.store_entries.set(entries, name, `${partition}`)
  }
}
