import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batch, LogRecord } from '@weir/topology/transport'
import { Fetcher, PartitionReader } from '../../topology/transport/kafka/fetcher.ts'
import { KafkaTransport } from '../../topology/transport/kafka/kafka-transport.ts'
import { freshPrefix, hasty, openCluster } from './broker-under-test.ts'

const partitions = 4
const mebibyte = 1_048_576

/** Eight mebibytes a partition, in batches of this many records of a kilobyte. */
async function backlog(topic: string, batchRecords: number): Promise<number> {
  const transport = new KafkaTransport(hasty)
  try {
    await transport.ensureTopics([{ name: topic, partitions, encode: null, keep: 'all' }])
    const producer = transport.producer()
    const value = new Uint8Array(1_000)
    const total = 8 * partitions * 1_024
    let sent = 0
    while (sent < total) {
      const records: LogRecord[] = []
      while (records.length < batchRecords * partitions && sent < total) {
        records.push({ key: `key-${sent}`, value, timestampMs: Date.now(), streamTimeMs: Number.NaN })
        sent += 1
      }
      await producer.send(topic, records)
    }
    return sent
  } finally {
    await transport.close()
  }
}

for (const [size, batchRecords] of [
  ['small', 50],
  // Far more than the share of a partition in an answer.
  ['great', 700],
] as const) {
  test(`however much waits in ${size} batches, a reader holds two shares of it, and in the end has read all`, async () => {
    const topic = `${freshPrefix()}backlog`
    const sent = await backlog(topic, batchRecords)
    const cluster = await openCluster()
    try {
      await cluster.refresh([topic])
      const fetcher = new Fetcher(cluster, 'test reader')
      const readers = Array.from({ length: partitions }, (_, at) => new PartitionReader(topic, at, 0))
      let read = 0
      let most = 0
      while (read < sent) {
        // Nobody takes anything meanwhile: it must not pile up.
        for (let rounds = 0; rounds < 5; rounds += 1) await fetcher.round(readers, 100)
        most = Math.max(most, ...readers.map(({ heldBytes }) => heldBytes))
        const batches: Batch[] = []
        for (const reader of readers) reader.take(Number.POSITIVE_INFINITY, batches)
        const before = read
        for (const { records } of batches) read += records.length
        assert.ok(read > before)
      }
      assert.equal(read, sent)
      assert.ok(most <= (size === 'small' ? mebibyte / 4 : 1.5 * mebibyte), `${most} bytes`)
    } finally {
      await cluster.close()
    }
  })
}
