import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batch } from '@weir/topology/transport'
import { systemClock } from '../../topology/kit/clock.ts'
import { ensureTopics } from '../../topology/transport/kafka/admin.ts'
import type { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { Fetcher, PartitionReader } from '../../topology/transport/kafka/fetcher.ts'
import { KafkaTransport } from '../../topology/transport/kafka/kafka-transport.ts'
import { freshPrefix, hasty, openCluster } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

async function withTopic(
  body: (cluster: Cluster, topic: string) => Promise<void>,
  configs: Record<string, string> = {},
): Promise<void> {
  const cluster = await openCluster()
  const topic = `${freshPrefix()}log`
  try {
    await ensureTopics(cluster, [{ name: topic, partitions: 1, configs }])
    await body(cluster, topic)
  } finally {
    await cluster.close()
  }
}

/** Keys that a reader from `from` on sees, up to the end of the log. */
async function keysFrom(
  cluster: Cluster,
  topic: string,
  from: number,
): Promise<{ keys: string[]; position: number }> {
  const fetcher = new Fetcher(cluster, 'test reader')
  const end = await fetcher.offsetOf(topic, 0, -1, false)
  const reader = new PartitionReader(topic, 0, from)
  const batches: Batch[] = []
  while (reader.position < end) {
    await fetcher.round([reader], 100)
    reader.take(1_000_000, batches)
  }
  return {
    keys: batches.flatMap(({ records }) => Array.from(records, ({ key }) => key)),
    position: reader.position,
  }
}

test('two aborted transactions of one producer in one answer hide what they wrote and nothing else', () =>
  withTopic(async (cluster, topic) => {
    for (const [name, commit] of [
      ['a', false],
      ['b', true],
      ['c', false],
      ['d', true],
    ] as const) {
      const transaction = await openTransaction(cluster, `${topic}-one`)
      await transaction.write(topic, 0, [record(`${name}1`, ''), record(`${name}2`, '')])
      await transaction.end(commit)
    }
    // Records and markers: a a - b b - c c - d d -
    for (let from = 0; from <= 12; from += 1) {
      const visible = ['b1', 'b2', 'd1', 'd2'].filter((_, at) => [3, 4, 9, 10][at]! >= from)
      assert.deepEqual((await keysFrom(cluster, topic, from)).keys, visible, `from ${from}`)
    }
  }))

test('transactions of two producers that overlap are told apart', () =>
  withTopic(async (cluster, topic) => {
    const kept = await openTransaction(cluster, `${topic}-kept`)
    const dropped = await openTransaction(cluster, `${topic}-dropped`)
    await dropped.write(topic, 0, [record('x1', '')])
    await kept.write(topic, 0, [record('k1', '')])
    await dropped.write(topic, 0, [record('x2', '')])
    await dropped.end(false)
    await kept.write(topic, 0, [record('k2', '')])
    await kept.end(true)
    assert.deepEqual((await keysFrom(cluster, topic, 0)).keys, ['k1', 'k2'])
  }))

test('an abort marker that comes in a later answer hides the records of an earlier one', () =>
  withTopic(async (cluster, topic) => {
    const transaction = await openTransaction(cluster, `${topic}-big`)
    // Each batch fills an answer by itself.
    const value = 'v'.repeat(800_000)
    for (const key of ['1', '2', '3', '4']) await transaction.write(topic, 0, [record(key, value)])
    await transaction.end(false)
    const after = await openTransaction(cluster, `${topic}-after`)
    await after.write(topic, 0, [record('seen', '')])
    await after.end(true)
    assert.deepEqual((await keysFrom(cluster, topic, 0)).keys, ['seen'])
  }))

test('a log that ends in aborted records and markers is read to its end', () =>
  withTopic(async (cluster, topic) => {
    const first = await openTransaction(cluster, `${topic}-tail`)
    await first.write(topic, 0, [record('kept', '')])
    await first.end(true)
    for (let n = 0; n < 3; n += 1) {
      const transaction = await openTransaction(cluster, `${topic}-tail`)
      await transaction.write(topic, 0, [record('gone', '')])
      await transaction.end(false)
    }
    const { keys, position } = await keysFrom(cluster, topic, 0)
    assert.deepEqual(keys, ['kept'])
    assert.equal(position, 8)
  }))

test('a store is restored to the end of its changelog, past deletions, aborted writes and a tail of markers', async () => {
  const transport = new KafkaTransport(hasty)
  const cluster = await openCluster()
  const store = `${freshPrefix()}changelog`
  try {
    await transport.ensureTopics([{ name: store, partitions: 2, encode: null, keep: 'latest' }])
    await cluster.refresh([store])
    const kept = await openTransaction(cluster, `${store}-a`)
    await kept.write(store, 1, [record('a', '1'), record('b', '1'), record('c', '1')])
    await kept.write(store, 1, [record('a', '2'), record('b', null)])
    await kept.end(true)
    const dropped = await openTransaction(cluster, `${store}-a`)
    await dropped.write(store, 1, [record('a', '3'), record('c', null)])
    await dropped.end(false)
    assert.deepEqual(
      await restored(transport, store),
      new Map([
        ['a', '2'],
        ['c', '1'],
      ]),
    )
  } finally {
    await cluster.close()
    await transport.close()
  }
})

test('a restore waits for what is not decided yet', async () => {
  const transport = new KafkaTransport(hasty)
  const cluster = await openCluster()
  const store = `${freshPrefix()}changelog`
  try {
    await transport.ensureTopics([{ name: store, partitions: 2, encode: null, keep: 'latest' }])
    await cluster.refresh([store])
    const open = await openTransaction(cluster, `${store}-a`)
    await open.write(store, 1, [record('a', '1')])
    let done = false
    const restoring = restored(transport, store).then((found) => {
      done = true
      return found
    })
    await systemClock.sleep(300)
    assert.equal(done, false)
    await open.end(true)
    assert.deepEqual(await restoring, new Map([['a', '1']]))
  } finally {
    await cluster.close()
    await transport.close()
  }
})

async function restored(transport: KafkaTransport, store: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const portion of transport.changelog(store, 1)) {
    for (const [key, value] of portion) {
      if (value === null) found.delete(key)
      else found.set(key, new TextDecoder().decode(value))
    }
  }
  return found
}
