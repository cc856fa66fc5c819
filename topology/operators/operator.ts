import type { KeyValueStore } from '../stores/store.ts'

/**
 * What travels between operators. `timestampMs` is event time; `streamTimeMs` is the clock the record carries: the stream
 * time of whoever first read it, never smaller than that of the record it read before (see `tasks/stream-clock.ts`).
 */
export type StreamRecord<V> = {
  readonly key: string
  readonly value: V
  readonly timestampMs: number
  readonly streamTimeMs: number
}

export type Forward<V> = (record: StreamRecord<V>) => void

/** A store an operator asks for. Names are the author's and stay the same from release to release. */
export type StoreSpec = {
  readonly name: string
  readonly kind: 'key-value'
  /**
   * Of windows and sessions: how long after its last write, in stream time, an entry can still be asked for. Left out where
   * entries matter until they are deleted.
   */
  readonly keepMs?: number
  /**
   * What gives its bytes their meaning beside the author's code, such as the widths of windows: a plan that says something else of a
   * store is refused. Nothing when left out.
   */
  readonly holds?: string
}

/** What the task gives an operator when it creates it. Stores are opened, restored and closed by the task. */
export type OperatorContext<Out> = {
  readonly task: string
  readonly partition: number
  readonly forward: Forward<Out>
  /** Throws `TOPO_UNKNOWN_STORE` for a store that the spec did not declare. */
  store(name: string): KeyValueStore
  /** Whether what stores hold outlives the process, or is logged: only then must live state be encoded at each commit. */
  readonly durable: boolean
  /** To be called for each record dropped or diverted because its window had closed. Absent where nobody counts. */
  countLate?(): void
  /**
   * Part of the step, `by` name, has thrown at the record that the task is processing: a copy of it as it was read goes to the dead
   * letters with the next commit, and processing goes on. Where it was something due that failed, a timer or the end of a window,
   * `due` says of which key and when: then there is no record, and the letter tells of these. Absent where nobody keeps dead
   * letters.
   */
  setAside?(by: string, error: unknown, due?: { readonly key: string; readonly dueMs: number }): void
}

/** One step of a task. Everything here is synchronous: a crash falls before a commit or after it, never inside a record. */
export type Operator<In> = {
  process(record: StreamRecord<In>): void
  /**
   * The task's stream time has moved on to this, between records: what has been silent for long enough may end. In another process
   * than before it is called first of all with the latest time of the calls that the stores are of: that is committed in one unit
   * with them, so that nobody need keep it. With `-Infinity` where there was no such call, none since the end of input, or the
   * commit is of a version that did not keep it. What comes after that first call may be lower for a while. The task calls it at the
   * end of input with `Infinity`.
   */
  advance?(streamTimeMs: number): void
  /** Puts live state into the stores; what has been forwarded so far and the stores then agree. Called before each commit. */
  flush?(): void
  close?(): void
}

/** A step as the plan knows it. Creates one instance for each task. */
export type OperatorSpec<In, Out> = {
  readonly kind: string
  readonly changesKey: boolean
  readonly stores: readonly StoreSpec[]
  create(context: OperatorContext<Out>): Operator<In>
}
