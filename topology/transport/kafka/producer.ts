/**
 * Sequences, as the broker counts them: the records of one producer in one partition are numbered from its start, and a batch
 * is taken once and in order, however often it is sent. Hence one request at a time, the same bytes when it is repeated, and
 * after a failure that leaves the count in doubt a new producer: the old one is poisoned.
 */
import { topologyError } from '../../errors.ts'
import type { Clock } from '../../kit/clock.ts'
import type { LogRecord } from '../transport.ts'
import { initProducerIdV4, produceV9, Writer } from './client.ts'
import type { Cluster } from './cluster.ts'
import { type BatchQueue, Outbox } from './outbox.ts'
import { BrokerError, brokerError, code } from './protocol.ts'
import { type Compression, ScratchPool } from './record-batch.ts'
import type { RecordLimits } from './record-limits.ts'

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

/** As much in one request to a broker, about: one takes 100 MiB, and all of it is in memory several times over. */
const requestBytes = 1024 * 1024

/** What a broker says of one batch; the offset is -1 where it does not know. */
type Stored = { readonly errorCode: number; readonly baseOffset: number }

type Refused = { readonly queue: BatchQueue; readonly error: BrokerError }

/** The sequences of one producer id. Forgotten as a whole once one of them is in doubt. */
export class Sequences {
  readonly identity: ProducerIdentity
  readonly transactionalId: string | null
  poisoned = false
  readonly #next = new Map<string, number>()
  readonly #cluster: Cluster
  readonly #compression: Compression
  readonly #purpose: string
  readonly #pool = new ScratchPool()

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
    const topics = [...new Set(queues.map(({ topic }) => topic))]
    let failure: BrokerError | null = null
    while (queues.length > 0) {
      try {
        await this.#cluster.retrying(
          async () => {
            const refused = await this.#round(queues, outbox)
            for (const { queue, error } of refused) {
              if (error.isPassing) continue
              failure ??= error
              const isTooLarge = error.has(code.messageTooLarge, code.recordListTooLarge)
              if (isTooLarge && queue.head !== null) outbox.refused(queue, queue.head)
              failed?.add(queue.name)
              queues = queues.filter((each) => each !== queue)
            }
            const passing = refused.find(({ error }) => error.isPassing)
            if (passing !== undefined) throw passing.error
          },
          () => this.#cluster.refresh(topics),
        )
      } catch (error) {
        this.poisoned = true
        if (failed !== undefined) for (const { name } of queues) failed.add(name)
        throw failure ?? error
      }
      queues = queues.filter((queue) => !queue.isEmpty)
    }
    if (failure !== null) {
      this.poisoned = true
      throw failure
    }
  }

  /** The first batch of every queue, or as many of each leader as fit. */
  async #round(queues: readonly BatchQueue[], outbox: Outbox): Promise<Refused[]> {
    const byLeader = new Map<number, BatchQueue[]>()
    const sizes = new Map<number, number>()
    const refused: Refused[] = []
    for (const queue of queues) {
      // Of a round that is tried again, some have been taken.
      if (queue.isEmpty) continue
      const leader = this.#leaderOf(queue)
      if (leader instanceof BrokerError) {
        refused.push({ queue, error: leader })
        continue
      }
      const size = sizes.get(leader) ?? 0
      if (size >= requestBytes) continue
      const { identity } = this
      const sequence = this.#next.get(queue.name) ?? 0
      const head = queue.make(this.#pool, (batch) => batch.finish(identity, sequence, this.#compression))
      sizes.set(leader, size + head.bytes.length)
      const known = byLeader.get(leader)
      if (known === undefined) byLeader.set(leader, [queue])
      else known.push(queue)
    }
    const answers = [...byLeader].map(async ([leader, asked]) => {
      const codes = await this.#produce(leader, asked)
      for (const queue of asked) {
        const { name, topic, partition } = queue
        const answer = codes instanceof BrokerError ? undefined : codes.get(name)
        const errorCode = codes instanceof BrokerError ? null : (answer?.errorCode ?? -1)
        if (errorCode === 0 || errorCode === code.duplicateSequence) {
          const count = queue.head?.count ?? 0
          queue.taken(this.#pool)
          this.#next.set(name, ((this.#next.get(name) ?? 0) + count) % 2 ** 31)
          outbox.stored.set(name, (outbox.stored.get(name) ?? 0) + count)
          if (answer !== undefined && answer.baseOffset >= 0) outbox.ends.set(name, answer.baseOffset + count)
          else outbox.ends.delete(name)
        } else {
          const error =
            errorCode === null && codes instanceof BrokerError
              ? codes
              : new BrokerError(`produce to ${topic} ${partition}`, [errorCode ?? -1], undefined)
          refused.push({ queue, error })
        }
      }
    })
    await Promise.all(answers)
    return refused
  }

  #leaderOf({ topic, partition }: BatchQueue): number | BrokerError {
    try {
      return this.#cluster.leaderOf(topic, partition)
    } catch (error) {
      return brokerError('produce', error)
    }
  }

  /** The error code of each partition, or why there is no answer. */
  async #produce(leader: number, queues: readonly BatchQueue[]): Promise<Map<string, Stored> | BrokerError> {
    try {
      const connection = await this.#cluster.connection(this.#purpose, leader)
      const answer = await new Promise<ReturnType<typeof produceV9.parseResponse>>((resolve, reject) => {
        connection.send(
          produceV9.api.key,
          produceV9.api.version,
          () => produceRequest(this.transactionalId, queues),
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
function produceRequest(transactionalId: string | null, queues: readonly BatchQueue[]): Writer {
  const byTopic = [...Map.groupBy(queues, ({ topic }) => topic)]
  return Writer.create()
    .appendString(transactionalId)
    .appendInt16(-1)
    .appendInt32(30_000)
    .appendArray(byTopic, (writer, [topic, ofTopic]) => {
      writer.appendString(topic).appendArray(ofTopic, (inner, { partition, head }) => {
        inner.appendInt32(partition)
        if (head !== null) inner.appendBytes(head.bytes)
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
