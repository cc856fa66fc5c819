/** A conn log onto the topic that both read. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type MessageToProduce, Producer } from '@platformatic/kafka'
import { KafkaTransport } from '../../../topology/transport/kafka/kafka-transport.ts'
import { Partitioner } from '../../../topology/transport/partitioner.ts'
import { connCodec, parseConn } from './conn.ts'

const portion = 5_000

/**
 * Gives the number of records. The topics must not exist yet. The yardstick's windows go by Kafka's timestamps, which ours says only of
 * when a record was sent: hence the library's own producer. Records are of their own day: no topic here may forget by time.
 */
export async function load(brokers: readonly string[], file: string, partitions: number): Promise<number> {
  const forEver = { 'retention.ms': '-1' }
  const transport = new KafkaTransport({
    brokers,
    topicConfigs: new Map(['conn-avro', 'out'].map((name) => [name, forEver])),
  })
  const partitioner = new Partitioner(partitions)
  const producer = new Producer({ clientId: 'load', bootstrapBrokers: [...brokers], acks: -1 })
  try {
    await transport.ensureTopics(
      ['conn-avro', 'out'].map((name) => ({ name, partitions, encode: null, keep: 'all' })),
    )
    let count = 0
    let messages: MessageToProduce[] = []
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (line === '' || line.startsWith('#')) continue
      const conn = parseConn(line)
      messages.push({
        topic: 'conn-avro',
        partition: partitioner.partitionOf(conn.src),
        key: Buffer.from(conn.src),
        value: Buffer.from(connCodec.encode(conn)),
        timestamp: BigInt(Math.trunc(conn.ts * 1000)),
      })
      count += 1
      if (messages.length < portion) continue
      await producer.send({ messages })
      messages = []
    }
    if (messages.length > 0) await producer.send({ messages })
    return count
  } finally {
    await producer.close()
    await transport.close()
  }
}
