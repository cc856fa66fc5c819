import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../kit/clock.ts'
import { openLog } from '../kit/log.ts'
import { MetricRegistry } from '../kit/metrics.ts'
import { topologyMetrics } from '../metrics.ts'
import { RestoreWatch } from './restore-watch.ts'

const at = (partition: number, done: number, entries = done) => ({
  store: 'count',
  partition,
  done,
  total: 100,
  entries,
})

test('restores that take long say every few seconds how far they are, and short ones nothing', async () => {
  const clock = new ManualClock()
  clock.moveBy(60_000)
  const told: unknown[] = []
  const write = (line: string) => {
    const { event, stores, done, total, entries } = JSON.parse(line)
    told.push([event, stores, done, total, entries])
  }
  const watch = new RestoreWatch(clock, openLog('test', 'info', { destination: { write } }), null)
  watch.heard(at(0, 0), [at(0, 0)])
  clock.moveBy(4_000)
  watch.heard(at(0, 100), [at(0, 100)])
  assert.equal(watch.ready(), 100)
  clock.moveBy(60_000)
  watch.heard(at(0, 0), [at(0, 0)])
  watch.heard(at(1, 0), [at(0, 0), at(1, 0)])
  watch.heard(at(1, 10), [at(0, 0), at(1, 10)])
  assert.deepEqual(told, [])
  clock.moveBy(5_000)
  watch.heard(at(0, 20), [at(0, 20), at(1, 10)])
  watch.heard(at(0, 30), [at(0, 30), at(1, 10)])
  assert.deepEqual(told, [['restoring', 2, 30, 200, 30]])
})

test('what is read is counted once, and again where a restore begins anew', async () => {
  const registry = await MetricRegistry.open()
  const watch = new RestoreWatch(new ManualClock(), null, registry.add(topologyMetrics))
  for (const [partition, done, entries] of [
    [0, 0, 0],
    [0, 50, 40],
    [1, 0, 0],
    [0, 100, 80],
    [1, 100, 100],
    [0, 0, 0],
    [0, 100, 80],
  ] as const) {
    watch.heard(at(partition, done, entries), [])
  }
  assert.equal(await registry.read('weir_topology_restored_entries_total', { store: 'count' }), 260)
  assert.equal(watch.ready(), 260)
  assert.equal(watch.ready(), 0)
})
