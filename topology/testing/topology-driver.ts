import { topologyError } from '../errors.ts'
import type { StreamRecord } from '../operators/operator.ts'
import type { Plan, SubTopology } from '../plan/plan.ts'
import type { Topic } from '../plan/topic.ts'
import { MemoryKeyValueStore } from '../stores/memory-key-value-store.ts'
import type { KeyValueStore } from '../stores/store.ts'
import type { DeadLetter } from '../tasks/dead-letter.ts'
import { StreamClock } from '../tasks/stream-clock.ts'
import { Task } from '../tasks/task.ts'

type DrivenTask = { readonly task: Task; readonly clock: StreamClock }

/**
 * A plan with one task for each sub-topology, run in the very call that pipes a record in: no broker, no waiting. Values go
 * through their codecs wherever they cross a topic, so that a codec that loses something is seen.
 */
export class TopologyDriver {
  readonly #tasks: DrivenTask[]
  readonly #ends = new Map<string, number>()
  readonly #outputs = new Map<
    string,
    { key: string; bytes: Uint8Array; timestampMs: number; streamTimeMs: number }[]
  >()

  constructor(plan: Plan, options: { readonly tickMs?: number } = {}) {
    this.#tasks = plan.subTopologies.map((subTopology) => ({
      task: new Task(subTopology, 0, { durable: true, encoded: false, stores: openStores(subTopology) }),
      clock: new StreamClock(options.tickMs ?? 1),
    }))
    for (const { task } of this.#tasks) task.advance(Number.NEGATIVE_INFINITY)
  }

  /** Records carry their event time as stream time unless told otherwise. */
  pipe<V>(topic: Topic<V>, key: string, value: V, timestampMs: number, streamTimeMs = timestampMs): void {
    this.#deliver(topic.name, key, topic.codec.encode(value), timestampMs, streamTimeMs)
    this.#run()
  }

  /** Bytes as they might come from anywhere; `null` deletes. */
  pipeBytes(topic: string, key: string, bytes: Uint8Array | null, timestampMs: number): void {
    this.#deliver(topic, key, bytes, timestampMs, timestampMs)
    this.#run()
  }

  /** Lets stream time reach this without a record: what silence may end, ends. */
  advanceTo(streamTimeMs: number): void {
    for (const { task } of this.#tasks) {
      task.advance(streamTimeMs)
      this.#run()
    }
  }

  /** The end of all input. */
  finish(): void {
    this.advanceTo(Number.POSITIVE_INFINITY)
  }

  /** What came out on a topic since the last call. */
  read<V>(topic: Topic<V>): StreamRecord<V>[] {
    const found = this.#outputs.get(topic.name) ?? []
    this.#outputs.delete(topic.name)
    return found.map(({ key, bytes, timestampMs, streamTimeMs }) => ({
      key,
      value: topic.codec.decode(bytes),
      timestampMs,
      streamTimeMs,
    }))
  }

  /** A store as a commit at this moment would leave it. */
  store(name: string): KeyValueStore {
    for (const { task } of this.#tasks) {
      const store = task.stores.get(name)
      if (store === undefined) continue
      task.flush()
      this.#run()
      return store
    }
    throw topologyError.UNKNOWN_STORE({ step: 'driver', store: name })
  }

  deadLetters(): DeadLetter[] {
    return this.#tasks.flatMap(({ task }) => task.deadLetters.splice(0))
  }

  /** Records that each named step found late so far. */
  late(step: string): number {
    let late = 0
    for (const { task } of this.#tasks)
      for (const count of task.counts) if (count.step === step) late += count.late
    return late
  }

  #deliver(
    topic: string,
    key: string,
    value: Uint8Array | null,
    timestampMs: number,
    streamTimeMs: number,
  ): void {
    const offset = this.#ends.get(topic) ?? 0
    this.#ends.set(topic, offset + 1)
    for (const { task } of this.#tasks) {
      task.queues.forEach((queue, source) => {
        if (queue.source.topic.name !== topic) return
        task.append(source, {
          topic,
          partition: 0,
          records: [{ key, value, timestampMs, streamTimeMs }],
          encoded: true,
          firstOffset: offset,
          offsets: null,
          nextOffset: offset + 1,
          more: false,
        })
      })
    }
  }

  /** Writers stand before readers: one pass moves everything on. */
  #run(): void {
    for (const { task, clock } of this.#tasks) {
      for (;;) {
        const nextMs = task.nextStreamTimeMs()
        if (nextMs === Number.POSITIVE_INFINITY) break
        if (clock.reaches(nextMs)) task.advance(clock.nowMs)
        task.run(clock.lastOfTickMs)
      }
      task.subTopology.sinks.forEach((sink, at) => {
        const output = task.outputs[at]
        if (output === undefined) return
        for (const { key, value, timestampMs, streamTimeMs } of output.records.splice(0)) {
          const bytes = sink.topic.codec.encode(value)
          this.#deliver(sink.topic.name, key, bytes, timestampMs, streamTimeMs)
          if (sink.internal) continue
          const outputs = this.#outputs.get(sink.topic.name) ?? []
          outputs.push({ key, bytes, timestampMs, streamTimeMs })
          this.#outputs.set(sink.topic.name, outputs)
        }
      })
    }
  }
}

function openStores(subTopology: SubTopology): Map<string, KeyValueStore> {
  return new Map(subTopology.stores.map(({ name }) => [name, new MemoryKeyValueStore(name)]))
}
