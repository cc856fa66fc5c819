import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteTopicsV6 } from '@platformatic/kafka'
import { Runner, TopologyBuilder } from '@weir/topology'
import { textCodec, WeirError } from '@weir/topology/kit'
import type { BrokerNews, TopicNews, Transport } from '@weir/topology/transport'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { record } from './open-transaction.ts'

const giveUpMs = 6_000

async function remove(name: string): Promise<void> {
  const cluster = await openCluster()
  const topicId = '00000000-0000-0000-0000-000000000000'
  await cluster.askAny('delete', deleteTopicsV6.api, [{ name, topicId }], 30_000)
  await cluster.close()
}

function runnerOn(transport: Transport): Runner {
  const builder = new TopologyBuilder('app')
  builder.stream({ name: 'in', codec: textCodec }).to({ name: 'out', codec: textCodec })
  return new Runner(builder.build({ partitions: 1 }), transport, { stores: 'memory', commitMs: 20 })
}

for (const topic of ['in', 'out']) {
  test(`a topic that is deleted under an application, ${topic}, is named while it is waited for and when it was for too long`, async () => {
    const prefix = freshPrefix()
    const ofTopics: TopicNews[] = []
    const ofBrokers: BrokerNews[] = []
    const { transport, close } = await openKafka(
      { giveUpMs, onTopic: (news) => ofTopics.push(news), onBrokers: (news) => ofBrokers.push(news) },
      prefix,
    )
    const name = `${prefix}${topic}`
    const runner = runnerOn(transport)
    try {
      await runner.start()
      const stop = new AbortController()
      const running = runner.run(stop.signal).then(
        () => null,
        (error: unknown) => error,
      )
      await transport.producer().send('in', [record('a', '1')])
      while (runner.totals.commits === 0) await sleep(20)
      await remove(name)
      if (topic === 'out') await transport.producer().send('in', [record('a', '2')])
      const sinceMs = performance.now()
      while (runner.view().gone === null) {
        assert.ok(performance.now() - sinceMs < 2 * giveUpMs)
        await sleep(20)
      }
      assert.equal(runner.view().gone?.topic, name)
      assert.equal(runner.view().ready, false)
      const error = await running
      const tookMs = performance.now() - sinceMs
      assert.ok(error instanceof WeirError)
      assert.equal(codesOf(error).at(-1), 'TOPO_TOPIC_GONE')
      assert.ok(messagesOf(error).includes(name), messagesOf(error))
      assert.ok(tookMs > giveUpMs - 500, `after ${tookMs} ms it may have come back`)
      const [first] = ofTopics
      assert.ok(first?.is === 'gone')
      assert.deepEqual([first.topic, first.giveUpMs], [name, giveUpMs])
      assert.deepEqual(ofBrokers, [], 'the brokers have answered all the while')
    } finally {
      await runner.stop().catch(() => {})
      await close()
    }
  })
}

function codesOf(error: unknown): readonly string[] {
  return error instanceof WeirError ? [error.code, ...codesOf(error.cause)] : []
}

function messagesOf(error: unknown): string {
  return error instanceof Error ? `${error.message} ${messagesOf(error.cause)}` : ''
}
