/**
 * What was written first is met first, whichever partition it went to: else the silence between the records of one partition would end
 * in another what was only not fetched yet.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batch, Member } from '@weir/topology/transport'
import type { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { KafkaTransport } from '../../topology/transport/kafka/kafka-transport.ts'
import { freshPrefix, hasty, openCluster } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

/** By murmur2 to the first and to the third of four partitions. */
const first = ['21', 'a-little-bit-long-string'] as const
const third = 'foobar'

async function withMember(
  body: (member: Member, transport: KafkaTransport, topic: string, cluster: Cluster) => Promise<void>,
): Promise<void> {
  const cluster = await openCluster()
  const transport = new KafkaTransport(hasty)
  const topic = `${freshPrefix()}log`
  try {
    await transport.ensureTopics([{ name: topic, partitions: 4, encode: null, keep: 'all' }])
    await cluster.refresh([topic])
    const member = await transport.join(`${topic}-group`, [{ topics: [topic], partitions: 4 }], {
      revoking: async () => {},
      assigned: async () => {},
    })
    await body(member, transport, topic, cluster)
    await member.leave()
  } finally {
    await transport.close()
    await cluster.close()
  }
}

test('what came to a partition is met before what came to another later, however much of that one waits', () =>
  withMember(async (member, transport, topic) => {
    const producer = transport.producer()
    const backlog = Array.from({ length: 1_000 }, () => record(first[0], 'x'.repeat(1_000)))
    for (let i = 0; i < 3; i += 1) await producer.send(topic, backlog)
    const firstSeen = new Map<string, number>()
    let fetches = 0
    const fetch = async () => {
      fetches += 1
      const { batches } = await member.fetch(() => 10)
      for (const { key } of batches.flatMap(({ records }) => [...records]))
        if (!firstSeen.has(key)) firstSeen.set(key, fetches)
    }
    while (firstSeen.size === 0) await fetch()
    await producer.send(topic, [record(third, 'early')])
    await producer.send(topic, [...backlog, record(first[1], 'late')])
    while (firstSeen.size < 3) await fetch()
    const [early = Number.NaN, late = Number.NaN] = [third, first[1]].map((key) => firstSeen.get(key))
    assert.ok(early <= late, `early in fetch ${early}, late in fetch ${late}`)
  }))

test('records that wait for the marker of their transaction hold back what other partitions got after them', () =>
  withMember(async (member, _transport, topic, cluster) => {
    const transaction = await openTransaction(cluster, `${topic}-one`)
    await transaction.write(topic, 2, [record('early', '')])
    const other = await openTransaction(cluster, `${topic}-two`)
    await other.write(topic, 0, [record('late', '')])
    await other.end(true)
    const fetch = async () => {
      for (;;) {
        const { batches } = await member.fetch(() => 10)
        if (batches.length > 0) return new Map(batches.map((batch) => [batch.partition, batch]))
      }
    }
    const keysOf = (batch: Batch | undefined) => [...(batch?.records ?? [])].map(({ key }) => key)
    const before = await fetch()
    assert.deepEqual(keysOf(before.get(0)), ['late'])
    assert.deepEqual([keysOf(before.get(2)), before.get(2)?.more], [[], true])
    await transaction.end(true)
    assert.deepEqual(keysOf((await fetch()).get(2)), ['early'])
  }))
