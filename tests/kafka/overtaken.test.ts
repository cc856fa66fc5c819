import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Batch } from '@weir/topology/transport'
import { deleteRecordsV2 } from '../../topology/transport/kafka/client.ts'
import type { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { Fetcher, PartitionReader } from '../../topology/transport/kafka/fetcher.ts'
import { KafkaTransport } from '../../topology/transport/kafka/kafka-transport.ts'
import { freshPrefix, hasty, openCluster } from './broker-under-test.ts'

let cluster: Cluster
let transport: KafkaTransport
before(async () => {
  cluster = await openCluster()
  transport = new KafkaTransport(hasty)
})
after(async () => {
  await transport.close()
  await cluster.close()
})

async function logOf(records: number): Promise<string> {
  const topic = `${freshPrefix()}log`
  await transport.ensureTopics([{ name: topic, partitions: 1, encode: null, keep: 'all' }])
  await send(topic, records)
  await cluster.refresh([topic])
  return topic
}

async function send(topic: string, records: number): Promise<void> {
  const value = new Uint8Array(10)
  const all = Array.from({ length: records }, (_, at) => ({
    key: 'k',
    value,
    timestampMs: at,
    streamTimeMs: Number.NaN,
  }))
  await transport.producer().send(topic, all)
}

async function deleteBefore(topic: string, offset: number): Promise<void> {
  const asked = [{ name: topic, partitions: [{ partitionIndex: 0, offset: BigInt(offset) }] }]
  await cluster.call('test', cluster.leaderOf(topic, 0), 'delete', deleteRecordsV2.api, asked, 10_000)
}

function offsetsOf(reader: PartitionReader): readonly number[] {
  const batches: Batch[] = []
  reader.take(Number.POSITIVE_INFINITY, batches)
  return batches.flatMap(({ records, firstOffset, offsets }) =>
    Array.from(records, (_, at) => offsets?.[at] ?? firstOffset + at),
  )
}

test('a reader that retention has overtaken reads all that is left, also when two ask for it at once', async () => {
  const topic = await logOf(1_000)
  await deleteBefore(topic, 500)
  const [one, other] = [new Fetcher(cluster, 'one'), new Fetcher(cluster, 'other')]
  // Connected already, both hear the same of the broker.
  for (const fetcher of [one, other]) await fetcher.round([new PartitionReader(topic, 0, 999)], 0)
  const reader = new PartitionReader(topic, 0, 100)
  await Promise.all([one.round([reader], 0), other.round([reader], 0)])
  const read: number[] = []
  while (reader.position < 1_000) {
    await one.round([reader], 0)
    read.push(...offsetsOf(reader))
  }
  assert.deepEqual(
    read,
    Array.from({ length: 500 }, (_, at) => 500 + at),
  )
  assert.equal(reader.skipped, 400)
})

test('a reader that stands beyond the end of its log reads on from there and tells so, and nothing was skipped', async () => {
  const topic = await logOf(10)
  const told: unknown[] = []
  const fetcher = new Fetcher(cluster, 'beyond', (news) => told.push(news))
  const reader = new PartitionReader(topic, 0, 100)
  await fetcher.round([reader], 0)
  assert.deepEqual(offsetsOf(reader), [])
  assert.equal(reader.position, 10)
  assert.deepEqual(told, [{ is: 'cut', topic, partition: 0, from: 100, to: 10 }])
  await send(topic, 5)
  await fetcher.round([reader], 1_000)
  assert.deepEqual(offsetsOf(reader), [10, 11, 12, 13, 14])
  assert.equal(reader.skipped, 0)
})
