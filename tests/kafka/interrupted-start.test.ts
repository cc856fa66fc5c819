import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeGroupsV5 } from '@platformatic/kafka'
import { Runner, TopologyBuilder } from '@weir/topology'
import { numberCodec, textCodec } from '@weir/topology/kit'
import { systemClock } from '../../topology/kit/clock.ts'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

const subscriptions = [{ topics: ['in'], partitions: 1 }]
const topics = [{ name: 'in', partitions: 1, encode: null, keep: 'all' }] as const

async function membersOf(group: string): Promise<number> {
  const cluster = await openCluster()
  const broker = await cluster.coordinator('group', group)
  const answer = await cluster.call('test', broker, 'describe', describeGroupsV5.api, [group], false)
  await cluster.close()
  return answer.groups[0]?.members.length ?? 0
}

test('who is told to stop while others have still to make room for it is no member then', async () => {
  const prefix = freshPrefix()
  // It does not hear that another has come, and so keeps the group from going on.
  const busy = await openKafka({ heartbeatMs: 600_000, sessionMs: 60_000, rebalanceMs: 120_000 }, prefix)
  const late = await openKafka({}, prefix)
  try {
    await busy.transport.ensureTopics(topics)
    await late.transport.ensureTopics(topics)
    const listener = { revoking: async () => {}, assigned: async () => {} }
    const member = await busy.transport.join('g', subscriptions, listener)
    const stop = new AbortController()
    const joining = late.transport.join('g', subscriptions, listener, stop.signal)
    joining.catch(() => {})
    while ((await membersOf(`${prefix}g`)) < 2) await systemClock.sleep(20)
    stop.abort()
    await assert.rejects(joining, { name: 'AbortError' })
    assert.equal(await membersOf(`${prefix}g`), 1)
    await member.leave()
  } finally {
    await late.close()
    await busy.close()
  }
})

test('a process that is told to stop while it restores stops, and has left', async () => {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const cluster = await openCluster()
  const plan = () => {
    const builder = new TopologyBuilder('app')
    builder
      .stream({ name: 'in', codec: textCodec })
      .groupByKey()
      .aggregate('count', { init: () => 0, add: (count) => count + 1, codec: numberCodec })
      .mapValues(String)
      .to({ name: 'out', codec: textCodec })
    return builder.build({ partitions: 1 })
  }
  try {
    const first = new Runner(plan(), transport)
    await first.start()
    await first.stop()
    // What it may have written to the state is for the coordinator to say, and that takes a minute.
    const changelog = `${prefix}app-count-changelog`
    await cluster.refresh([changelog])
    const open = await openTransaction(cluster, `${prefix}other`)
    await open.write(changelog, 0, [record('k', '1')])
    const stop = new AbortController()
    const restoring = Promise.withResolvers<void>()
    const runner = new Runner(plan(), transport, { onRestore: () => restoring.resolve() })
    const starting = runner.start(stop.signal)
    await restoring.promise
    stop.abort()
    await starting
    await runner.stop()
    assert.equal(runner.state, 'stopped')
    assert.equal(await membersOf(`${prefix}app`), 0)
    await open.end(false)
  } finally {
    await cluster.close()
    await close()
  }
})
