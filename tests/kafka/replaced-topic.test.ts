import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteTopicsV6 } from '@platformatic/kafka'
import { topics } from '@weir/schemas'
import { Runner, TopologyBuilder } from '@weir/topology'
import { type Log, textCodec } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import type { TopicNews } from '../../topology/transport/kafka/topic-news.ts'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { record } from './open-transaction.ts'

const noId = '00000000-0000-0000-0000-000000000000'
const spec = { partitions: 1, encode: null, keep: 'all' } as const

/** Under the same name, by a client that knows nothing of who reads it. */
async function replace(prefix: string, topic: string, records: number): Promise<void> {
  const cluster = await openCluster()
  const name = prefix + topic
  await cluster.refresh([name])
  const before = cluster.topic(name)?.id
  await cluster.askAny('delete', deleteTopicsV6.api, [{ name, topicId: noId }], 30_000)
  while (cluster.topic(name) !== undefined) {
    await sleep(20)
    await cluster.refresh([name])
  }
  const { transport, close } = await openKafka({}, prefix)
  await transport.ensureTopics([{ ...spec, name: topic }])
  await cluster.refresh([name])
  assert.notEqual(cluster.topic(name)?.id, before)
  await send(transport, records, topic)
  await close()
  await cluster.close()
}

async function send(transport: Transport, records: number, topic = 'in'): Promise<void> {
  await transport.producer().send(
    topic,
    Array.from({ length: records }, (_, at) => ({ ...record(`k${at}`, `v${at}`), timestampMs: at })),
  )
}

function runnerOn(transport: Transport): Runner {
  const builder = new TopologyBuilder('app')
  builder.stream({ name: 'in', codec: textCodec }).to({ name: 'out', codec: textCodec })
  return new Runner(builder.build({ partitions: 1 }), transport, { stores: 'memory', commitMs: 20 })
}

/** Events alone; a failure at the end is told by its event. */
function recorded(said: string[]): Log {
  const say = (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
    said.push(fields.failed === true ? `${event} failed` : event)
  }
  const log: Log = { debug: () => {}, info: say, warn: say, error: say, with: () => log }
  return log
}

const ledgerOf = (runner: Runner) => {
  const [input] = runner.view().tasks[0]?.inputs ?? []
  return { processed: input?.processed, skipped: input?.skipped, position: input?.position }
}

for (const [what, records] of [
  ['shorter', 30],
  ['longer', 170],
] as const) {
  test(`of a topic made anew under a running application, ${what} than it was, every record is read once`, async () => {
    const prefix = freshPrefix()
    const { transport, close } = await openKafka({}, prefix)
    try {
      const first = runnerOn(transport)
      await first.start()
      await send(transport, 100)
      while (first.totals.records < 100) await first.poll()
      await first.commit()
      const running = first.run(new AbortController().signal)
      const failing = assert.rejects(running, { code: 'TOPO_TOPIC_REPLACED' })
      await replace(prefix, 'in', records)
      await failing
      assert.equal(first.totals.records, 100)
      await first.stop()
      for (const restart of [false, true]) {
        const next = runnerOn(transport)
        await next.start()
        await next.runUntilIdle()
        assert.equal(next.totals.records, restart ? 0 : records)
        assert.deepEqual(ledgerOf(next), { processed: records, skipped: 0, position: records })
        await next.stop()
      }
    } finally {
      await close()
    }
  })
}

test('an offset that was committed of a topic since replaced is not taken for one of the new topic, and that is told', async () => {
  const prefix = freshPrefix()
  const news: TopicNews[] = []
  const { transport, close } = await openKafka({ onTopic: (each) => news.push(each) }, prefix)
  try {
    await transport.ensureTopics([{ ...spec, name: 'in' }])
    await send(transport, 5)
    const join = async () => {
      let generation = -1
      const member = await transport.join('g', [{ topics: ['in'], partitions: 1 }], {
        revoking: async () => {},
        assigned: async (_owned, of) => {
          generation = of
        },
      })
      const commit = (offset: number, note: string) =>
        member.commit({
          generation,
          inputs: [{ topic: 'in', partition: 0, offset, note }],
          outputs: [],
          changes: [],
        })
      return { member, commit }
    }
    const firstOf = async ({ member }: Awaited<ReturnType<typeof join>>) => {
      for (;;) {
        const { batches } = await member.fetch(() => 100)
        const [found] = batches.filter(({ records }) => records.length > 0)
        if (found !== undefined) return found.firstOffset
      }
    }
    const former = await join()
    await former.commit(2, 'two')
    // The brokers forget the offsets of a topic with the topic: this is who commits after that.
    await replace(prefix, 'in', 7)
    await former.commit(4, 'four')
    await former.member.leave()

    const next = await join()
    assert.equal(await firstOf(next), 0)
    assert.equal(next.member.noteOf('in', 0), '')
    assert.deepEqual(news, [{ is: 'replaced', topic: `${prefix}in`, partition: 0, position: 4 }])
    await next.commit(3, 'three')
    await next.member.leave()

    const last = await join()
    assert.equal(await firstOf(last), 3)
    assert.equal(last.member.noteOf('in', 0), 'three')
    assert.equal(news.length, 1)
    await last.member.leave()
  } finally {
    await close()
  }
})

test('processors start over by themselves when their input is made anew, and read all of it', async () => {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const stop = new AbortController()
  const runners: Runner[] = []
  const said: string[] = []
  const { name } = topics.flows
  const inputOf = (runner: Runner | undefined) =>
    runner
      ?.view()
      .tasks.flatMap(({ inputs }) => inputs)
      .find(({ topic }) => topic === name)
  try {
    await transport.ensureTopics([{ ...spec, name }])
    await send(transport, 20, name)
    const running = runProcessors(readSettings({ out: 'out', partitions: '1' }), transport, {
      commitMs: 20,
      untilIdleMs: null,
      idleMs: Number.POSITIVE_INFINITY,
      interruption: stop.signal,
      log: recorded(said),
      onRunner: (runner) => runners.push(runner),
    })
    while (inputOf(runners[0])?.deadLettered !== 20) await sleep(20)
    await replace(prefix, name, 9)
    while (inputOf(runners[1])?.deadLettered !== 9) await sleep(20)
    assert.equal(inputOf(runners[1])?.position, 9)
    stop.abort()
    await running
    assert.equal(runners.length, 2)
    const ends = said.filter((event) => /^(?:failed|starting-over|stopped.*)$/.test(event))
    assert.deepEqual(ends, ['starting-over', 'stopped-to-start-over', 'stopped'])
  } finally {
    stop.abort()
    await close()
  }
})
