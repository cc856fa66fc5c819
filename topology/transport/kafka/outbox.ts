import type { LogRecord } from '../transport.ts'
import { BatchBuilder, type Scratch, type ScratchPool } from './record-batch.ts'
import { batchBytesOf } from './record-limits.ts'

/** A record and the bytes of its value. */
export type Entry = { readonly record: LogRecord; readonly value: Uint8Array | null }

/** One batch as it goes over the wire, at most all that one partition takes at a time. */
export type Batch = { readonly count: number; readonly bytes: Buffer }

/** As many as go together where the topic takes more. */
const batchBytes = 900_000

type Partition = { readonly topic: string; readonly partition: number; readonly parts: Iterable<Entry>[] }

/**
 * Records by partition, in the order they were added. Batches are made of them when their turn comes, one for each partition at a time: a
 * commit may hold many times the bytes that are on their way at any moment.
 */
export class Outbox {
  readonly #partitions = new Map<string, Partition>()
  readonly #limitOf: (topic: string) => number
  readonly #sentMs: number
  records = 0
  /** Next offset after what was sent, by `topic/partition`, once it has been; none where the broker did not say. */
  readonly ends = new Map<string, number>()

  /** How many records of each partition the brokers have, by `topic/partition`. */
  readonly stored = new Map<string, number>()
  /** Of each topic that refused a batch for its size: the bytes of the smallest. */
  readonly tooLarge = new Map<string, number>()
  /** Partitions of such a batch, and whether it holds more than one record: in smaller ones they may fit. */
  readonly refusals = new Map<string, boolean>()

  /** `sentMs` is when, in whole epoch milliseconds; `limitOf` how many bytes of a batch a topic takes. One record is a batch however large. */
  constructor(sentMs: number, limitOf: (topic: string) => number = () => batchBytes) {
    this.#sentMs = sentMs
    this.#limitOf = limitOf
  }

  add(topic: string, partition: number, record: LogRecord, value: Uint8Array | null): void {
    const { parts } = this.#partition(topic, partition)
    const last = parts.at(-1)
    if (Array.isArray(last)) last.push({ record, value })
    else parts.push([{ record, value }])
    this.records += 1
  }

  /** `entries` are `count`, and are gone through each time they are sent: they stay as they are until the last time. An entry is looked at before the next is asked for, and may be that one told anew. */
  addAll(topic: string, partition: number, count: number, entries: Iterable<Entry>): void {
    if (count === 0) return
    this.#partition(topic, partition).parts.push(entries)
    this.records += count
  }

  refused({ name, topic }: BatchQueue, { count, bytes }: Batch): void {
    this.refusals.set(name, count > 1)
    this.tooLarge.set(topic, Math.min(bytes.length, this.tooLarge.get(topic) ?? bytes.length))
  }

  get partitions(): readonly { readonly topic: string; readonly partition: number }[] {
    return [...this.#partitions.values()]
  }

  /** All of it, from the beginning. */
  queues(): BatchQueue[] {
    return [...this.#partitions.values()].map(({ topic, partition, parts }) => {
      const most = Math.min(batchBytes, this.#limitOf(topic))
      return new BatchQueue(topic, partition, one(parts), this.#sentMs, most)
    })
  }

  #partition(topic: string, partition: number): Partition {
    const name = `${topic}/${partition}`
    let known = this.#partitions.get(name)
    if (known === undefined) this.#partitions.set(name, (known = { topic, partition, parts: [] }))
    return known
  }
}

/** What one partition is still to be sent. */
export class BatchQueue {
  readonly topic: string
  readonly partition: number
  /** `topic/partition`. */
  readonly name: string
  readonly #entries: Iterator<Entry>
  readonly #sentMs: number
  readonly #most: number
  #next: IteratorResult<Entry>
  #head: Batch | null = null
  #scratch: Scratch | null = null

  constructor(topic: string, partition: number, entries: Iterator<Entry>, sentMs: number, most: number) {
    this.topic = topic
    this.partition = partition
    this.name = `${topic}/${partition}`
    this.#entries = entries
    this.#sentMs = sentMs
    this.#most = most
    this.#next = entries.next()
  }

  get isEmpty(): boolean {
    return this.#head === null && this.#next.done === true
  }

  /** The batch that was made and not taken yet, if there is one. */
  get head(): Batch | null {
    return this.#head
  }

  /** The first batch, made by `finish` once: asked for again, it is the same bytes until `taken`. There must be one. */
  make(pool: ScratchPool, finish: (batch: BatchBuilder) => Buffer): Batch {
    if (this.#head !== null) return this.#head
    if (this.isEmpty) throw new Error(`${this.name} is to be sent nothing`)
    const scratch = pool.take()
    this.#scratch = scratch
    const builder = new BatchBuilder(this.#sentMs, scratch)
    while (this.#next.done !== true) {
      const { record, value } = this.#next.value
      if (builder.count > 0 && builder.size + batchBytesOf(record, value) > this.#most) break
      builder.add(record, value)
      this.#next = this.#entries.next()
    }
    this.#head = { count: builder.count, bytes: finish(builder) }
    return this.#head
  }

  /** The broker has the batch, and nobody looks at its bytes any more: they are what the next ones are made in. */
  taken(pool: ScratchPool): void {
    this.#head = null
    if (this.#scratch !== null) pool.giveBack(this.#scratch)
    this.#scratch = null
  }
}

function* one(parts: readonly Iterable<Entry>[]): Generator<Entry> {
  for (const part of parts) yield* part
}
