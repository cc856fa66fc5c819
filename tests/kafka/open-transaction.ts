import type { LogRecord } from '@weir/topology/transport'
import { systemClock } from '../../topology/kit/clock.ts'
import { addPartitionsToTxnV3, endTxnV3 } from '../../topology/transport/kafka/client.ts'
import type { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { Outbox } from '../../topology/transport/kafka/outbox.ts'
import { Sequences } from '../../topology/transport/kafka/producer.ts'

const utf8 = new TextEncoder()

export const record = (key: string, value: string | null, timeMs = 0): LogRecord => ({
  key,
  value: value === null ? null : utf8.encode(value),
  timestampMs: timeMs,
  streamTimeMs: timeMs,
})

export function outboxOf(topic: string, partition: number, records: readonly LogRecord[]): Outbox {
  const outbox = new Outbox(systemClock.nowMs())
  for (const each of records) {
    outbox.add(topic, partition, each, each.value instanceof Uint8Array ? each.value : null)
  }
  return outbox
}

export type OpenTransaction = {
  write(topic: string, partition: number, records: readonly LogRecord[]): Promise<void>
  end(commit: boolean): Promise<void>
}

/** A producer with a transaction that stays open until it is told how to end: what a process in the middle of a commit has. */
export async function openTransaction(cluster: Cluster, transactionalId: string): Promise<OpenTransaction> {
  const purpose = `test ${transactionalId}`
  const sequences = await Sequences.begin(cluster, {
    transactionalId,
    transactionTimeoutMs: 60_000,
    compression: 'none',
    purpose,
  })
  const { id, epoch } = sequences.identity
  const coordinator = () => cluster.coordinator('transaction', transactionalId)
  return {
    async write(topic, partition, records) {
      await cluster.retrying(async () => {
        const topics = [{ name: topic, partitions: [partition] }]
        const transaction = {
          transactionalId,
          producerId: id,
          producerEpoch: epoch,
          verifyOnly: false,
          topics,
        }
        await cluster.call(purpose, await coordinator(), 'add', addPartitionsToTxnV3.api, [transaction])
      })
      await sequences.send(outboxOf(topic, partition, records))
    },
    async end(commit) {
      await cluster.retrying(async () => {
        await cluster.call(
          purpose,
          await coordinator(),
          'end',
          endTxnV3.api,
          transactionalId,
          id,
          epoch,
          commit,
        )
      })
    },
  }
}
