import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Runner, TopologyBuilder } from '@weir/topology'
import { type Log, textCodec } from '@weir/topology/kit'
import { ManualClock } from '../../topology/kit/clock.ts'
import { stallLookMs, stallMs } from '../../topology/tasks/stall-watch.ts'
import { freshPrefix, openKafka } from './broker-under-test.ts'
import { record } from './open-transaction.ts'

test('records that lie in a topic and are not processed for a minute are told of, and that they are at last', async () => {
  const away = Promise.withResolvers<void>()
  const { transport, close } = await openKafka({ prepare: () => away.promise }, freshPrefix())
  const clock = new ManualClock(1_000)
  const said: string[] = []
  const warn = (event: string, { records = '' }: Readonly<Record<string, unknown>> = {}) => {
    said.push(`${event} ${records}`.trim())
  }
  const log: Log = { debug: () => {}, info: () => {}, error: () => {}, warn, with: () => log }
  const builder = new TopologyBuilder('app')
  builder.stream({ name: 'in', codec: textCodec }).to({ name: 'out', codec: textCodec })
  const runner = new Runner(builder.build({ partitions: 1 }), transport, { stores: 'memory', clock, log })
  const lag = () => {
    const [input] = runner.view().tasks[0]?.inputs ?? []
    return (input?.end ?? 0) - (input?.position ?? 0)
  }
  const look = async (ms: number) => {
    for (let passedMs = 0; passedMs < ms; passedMs += stallLookMs) {
      clock.moveBy(stallLookMs)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  try {
    await runner.start()
    await transport.producer().send('in', [record('a', '1'), record('b', '2')])
    for (let tries = 0; lag() < 2; tries += 1) {
      assert.ok(tries < 100)
      await runner.poll()
    }
    await look(stallMs)
    assert.deepEqual(said, [])
    await look(stallLookMs)
    assert.deepEqual(said, ['stalled 2'])
    away.resolve()
    while (runner.totals.records < 2) await runner.poll()
    await look(stallLookMs)
    assert.deepEqual(said, ['stalled 2', 'moving-again'])
  } finally {
    away.resolve()
    await runner.stop()
    await close()
  }
})
