import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Plan, Runner, TopologyBuilder, tumbling } from '@weir/topology'
import { numberCodec, textCodec } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { freshPrefix, openKafka } from './broker-under-test.ts'

function plan(): Plan {
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: textCodec })
    .groupByKey()
    .windowedBy(tumbling(1_000))
    .aggregate('counts', { init: () => 0, add: (count) => count + 1, codec: numberCodec, silenceMs: 0 })
    .mapValues(({ value }) => String(value))
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions: 2 })
}

async function results(transport: Transport): Promise<string[]> {
  const found: string[] = []
  for (const partition of [0, 1]) {
    for await (const portion of transport.changelog('out', partition)) {
      for (const [, value] of portion) if (value !== null) found.push(textCodec.decode(value))
    }
  }
  return found
}

for (const end of ['stopped', 'killed'] as const) {
  test(`silence ends the windows of a process that was ${end} and started again, and once`, async () => {
    const prefix = freshPrefix()
    const first = await openKafka({}, prefix)
    const before = new Runner(plan(), first.transport, { idleMs: 3_600_000, tickMs: 100 })
    await before.start()
    const record = { key: 'a', value: 'x', timestampMs: 1_100, streamTimeMs: 1_100 }
    await first.transport.producer().send('in', [record])
    while (before.totals.records === 0) await before.poll()
    await before.commit()
    assert.deepEqual(await results(first.transport), [])
    if (end === 'stopped') await before.stop()
    await first.close()

    const second = await openKafka({}, prefix)
    const again = new Runner(plan(), second.transport, { idleMs: 200, tickMs: 100, commitMs: 50 })
    await again.start()
    const over = new AbortController()
    const running = again.run(over.signal)
    while ((await results(second.transport)).length === 0) await again.commit()
    over.abort()
    await running
    await again.stop()
    assert.deepEqual(await results(second.transport), ['1'])
    assert.equal(again.totals.records, 0)
    await second.close()
  })
}
