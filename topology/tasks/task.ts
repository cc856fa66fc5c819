import { topologyError } from '../errors.ts'
import { WeirError } from '../kit/errors.ts'
import type { Forward, Operator, StreamRecord } from '../operators/operator.ts'
import { stepLabels } from '../plan/describe.ts'
import type { StepNode } from '../plan/graph.ts'
import type { SubTopology } from '../plan/plan.ts'
import type { Topic } from '../plan/topic.ts'
import type { KeyValueStore } from '../stores/store.ts'
import type { Batch, LogRecord } from '../transport/transport.ts'
import { type DeadLetter, letterBytes, ownLetter } from './dead-letter.ts'
import type { MarkTimes } from './input-marks.ts'
import { RecordQueue } from './record-queue.ts'

export type Output = { readonly topic: string; records: LogRecord[] }

export type TaskSettings = {
  readonly durable: boolean
  /** See `Transport.encoded`. */
  readonly encoded: boolean
  /** Opened and restored; closed by the task. */
  readonly stores: ReadonlyMap<string, KeyValueStore>
}

/**
 * `read`: all its inputs have ended and nothing of them is left; `ended`: what that leaves open has been closed as well. A record
 * that comes later makes it `open` again.
 */
export type TaskState = 'open' | 'read' | 'ended'

/**
 * What a step took in and what it found late, since the counts were last asked for. `step` is the name its author gave it, else the one it has
 * in the text of the plan, behind the number of its sub-topology.
 */
export type StepCount = { readonly step: string; readonly kind: string; records: number; late: number }

/**
 * One sub-topology on one partition. Wholly synchronous: a crash falls before a commit or after it, never inside a record.
 * What operators forward to a topic is kept until the commit takes it.
 */
export class Task {
  readonly name: string
  readonly subTopology: SubTopology
  readonly partition: number
  readonly queues: readonly RecordQueue[]
  readonly outputs: readonly Output[]
  readonly stores: ReadonlyMap<string, KeyValueStore>
  readonly counts: StepCount[] = []
  /** What was set aside since the last commit, and the bytes of it: they are copies, and keep nothing of what was fetched. */
  deadLetters: DeadLetter[] = []
  deadLetterBytes = 0
  state: TaskState = 'open'
  /** The ends that were behind it when it ended last, and when it had last read all there was. */
  endedAt: MarkTimes = {}
  readTo: MarkTimes = {}
  /** The latest that `advance` has told its steps of since the last end: what their state stands for. */
  advancedMs = Number.NEGATIVE_INFINITY
  readonly #durable: boolean
  readonly #encoded: boolean
  readonly #operators: Operator<unknown>[] = []
  readonly #entries: readonly Forward<unknown>[]
  /** Whose first record is being processed; `null` between records. */
  #processing: RecordQueue | null = null

  constructor(subTopology: SubTopology, partition: number, settings: TaskSettings) {
    this.name = `${subTopology.id}_${partition}`
    this.subTopology = subTopology
    this.partition = partition
    this.stores = settings.stores
    this.#durable = settings.durable
    this.#encoded = settings.encoded
    this.outputs = subTopology.sinks.map((sink) => ({ topic: sink.topic.name, records: [] }))
    const forwards = this.#createSteps()
    this.#entries = subTopology.sources.map((source) => forwards(source.id))
    this.queues = subTopology.sources.map(
      (source) => new RecordQueue(source, partition, (letter) => this.#setAside(letter)),
    )
  }

  /** The batch must be of one of the task's sources and of its partition. */
  append(source: number, batch: Batch): void {
    this.queues[source]?.append(batch)
  }

  /** Stream time of the record that would be processed next; infinite when there is none. */
  nextStreamTimeMs(): number {
    let next = Number.POSITIVE_INFINITY
    for (const queue of this.queues) {
      const record = queue.peek()
      if (record !== null && record.streamTimeMs < next) next = record.streamTimeMs
    }
    return next
  }

  /** Everything known to wait carries at least this stream time; infinite when nothing does. */
  get waitsMs(): number {
    let waitsMs = Number.POSITIVE_INFINITY
    for (const queue of this.queues) waitsMs = Math.min(waitsMs, queue.nextMs)
    return waitsMs
  }

  /** Processes what carries at most this stream time, oldest first over all inputs. Gives the number of records. */
  run(untilMs: number): number {
    let processed = 0
    for (;;) {
      const at = this.#oldest(untilMs)
      const queue = this.queues[at]
      const record = queue?.peek()
      const entry = this.#entries[at]
      if (queue === undefined || record === null || record === undefined || entry === undefined)
        return processed
      this.#processing = queue
      this.state = 'open'
      try {
        entry(record)
      } catch (error) {
        throw this.#failure(error, queue)
      }
      this.#processing = null
      queue.take()
      processed += 1
    }
  }

  /** Nothing more will come: what is open is closed. */
  end(): void {
    this.advance(Number.POSITIVE_INFINITY)
    this.state = 'ended'
    this.endedAt = this.readTo
  }

  /** See `Operator.advance`. */
  advance(streamTimeMs: number): void {
    for (const operator of this.#operators) operator.advance?.(streamTimeMs)
    // What comes after an end is new work, of whatever time.
    const isEnd = streamTimeMs === Number.POSITIVE_INFINITY
    this.advancedMs = isEnd ? Number.NEGATIVE_INFINITY : Math.max(this.advancedMs, streamTimeMs)
  }

  /** From first step to last: what a step forwards here is still taken in by those it feeds before they flush. */
  flush(): void {
    for (const operator of this.#operators) operator.flush?.()
  }

  close(): void {
    for (const operator of this.#operators) operator.close?.()
    for (const store of this.stores.values()) store.close()
  }

  /**
   * By carried stream time, so that inputs meet as they did for their readers; then by event time; then in the order of
   * declaration. Linear: a task has at most a dozen inputs.
   */
  #oldest(untilMs: number): number {
    let best: StreamRecord<unknown> | null = null
    let found = -1
    for (let i = 0; i < this.queues.length; i += 1) {
      const record = this.queues[i]?.peek() ?? null
      if (record === null || record.streamTimeMs > untilMs) continue
      if (
        best === null ||
        record.streamTimeMs < best.streamTimeMs ||
        (record.streamTimeMs === best.streamTimeMs && record.timestampMs < best.timestampMs)
      ) {
        best = record
        found = i
      }
    }
    return found
  }

  /** Gives how a node hands on what it has. Built from the last step to the first: whoever forwards must know to whom. */
  #createSteps(): (id: number) => Forward<unknown> {
    const { steps, sinks } = this.subTopology
    const takers = new Map<number, Forward<unknown>[]>()
    const connect = (from: number, taker: Forward<unknown>) => {
      const known = takers.get(from)
      if (known === undefined) takers.set(from, [taker])
      else known.push(taker)
    }
    sinks.forEach((sink, at) => {
      const output = this.outputs[at]
      if (output === undefined) return
      connect(sink.input, (record) => {
        const { key, timestampMs, streamTimeMs } = record
        // Now: until the commit, bytes take a fraction of what objects take, and are no garbage that has grown old afterwards.
        const value = this.#encoded ? encoded(sink.topic, record.value) : record.value
        // Of what silence ends nothing that was sent is the cause.
        const producedMs = this.#processing?.headProducedMs
        output.records.push(
          producedMs === undefined
            ? { key, value, timestampMs, streamTimeMs }
            : { key, value, timestampMs, streamTimeMs, producedMs },
        )
      })
    })
    const labels = stepLabels(this.subTopology)
    for (const step of steps.toReversed()) {
      const name = step.name ?? `${this.subTopology.id}_${labels.get(step.id) ?? ''}`
      const count: StepCount = { step: name, kind: step.spec.kind, records: 0, late: 0 }
      const operator = this.#createOperator(step, fanOut(takers.get(step.id) ?? []), count)
      this.#operators.unshift(operator)
      this.counts.unshift(count)
      const take: Forward<unknown> = (record) => {
        count.records += 1
        operator.process(record)
      }
      for (const input of step.inputs) connect(input, take)
    }
    return (id) => fanOut(takers.get(id) ?? [])
  }

  #createOperator(step: StepNode, forward: Forward<unknown>, count: StepCount): Operator<unknown> {
    const declared = new Set(step.spec.stores.map((store) => store.name))
    return step.spec.create({
      task: this.name,
      partition: this.partition,
      durable: this.#durable,
      forward,
      countLate: () => {
        count.late += 1
      },
      setAside: (by, error, due) => {
        const reason = error instanceof Error ? error.message : String(error)
        if (due === undefined) this.#processing?.copyHead(step.name ?? '', by, reason)
        else this.#setAside(this.#dueLetter(step.name ?? '', by, reason, due))
      },
      store: (name) => {
        const store = declared.has(name) ? this.stores.get(name) : undefined
        if (store === undefined) throw topologyError.UNKNOWN_STORE({ step: step.name ?? '', store: name })
        return store
      },
    })
  }

  #setAside(letter: DeadLetter): void {
    const own = ownLetter(letter)
    this.deadLetters.push(own)
    this.deadLetterBytes += letterBytes(own)
  }

  #dueLetter(step: string, by: string, reason: string, due: { key: string; dueMs: number }): DeadLetter {
    const { key, dueMs } = due
    const at = new Date(dueMs)
    const time = Number.isNaN(at.getTime()) ? String(dueMs) : at.toISOString()
    return {
      topic: this.subTopology.sources[0]?.topic.name ?? '',
      partition: this.partition,
      offset: -1,
      code: 'DUE_FAILED',
      reason: `at what was due at ${time}: ${reason}`,
      by,
      step,
      record: { key, value: null, timestampMs: dueMs, streamTimeMs: dueMs },
    }
  }

  #failure(error: unknown, queue: RecordQueue): Error {
    if (error instanceof WeirError) return error
    const { topic } = queue.source
    const { partition } = this
    return topologyError.TASK_FAILED(
      { task: this.name, topic: topic.name, partition, offset: queue.headOffset },
      error,
    )
  }
}

/** What cannot be encoded is an error of the world: nobody passes over it, as the record has gone to other sinks already. */
function encoded({ name, codec }: Topic<unknown>, value: unknown): Uint8Array | null {
  if (value === null) return null
  try {
    return codec.encode(value)
  } catch (error) {
    throw topologyError.OUTPUT_NOT_ENCODABLE({ topic: name }, error)
  }
}

function fanOut(takers: readonly Forward<unknown>[]): Forward<unknown> {
  const [first, second, ...others] = takers
  if (first === undefined) return () => {}
  if (second === undefined) return first
  if (others.length === 0) {
    return (record) => {
      first(record)
      second(record)
    }
  }
  return (record) => {
    for (const taker of takers) taker(record)
  }
}
