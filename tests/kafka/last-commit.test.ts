import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Runner, TopologyBuilder } from '@weir/topology'
import { textCodec } from '@weir/topology/kit'
import { openKafka } from './broker-under-test.ts'

/** State as long as the input says. */
function plan() {
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: textCodec })
    .groupByKey()
    .aggregate('long', {
      init: () => '',
      add: (_before, length) => 'x'.repeat(Number(length)),
      codec: textCodec,
    })
    .mapValues((value) => String(value.length))
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions: 1 })
}

async function processed(length: number) {
  const opened = await openKafka()
  const runner = new Runner(plan(), opened.transport, { stores: 'memory', commitMs: 600_000 })
  await runner.start()
  const record = { key: 'k', value: String(length), timestampMs: 1, streamTimeMs: 1 }
  await opened.transport.producer().send('in', [record])
  while (runner.totals.records < 1) await runner.poll()
  return { ...opened, runner }
}

test('a last commit that is refused is the end of the process, not a stop like any other', async () => {
  const { transport, runner, close } = await processed(17_000_000)
  await assert.rejects(runner.stop(), { code: 'TOPO_STATE_TOO_LARGE' })
  assert.equal(await transport.committed('app', 'in', 0), 0)
  await close()
})

test('who has lost its place before it stops says that its work is left to others', async () => {
  const { transport, runner, expelOthers, close } = await processed(1)
  const reader = await transport.join('readers', [{ topics: ['out'], partitions: 1 }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  await expelOthers('app', reader)
  await assert.rejects(runner.stop(), { code: 'TOPO_STALE_MEMBER' })
  assert.equal(await transport.committed('app', 'in', 0), 0)
  await reader.leave()
  await close()
})

test('a last commit that happens is there', async () => {
  const { transport, runner, close } = await processed(1)
  await runner.stop()
  assert.equal(await transport.committed('app', 'in', 0), 1)
  await close()
})
