import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../topology/kit/clock.ts'
import { Fetcher } from '../../topology/transport/kafka/fetcher.ts'
import type { TopicNews } from '../../topology/transport/kafka/topic-news.ts'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { record } from './open-transaction.ts'

test('what is committed of a topic that nobody else reads is deleted with the first commit', async () => {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const cluster = await openCluster()
  try {
    await transport.ensureTopics([{ name: 'between', partitions: 1, encode: null, keep: 'consumed' }])
    await cluster.refresh([`${prefix}between`])
    const keys = ['a', 'b', 'c', 'd', 'e']
    await transport.producer().send(
      'between',
      keys.map((key) => record(key, '')),
    )
    let generation = -1
    const member = await transport.join('g', [{ topics: ['between'], partitions: 1 }], {
      revoking: async () => {},
      assigned: async (_owned, of) => {
        generation = of
      },
    })
    const inputs = [{ topic: 'between', partition: 0, offset: 3 }]
    await member.commit({ generation, inputs, outputs: [], changes: [] })
    const first = () => new Fetcher(cluster, 'test').offsetOf(`${prefix}between`, 0, -2, false)
    // Nobody waits for it: it follows the commit.
    for (let tries = 0; (await first()) === 0 && tries < 500; tries += 1) await systemClock.sleep(20)
    assert.equal(await first(), 3)
  } finally {
    await cluster.close()
    await close()
  }
})

test('that brokers will not delete what was read is told each time, and the commit stands', async () => {
  const news: TopicNews[] = []
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({ onTopic: (each) => news.push(each) }, prefix)
  try {
    // Of a compacted topic nothing may be deleted, whoever asks.
    const compacted = { name: 'between', partitions: 1, encode: null, keep: 'latest' } as const
    await transport.ensureTopics([compacted])
    await transport.ensureTopics([{ ...compacted, keep: 'consumed' }])
    await transport.producer().send('between', [record('a', ''), record('b', '')])
    let generation = -1
    const member = await transport.join('g', [{ topics: ['between'], partitions: 1 }], {
      revoking: async () => {},
      assigned: async (_owned, of) => {
        generation = of
      },
    })
    const inputs = [{ topic: 'between', partition: 0, offset: 1 }]
    await member.commit({ generation, inputs, outputs: [], changes: [] })
    for (let tries = 0; news.length === 0 && tries < 500; tries += 1) await systemClock.sleep(20)
    assert.deepEqual(
      news.map(
        (each) => each.is === 'unpurged' && { is: each.is, topic: each.topic, partition: each.partition },
      ),
      [{ is: 'unpurged', topic: `${prefix}between`, partition: 0 }],
    )
    assert.equal(await transport.committed('g', 'between', 0), 1)
    await member.leave()
  } finally {
    await close()
  }
})
