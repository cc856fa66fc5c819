import type { Operator, OperatorSpec, StreamRecord } from '../operators/operator.ts'
import { MemoryKeyValueStore } from '../stores/memory-key-value-store.ts'
import type { KeyValueStore } from '../stores/store.ts'

/** One instance of an operator with what it has forwarded, for the operator's own test. */
export class OperatorUnderTest<In, Out> {
  readonly out: StreamRecord<Out>[] = []
  readonly stores: ReadonlyMap<string, KeyValueStore>
  late = 0
  /** By whom records were set aside; of what was due, `by key@dueMs`. */
  readonly asides: string[] = []
  readonly #operator: Operator<In>

  /** `stores` of an earlier instance stand for a restart after a commit. */
  constructor(spec: OperatorSpec<In, Out>, stores?: ReadonlyMap<string, KeyValueStore>) {
    const opened =
      stores ?? new Map(spec.stores.map(({ name }) => [name, new MemoryKeyValueStore(name)] as const))
    this.stores = opened
    this.#operator = spec.create({
      task: 'test',
      partition: 0,
      durable: true,
      forward: (record) => void this.out.push(record),
      countLate: () => {
        this.late += 1
      },
      setAside: (by, _error, due) =>
        void this.asides.push(due === undefined ? by : `${by} ${due.key}@${due.dueMs}`),
      store(name) {
        const store = opened.get(name)
        if (store === undefined) throw new Error(`no store '${name}'`)
        return store
      },
    })
  }

  process(record: StreamRecord<In>): this {
    this.#operator.process(record)
    return this
  }

  /** Records carry their event time as stream time unless told otherwise. */
  take(key: string, value: In, timestampMs: number, streamTimeMs = timestampMs): this {
    return this.process({ key, value, timestampMs, streamTimeMs })
  }

  advance(streamTimeMs: number): this {
    this.#operator.advance?.(streamTimeMs)
    return this
  }

  flush(): this {
    this.#operator.flush?.()
    return this
  }

  /** Values forwarded since the last call. */
  values(): Out[] {
    return this.out.splice(0).map((record) => record.value)
  }
}
