/** A conn log onto the topic that both read. Records are of their own day: no topic here may forget by time. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { LogRecord } from '@weir/topology/transport'
import { KafkaTransport } from '../../../topology/transport/kafka/kafka-transport.ts'
import { connCodec, parseConn } from './conn.ts'

const portion = 5_000

/** Gives the number of records. The topics must not exist yet. */
export async function load(brokers: readonly string[], file: string, partitions: number): Promise<number> {
  const forEver = { 'retention.ms': '-1' }
  const transport = new KafkaTransport({
    brokers,
    topicConfigs: new Map(['conn-avro', 'out'].map((name) => [name, forEver])),
  })
  try {
    await transport.ensureTopics(
      ['conn-avro', 'out'].map((name) => ({ name, partitions, encode: null, keep: 'all' })),
    )
    const producer = transport.producer()
    let count = 0
    let records: LogRecord[] = []
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (line === '' || line.startsWith('#')) continue
      const conn = parseConn(line)
      const timestampMs = Math.trunc(conn.ts * 1000)
      records.push({ key: conn.src, value: connCodec.encode(conn), timestampMs, streamTimeMs: Number.NaN })
      count += 1
      if (records.length < portion) continue
      await producer.send('conn-avro', records)
      records = []
    }
    await producer.send('conn-avro', records)
    return count
  } finally {
    await transport.close()
  }
}
