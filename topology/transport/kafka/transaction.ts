/**
 * Outputs, changelogs and offsets as one transaction, in this order:
 *
 * 1. The coordinator learns which partitions and which group take part. What it does not know of it could not abort.
 * 2. Records go to their leaders and offsets to the group, side by side. The group refuses offsets of a generation that has gone:
 *    that, and not the producer's epoch, is what keeps a member that lost its place from publishing. Hence no unit without one.
 * 3. The transaction ends. From here on it cannot be told from outside whether it did until the coordinator answers.
 *
 * A failure in 1 or 2 aborts, and nothing has happened. A coordinator that fences the producer in 3 leaves the outcome open:
 * then only the committed offsets can say, so the member starts over from those.
 */
import { topologyError } from '../../errors.ts'
import type { CommittedInput } from '../transport.ts'
import { addOffsetsToTxnV3, addPartitionsToTxnV3, endTxnV3, txnOffsetCommitV3 } from './client.ts'
import type { Cluster } from './cluster.ts'
import type { Outbox } from './outbox.ts'
import { Sequences, sendFailure } from './producer.ts'
import { BrokerError, code } from './protocol.ts'
import type { Compression } from './record-batch.ts'

/** The member's place as the group has it at this moment. */
export type Place = {
  readonly generation: number
  readonly memberId: string
  /** See `Membership.movedFrom`. */
  movedFrom(generation: number, isSynced?: boolean): Promise<boolean>
  /** Rejects with the group's refusal once the place is another's. */
  confirm(): Promise<void>
}

export type GroupOffsets = {
  readonly group: string
  readonly instanceId: string | null
  readonly place: Place
  /** At least one. */
  readonly offsets: readonly CommittedInput[]
}

export type TransactionOptions = {
  readonly transactionalId: string
  /** After this long the coordinator aborts what nobody has ended. */
  readonly timeoutMs: number
  readonly compression: Compression
}

/** The producer belongs to another: it was fenced, or its transaction ran out of time. */
const fenced = [
  code.invalidProducerEpoch,
  code.producerFenced,
  code.invalidTxnState,
  49, // INVALID_PRODUCER_ID_MAPPING
  52, // TRANSACTION_COORDINATOR_FENCED
  59, // UNKNOWN_PRODUCER_ID
  45, // OUT_OF_ORDER_SEQUENCE_NUMBER
  120, // TRANSACTION_ABORTABLE
] as const
const stale = [
  code.illegalGeneration,
  code.unknownMember,
  code.fencedInstance,
  code.rebalanceInProgress,
] as const

/**
 * Sends offsets under the generation that the group is at. A rebalance may end while they are on their way: what this member says
 * it has stays its own, so the group that refused the generation before is asked again under the next.
 */
export async function underGeneration(
  place: Place,
  send: (generation: number) => Promise<void>,
): Promise<void> {
  for (;;) {
    const { generation } = place
    try {
      return await send(generation)
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error
      // Outside of transactions nothing is taken between two generations.
      const isBetween = error.has(code.rebalanceInProgress)
      if (!isBetween && !error.has(code.illegalGeneration)) throw error
      if (!(await place.movedFrom(generation, isBetween))) throw error
    }
  }
}

export class TransactionalProducer {
  readonly #cluster: Cluster
  readonly #options: TransactionOptions
  #sequences: Sequences | null = null

  constructor(cluster: Cluster, options: TransactionOptions) {
    this.#cluster = cluster
    this.#options = options
  }

  /**
   * Commits all of it or nothing. Rejects with `TOPO_STALE_MEMBER` when the group has moved on, or when it cannot be known
   * whether the transaction was committed.
   */
  async commit(outbox: Outbox, offsets: GroupOffsets): Promise<void> {
    // A producer that was fenced before the end has done nothing: with a new epoch the same may be tried again, and the group
    // decides whether this member still may. Twice in a row, somebody else goes by the same name.
    for (let attempt = 0; ; attempt += 1) {
      const sequences = await this.#begin(offsets)
      try {
        await this.#fill(sequences, outbox, offsets)
      } catch (error) {
        await this.#abort(sequences)
        if (!(error instanceof BrokerError)) throw error
        if (error.refusal !== null) throw error.refusal
        if (error.has(...stale)) throw staleMember(offsets, error)
        if (error.has(...fenced) && attempt < 2) continue
        if (error.has(...fenced)) throw staleMember(offsets, error)
        throw topologyError.COMMIT_FAILED({ group: offsets.group }, sendFailure(error))
      }
      try {
        await this.#end(sequences, true)
        return
      } catch (error) {
        sequences.poisoned = true
        throw staleMember(offsets, error)
      }
    }
  }

  /** Nothing is committed any more. */
  async close(): Promise<void> {
    await this.#cluster.release([this.#purpose])
  }

  get #purpose(): string {
    return `transactions of ${this.#options.transactionalId}`
  }

  async #begin(offsets: GroupOffsets): Promise<Sequences> {
    const known = this.#sequences
    if (known !== null && !known.poisoned) return known
    // To begin is to take the name from whoever has it, and that may be another process by now.
    try {
      await offsets.place.confirm()
    } catch (error) {
      if (error instanceof BrokerError && error.has(...stale)) throw staleMember(offsets, error)
      throw error
    }
    const { transactionalId, timeoutMs: transactionTimeoutMs, compression } = this.#options
    return (this.#sequences = await Sequences.begin(this.#cluster, {
      transactionalId,
      transactionTimeoutMs,
      compression,
      purpose: this.#purpose,
    }))
  }

  async #fill(sequences: Sequences, outbox: Outbox, offsets: GroupOffsets): Promise<void> {
    if (offsets.offsets.length === 0) throw new Error('a transaction without positions fences nobody')
    const adding = [this.#addGroup(sequences, offsets.group)]
    if (outbox.records > 0) adding.push(this.#addPartitions(sequences, outbox))
    await allSettled(adding)
    const sending = [this.#sendOffsets(sequences, offsets)]
    if (outbox.records > 0) sending.push(sequences.send(outbox))
    await allSettled(sending)
  }

  async #addPartitions({ identity }: Sequences, outbox: Outbox): Promise<void> {
    const topics = [...Map.groupBy(outbox.partitions, ({ topic }) => topic)].map(([name, of]) => ({
      name,
      partitions: of.map(({ partition }) => partition),
    }))
    const { transactionalId } = this.#options
    const transaction = {
      transactionalId,
      producerId: identity.id,
      producerEpoch: identity.epoch,
      verifyOnly: false,
      topics,
    }
    await this.#askCoordinator(
      (broker, purpose) =>
        // Later versions are for brokers among themselves: they ask for rights over the whole cluster.
        this.#cluster.call(purpose, broker, 'add partitions to transaction', addPartitionsToTxnV3.api, [
          transaction,
        ]),
      topics,
    )
  }

  async #addGroup({ identity }: Sequences, group: string): Promise<void> {
    const { transactionalId } = this.#options
    await this.#askCoordinator((broker, purpose) =>
      this.#cluster.call(
        purpose,
        broker,
        'add group to transaction',
        addOffsetsToTxnV3.api,
        transactionalId,
        identity.id,
        identity.epoch,
        group,
      ),
    )
  }

  async #sendOffsets({ identity }: Sequences, of: GroupOffsets): Promise<void> {
    const { transactionalId } = this.#options
    const topics = [...Map.groupBy(of.offsets, ({ topic }) => topic)].map(([name, partitions]) => ({
      name,
      partitions: partitions.map(({ partition, offset, note = '' }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: note,
      })),
    }))
    const send = async (generation: number) => {
      const broker = await this.#cluster.coordinator('group', of.group)
      await this.#cluster.call(
        this.#purpose,
        broker,
        'commit offsets',
        txnOffsetCommitV3.api,
        transactionalId,
        of.group,
        identity.id,
        identity.epoch,
        generation,
        of.place.memberId,
        of.instanceId,
        topics,
      )
    }
    await underGeneration(of.place, (generation) =>
      this.#cluster.retrying(
        () => send(generation),
        (error) => {
          this.#cluster.forgetCoordinator('group', of.group)
          return this.#lookFor(error, topics)
        },
      ),
    )
  }

  async #abort(sequences: Sequences): Promise<void> {
    try {
      if (!sequences.poisoned) await this.#end(sequences, false)
    } catch {
      // Beginning anew under the same name aborts it as well.
    }
    // What of it was written, and so how far the sequences are, is not known.
    sequences.poisoned = true
  }

  async #end({ identity }: Sequences, commit: boolean): Promise<void> {
    const { transactionalId } = this.#options
    await this.#askCoordinator((broker, purpose) =>
      this.#cluster.call(
        purpose,
        broker,
        'end transaction',
        endTxnV3.api,
        transactionalId,
        identity.id,
        identity.epoch,
        commit,
      ),
    )
  }

  /** The coordinator refuses the next transaction while it writes the marks of the last: a matter of milliseconds. */
  async #askCoordinator(
    ask: (broker: number, purpose: string) => Promise<unknown>,
    topics: readonly { readonly name: string }[] = [],
  ): Promise<void> {
    const { transactionalId } = this.#options
    await this.#cluster.retrying(
      async () => {
        const broker = await this.#cluster.coordinator('transaction', transactionalId)
        await ask(broker, this.#purpose)
      },
      (error) => {
        if (!error.has(code.concurrentTransactions)) {
          this.#cluster.forgetCoordinator('transaction', transactionalId)
        }
        return this.#lookFor(error, topics)
      },
      2,
    )
  }

  /** What is asked again for want of a topic is known to wait for it. */
  async #lookFor(error: BrokerError, topics: readonly { readonly name: string }[]): Promise<void> {
    if (error.has(code.unknownTopicOrPartition)) await this.#cluster.refresh(topics.map(({ name }) => name))
  }
}

/** Waits for all before it fails: nothing of a transaction may still be under way when it is aborted. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  const decisive = failed.find((each) => each instanceof BrokerError && each.has(...stale)) ?? failed[0]
  if (decisive !== undefined) throw decisive
}

function staleMember(offsets: GroupOffsets, cause: unknown): Error {
  const { group, place } = offsets
  const { generation } = place
  return topologyError.STALE_MEMBER({ group, generation, current: 'another' }, cause)
}
