/**
 * Sequences, as the broker counts them: the records of one producer in one partition are numbered from its start, and a batch
 * is taken once and in order, however often it is sent. Hence one request at a time, the same bytes when it is repeated, and
 * after a failure that leaves the count in doubt a new producer: the old one is poisoned.
 */
import { topologyError } from '../../errors.ts'
import type { Clock } from '../../kit/clock.ts'
import type { LogRecord } from '../transport.ts'
import type { Cluster } from './cluster.ts'
import { BrokerError, brokerError, code, initProducerIdV4, produceV9, Writer } from './protocol.ts'
import { BatchBuilder, type Compression } from './record-batch.ts'
import { batchBytesOf, type RecordLimits } from './record-limits.ts'

export type Outgoing = {
  readonly topic: string
  readonly partition: number
  readonly record: LogRecord
  readonly value: Uint8Array | null
}

export type ProducerIdentity = {
  readonly id: bigint
  readonly epoch: number
  readonly transactional: boolean
}

/** As many as go together where the topic takes more. */
const batchBytes = 900_000
/** As much in one request; a broker takes 100 MiB. */
const requestBytes = 16 * 1024 * 1024

type Batch = {
  readonly topic: string
  readonly partition: number
  readonly count: number
  /** Made when first sent. */
  bytes: Buffer | null
  readonly builder: BatchBuilder
}

/** What a broker says of one batch; the offset is -1 where it does not know. */
type Stored = { readonly errorCode: number; readonly baseOffset: number }

/** Records by partition, in the order they were added, in batches a broker will take. */
export class Outbox {
  readonly #partitions = new Map<string, { topic: string; partition: number; batches: BatchBuilder[] }>()
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
    const name = `${topic}/${partition}`
    let known = this.#partitions.get(name)
    if (known === undefined) this.#partitions.set(name, (known = { topic, partition, batches: [] }))
    let builder = known.batches.at(-1)
    const more = batchBytesOf(record, value)
    const most = Math.min(batchBytes, this.#limitOf(topic))
    if (builder === undefined || (builder.count > 0 && builder.size + more > most)) {
      known.batches.push((builder = new BatchBuilder(this.#sentMs)))
    }
    builder.add(record, value)
    this.records += 1
  }

  refused({ topic, partition, count, bytes }: Batch): void {
    this.refusals.set(`${topic}/${partition}`, count > 1)
    const size = bytes?.length ?? 0
    this.tooLarge.set(topic, Math.min(size, this.tooLarge.get(topic) ?? size))
  }

  get partitions(): readonly { readonly topic: string; readonly partition: number }[] {
    return [...this.#partitions.values()]
  }

  /** One queue of batches for each partition. */
  queues(): Batch[][] {
    return [...this.#partitions.values()].map(({ topic, partition, batches }) =>
      batches.map((builder) => ({ topic, partition, count: builder.count, bytes: null, builder })),
    )
  }
}

/** The sequences of one producer id. Forgotten as a whole once one of them is in doubt. */
export class Sequences {
  readonly identity: ProducerIdentity
  readonly transactionalId: string | null
  poisoned = false
  readonly #next = new Map<string, number>()
  readonly #cluster: Cluster
  readonly #compression: Compression
  readonly #purpose: string

  constructor(
    cluster: Cluster,
    identity: ProducerIdentity,
    options: { transactionalId: string | null; compression: Compression; purpose: string },
  ) {
    this.#cluster = cluster
    this.identity = identity
    this.transactionalId = options.transactionalId
    this.#compression = options.compression
    this.#purpose = options.purpose
  }

  /** A new producer id, or with a transactional id a new epoch of its own: what was open under it is aborted. */
  static async begin(
    cluster: Cluster,
    options: {
      transactionalId: string | null
      transactionTimeoutMs: number
      compression: Compression
      purpose: string
    },
  ): Promise<Sequences> {
    const { transactionalId } = options
    const answer = await cluster.retrying(
      async () => {
        const asked = [transactionalId, options.transactionTimeoutMs, -1n, -1] as const
        const what = 'init producer id'
        if (transactionalId === null) return cluster.askAny(what, initProducerIdV4.api, ...asked)
        const broker = await cluster.coordinator('transaction', transactionalId)
        return cluster.call(options.purpose, broker, what, initProducerIdV4.api, ...asked)
      },
      () => {
        if (transactionalId !== null) cluster.forgetCoordinator('transaction', transactionalId)
      },
      5,
    )
    const identity = {
      id: answer.producerId,
      epoch: answer.producerEpoch,
      transactional: transactionalId !== null,
    }
    return new Sequences(cluster, identity, options)
  }

  /**
   * Sends everything, each partition in its order, partitions side by side. Rejects with the first failure that will not
   * pass; the producer is then poisoned, and the failed partitions are those in `failed`.
   */
  async send(outbox: Outbox, failed?: Set<string>): Promise<void> {
    if (this.poisoned) throw new BrokerError('send', [code.invalidProducerEpoch], undefined)
    let queues = outbox.queues()
    const topics = [...new Set(queues.map(([first]) => first?.topic ?? ''))]
    let failure: BrokerError | null = null
    while (queues.length > 0) {
      try {
        await this.#cluster.retrying(
          async () => {
            const refused = await this.#round(queues, outbox)
            for (const { batch, error } of refused) {
              if (error.isPassing) continue
              failure ??= error
              if (error.has(code.messageTooLarge, code.recordListTooLarge)) outbox.refused(batch)
              failed?.add(`${batch.topic}/${batch.partition}`)
              queues = queues.filter((queue) => queue[0] !== batch)
            }
            const passing = refused.find(({ error }) => error.isPassing)
            if (passing !== undefined) throw passing.error
          },
          () => this.#cluster.refresh(topics),
        )
      } catch (error) {
        this.poisoned = true
        if (failed !== undefined)
          for (const [first] of queues) failed.add(`${first?.topic}/${first?.partition}`)
        throw failure ?? error
      }
      queues = queues.filter((queue) => queue.length > 0)
    }
    if (failure !== null) {
      this.poisoned = true
      throw failure
    }
  }

  /** The first batch of every queue, or as many as fit; what was taken is removed from its queue. */
  async #round(queues: readonly Batch[][], outbox: Outbox): Promise<{ batch: Batch; error: BrokerError }[]> {
    const byLeader = new Map<number, Batch[]>()
    const refused: { batch: Batch; error: BrokerError }[] = []
    let size = 0
    for (const queue of queues) {
      const [batch] = queue
      if (batch === undefined) continue
      if (size > requestBytes) break
      try {
        const leader = this.#cluster.leaderOf(batch.topic, batch.partition)
        const name = `${batch.topic}/${batch.partition}`
        batch.bytes ??= batch.builder.finish(this.identity, this.#next.get(name) ?? 0, this.#compression)
        size += batch.bytes.length
        const known = byLeader.get(leader)
        if (known === undefined) byLeader.set(leader, [batch])
        else known.push(batch)
      } catch (error) {
        refused.push({ batch, error: brokerError('produce', error) })
      }
    }
    const answers = [...byLeader].map(async ([leader, batches]) => {
      const codes = await this.#produce(leader, batches)
      for (const batch of batches) {
        const name = `${batch.topic}/${batch.partition}`
        const answer = codes instanceof BrokerError ? undefined : codes.get(name)
        const errorCode = codes instanceof BrokerError ? null : (answer?.errorCode ?? -1)
        if (errorCode === 0 || errorCode === code.duplicateSequence) {
          this.#accepted(batch, queues)
          outbox.stored.set(name, (outbox.stored.get(name) ?? 0) + batch.count)
          if (answer !== undefined && answer.baseOffset >= 0)
            outbox.ends.set(name, answer.baseOffset + batch.count)
          else outbox.ends.delete(name)
        } else {
          const error =
            errorCode === null && codes instanceof BrokerError
              ? codes
              : new BrokerError(`produce to ${batch.topic} ${batch.partition}`, [errorCode ?? -1], undefined)
          refused.push({ batch, error })
        }
      }
    })
    await Promise.all(answers)
    return refused
  }

  #accepted(batch: Batch, queues: readonly Batch[][]): void {
    const name = `${batch.topic}/${batch.partition}`
    this.#next.set(name, ((this.#next.get(name) ?? 0) + batch.count) % 2 ** 31)
    for (const queue of queues) if (queue[0] === batch) queue.shift()
  }

  /** The error code of each partition, or why there is no answer. */
  async #produce(leader: number, batches: readonly Batch[]): Promise<Map<string, Stored> | BrokerError> {
    try {
      const connection = await this.#cluster.connection(this.#purpose, leader)
      const answer = await new Promise<ReturnType<typeof produceV9.parseResponse>>((resolve, reject) => {
        connection.send(
          produceV9.api.key,
          produceV9.api.version,
          () => produceRequest(this.transactionalId, batches),
          produceV9.parseResponse,
          true,
          true,
          (error, response) => {
            if (response === undefined || error !== null) reject(error)
            else resolve(response)
          },
        )
      })
      return codesOf(answer)
    } catch (error) {
      const failed = brokerError('produce', error)
      return isProduceAnswer(failed.response) ? codesOf(failed.response) : failed
    }
  }
}

export type IdempotentOptions = {
  readonly compression: Compression
  readonly purpose: string
  readonly limits: RecordLimits
}

/**
 * Idempotent, outside any transaction. Sends that come while one is under way go together in the next. Batches that their topic
 * refuses for their size are divided, as long as that may help.
 */
export class IdempotentProducer {
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #compression: Compression
  readonly #purpose: string
  readonly #limits: RecordLimits
  #sequences: Sequences | null = null
  #waiting: { records: readonly Outgoing[]; resolve: () => void; reject: (error: unknown) => void }[] = []
  #sending = false

  constructor(cluster: Cluster, clock: Clock, options: IdempotentOptions) {
    this.#cluster = cluster
    this.#clock = clock
    this.#compression = options.compression
    this.#purpose = options.purpose
    this.#limits = options.limits
  }

  /** Resolves when the brokers have all of them. */
  send(records: readonly Outgoing[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject })
      if (!this.#sending) void this.#run()
    })
  }

  /** The same for records that have been laid out already. Not side by side with `send`. */
  async sendOutbox(outbox: Outbox): Promise<void> {
    if (outbox.records === 0) return
    try {
      await (await this.#begin()).send(outbox)
    } catch (error) {
      throw sendFailure(error)
    }
  }

  async #begin(): Promise<Sequences> {
    const known = this.#sequences
    if (known !== null && !known.poisoned) return known
    return (this.#sequences = await Sequences.begin(this.#cluster, {
      transactionalId: null,
      transactionTimeoutMs: 0,
      compression: this.#compression,
      purpose: this.#purpose,
    }))
  }

  async #run(): Promise<void> {
    this.#sending = true
    // Whatever else is sent in this turn goes along.
    await null
    while (this.#waiting.length > 0) {
      const together = this.#waiting
      this.#waiting = []
      const { failed, failure } = await this.#sendAll(together.flatMap(({ records }) => records))
      for (const { records, resolve, reject } of together) {
        const hit = failure !== null && records.some((each) => failed.has(`${each.topic}/${each.partition}`))
        if (hit) reject(sendFailure(failure))
        else resolve()
      }
    }
    this.#sending = false
  }

  /** The partitions of which not everything could be sent, and why. */
  async #sendAll(records: readonly Outgoing[]): Promise<{ failed: ReadonlySet<string>; failure: unknown }> {
    for (let left = records; ; ) {
      const outbox = new Outbox(this.#clock.nowMs(), (topic) => this.#limits.of(topic))
      for (const { topic, partition, record, value } of left) outbox.add(topic, partition, record, value)
      const failed = new Set<string>()
      try {
        await (await this.#begin()).send(outbox, failed)
        return { failed, failure: null }
      } catch (failure) {
        if (failed.size === 0)
          for (const { topic, partition } of outbox.partitions) failed.add(`${topic}/${partition}`)
        const { refusals, tooLarge } = outbox
        const isDivisible = [...refusals.values()].includes(true) && failed.isSubsetOf(refusals)
        if (!isDivisible || !(await this.#limits.learn(tooLarge))) return { failed, failure }
        left = remaining(left, outbox, failed)
      }
    }
  }
}

/** Those of failed partitions that the brokers have not. */
function remaining(records: readonly Outgoing[], outbox: Outbox, failed: ReadonlySet<string>): Outgoing[] {
  const stored = new Map(outbox.stored)
  return records.filter(({ topic, partition }) => {
    const name = `${topic}/${partition}`
    if (!failed.has(name)) return false
    const left = stored.get(name) ?? 0
    stored.set(name, left - 1)
    return left <= 0
  })
}

export function sendFailure(error: unknown): unknown {
  if (!(error instanceof BrokerError)) return error
  if (error.refusal !== null) return error.refusal
  if (error.has(code.messageTooLarge, code.recordListTooLarge))
    return topologyError.RECORD_TOO_LARGE({ detail: 'the broker refuses it' }, error)
  return topologyError.SEND_FAILED({}, error)
}

/** Version 9: transactional id, acks -1 for all in-sync replicas, timeout, then topics with partitions with one batch each. */
function produceRequest(transactionalId: string | null, batches: readonly Batch[]): Writer {
  const byTopic = [...Map.groupBy(batches, (batch) => batch.topic)]
  return Writer.create()
    .appendString(transactionalId)
    .appendInt16(-1)
    .appendInt32(30_000)
    .appendArray(byTopic, (writer, [topic, ofTopic]) => {
      writer.appendString(topic).appendArray(ofTopic, (inner, { partition, bytes }) => {
        inner.appendInt32(partition)
        if (bytes !== null) inner.appendBytes(bytes)
      })
    })
    .appendTaggedFields()
}

function codesOf(answer: ReturnType<typeof produceV9.parseResponse>): Map<string, Stored> {
  const codes = new Map<string, Stored>()
  for (const { name, partitionResponses } of answer.responses) {
    for (const { index, errorCode, baseOffset } of partitionResponses) {
      codes.set(`${name}/${index}`, { errorCode, baseOffset: Number(baseOffset) })
    }
  }
  return codes
}

function isProduceAnswer(response: unknown): response is ReturnType<typeof produceV9.parseResponse> {
  return typeof response === 'object' && response !== null && 'responses' in response
}
