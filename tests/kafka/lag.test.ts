import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Runner, TopologyBuilder, tellView, topologyMetrics } from '@weir/topology'
import { MetricRegistry, numberCodec, textCodec } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { systemClock } from '../../topology/kit/clock.ts'
import { openKafka } from './broker-under-test.ts'
import { record } from './open-transaction.ts'

/** It may take as long as it takes a look, but comes. */
async function until(is: () => boolean): Promise<boolean> {
  for (let tries = 0; !is() && tries < 500; tries += 1) await systemClock.sleep(20)
  return is()
}

async function send(transport: Transport, records: number): Promise<void> {
  const all = Array.from({ length: records }, (_, at) => record(`k${at}`, 'v', at))
  await transport.producer().send('in', all)
}

test('how far a partition without room goes on is known all the while, and more so than at its last fetch', async () => {
  const { transport, close } = await openKafka()
  try {
    await transport.ensureTopics([{ name: 'in', partitions: 1, encode: null, keep: 'all' }])
    await send(transport, 10)
    const member = await transport.join('g', [{ topics: ['in'], partitions: 1 }], {
      revoking: async () => {},
      assigned: async () => {},
    })
    while (member.progressOf('in', 0)?.position !== 10) await member.fetch(() => 500)
    await send(transport, 1_000)
    await member.fetch(() => 0)
    assert.ok(await until(() => member.progressOf('in', 0)?.end === 1_010))
    assert.deepEqual(member.progressOf('in', 0), { position: 10, end: 1_010, skipped: 0 })
    await member.leave()
  } finally {
    await close()
  }
})

test('a task whose state is still on its way has a lag already', async () => {
  const { transport, close } = await openKafka()
  const opening = Promise.withResolvers<void>()
  try {
    const builder = new TopologyBuilder('app')
    builder
      .stream({ name: 'in', codec: textCodec })
      .groupByKey()
      .count('counts')
      .to({ name: 'out', codec: numberCodec })
    const plan = builder.build({ partitions: 1 })
    await transport.ensureTopics([{ name: 'in', partitions: 1, encode: null, keep: 'all' }])
    await send(transport, 7)
    const runner = new Runner(
      plan,
      {
        ...transport,
        async *changelog(...of) {
          if (of[0].includes('counts')) await opening.promise
          yield* transport.changelog(...of)
        },
      },
      { stores: 'memory' },
    )
    const starting = runner.start()
    const registry = await MetricRegistry.open()
    const metrics = registry.add(topologyMetrics)
    assert.ok(await until(() => runner.view().restoringInputs[0]?.end === 7))
    const view = runner.view()
    assert.deepEqual([view.restoring, view.ready, view.tasks], [1, false, []])
    tellView(view, metrics, 0)
    assert.match(await registry.text(), /^weir_topology_lag_records\{topic="in",partition="0"\} 7$/m)
    opening.resolve()
    await starting
    await runner.runUntilIdle()
    assert.equal(runner.totals.records, 7)
    assert.deepEqual(runner.view().restoringInputs, [])
    await runner.stop()
  } finally {
    opening.resolve()
    await close()
  }
})
