import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { deleteTopicsV6 } from '@platformatic/kafka'
import { systemClock } from '../../topology/kit/clock.ts'
import { ensureTopics } from '../../topology/transport/kafka/admin.ts'
import { changelogSpan, readChangelog } from '../../topology/transport/kafka/changelog.ts'
import { ChangelogFollower } from '../../topology/transport/kafka/changelog-follower.ts'
import { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { brokers, freshPrefix } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

/** A changelog with an entry, for a client that gives up soon. */
async function changelog() {
  const cluster = new Cluster(
    { brokers, clientId: 'test', requestTimeoutMs: 10_000, giveUpMs: 1_500 },
    systemClock,
  )
  const topic = `${freshPrefix()}changelog`
  await ensureTopics(cluster, [{ name: topic, partitions: 1, configs: {} }])
  const transaction = await openTransaction(cluster, topic)
  await transaction.write(topic, 0, [record('k', 'v')])
  await transaction.end(true)
  return { cluster, topic }
}

/** Nobody leads it from then on, and nobody will. */
async function remove(cluster: Cluster, topic: string): Promise<void> {
  const [broker = -1] = cluster.brokerIds
  const topics = [{ name: topic, topicId: null }]
  await cluster.call('test', broker, 'delete topic', deleteTopicsV6.api, topics, 10_000)
}

test('a restore of which nobody has the rest gives up', async () => {
  const { cluster, topic } = await changelog()
  try {
    const span = await changelogSpan(cluster, 'test', topic, 0)
    await remove(cluster, topic)
    await assert.rejects(
      async () => {
        for await (const portion of readChangelog(cluster, 'test', topic, 0, span)) assert.ok(portion)
      },
      { code: 'TOPO_TOPIC_GONE' },
    )
  } finally {
    await cluster.close()
  }
})

test('who follows what nobody has any more gives up, and says so', async () => {
  const { cluster, topic } = await changelog()
  try {
    const follower = await ChangelogFollower.open(cluster, topic, 0)
    assert.equal(follower.take().length, 1)
    await remove(cluster, topic)
    await follower.news(new AbortController().signal)
    assert.throws(() => follower.take(), { code: 'TOPO_TOPIC_GONE' })
    await follower.close()
  } finally {
    await cluster.close()
  }
})

test('a broker that takes questions and answers none holds up the first of them alone', async () => {
  let asked = 0
  const silent = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => {
      asked += 1
    })
  })
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  assert.ok(address !== null && typeof address !== 'string')
  const cluster = new Cluster(
    {
      brokers: [`127.0.0.1:${address.port}`, ...brokers],
      clientId: 'test',
      requestTimeoutMs: 500,
      giveUpMs: 1_500,
    },
    systemClock,
  )
  try {
    await cluster.refresh([])
    assert.ok(cluster.brokerIds.length > 0)
    assert.equal(asked, 1)
    await cluster.refresh([])
    await cluster.coordinator('group', freshPrefix())
    assert.equal(asked, 1)
  } finally {
    await cluster.close()
    silent.close()
  }
})
