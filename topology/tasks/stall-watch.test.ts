import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { ManualClock } from '../kit/clock.ts'
import type { Log } from '../kit/log.ts'
import { MetricRegistry } from '../kit/metrics.ts'
import { topologyMetrics } from '../metrics.ts'
import type { TaskView } from './runner-view.ts'
import { StallWatch, stallMs } from './stall-watch.ts'

type Input = TaskView['inputs'][number]

function task(partition: number, of: Partial<Input> = {}): TaskView {
  const counts = { read: 0, processed: 0, deadLettered: 0, deletions: 0, marks: 0, inMemory: 0, skipped: 0 }
  const place = { topic: 'in', partition, position: 5, end: 9, awaits: [], streamTimeMs: null }
  const inputs = [{ ...counts, ...place, ...of }]
  return { task: `0_${partition}`, subTopology: 0, partition, inputs, stores: [] }
}

describe('tasks that stand still', () => {
  let clock = new ManualClock()
  let said: unknown[] = []
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: (event, fields) => said.push([event, fields]),
    error: () => {},
    with: () => log,
  }
  beforeEach(() => {
    clock = new ManualClock()
    said = []
  })

  test('are none while they move, have nothing waiting, or wait for others with what they have', () => {
    const watch = new StallWatch(clock, log, null)
    for (let at = 0; at < 4; at += 1) {
      const end = 100
      watch.look([task(0, { position: at, end }), task(1, { end: 5 }), task(2, { inMemory: 3 })], true)
      clock.moveBy(stallMs)
    }
    assert.deepEqual(said, [])
  })

  test('are told of once, with how many records wait, and again when they move', async () => {
    const registry = await MetricRegistry.open()
    const watch = new StallWatch(clock, log, registry.add(topologyMetrics))
    const stalled = () => registry.read('weir_topology_stalled_tasks')
    watch.look([task(0), task(1)], false)
    clock.moveBy(stallMs - 1)
    watch.look([task(0), task(1)], false)
    assert.deepEqual([said, await stalled()], [[], 0])
    clock.moveBy(1)
    watch.look([task(0), task(1, { position: 6 })], false)
    clock.moveBy(30_000)
    watch.look([task(0), task(1, { position: 6 })], false)
    assert.deepEqual(said, [['stalled', { tasks: 1, first: ['0_0'], records: 4, forSeconds: 60 }]])
    assert.equal(await stalled(), 1)
    watch.look([task(0, { position: 9 }), task(1, { position: 9 })], false)
    assert.deepEqual(said.slice(1), [['moving-again', { forSeconds: 90 }]])
    assert.equal(await stalled(), 0)
  })

  test('that are given away and come back begin anew', () => {
    const watch = new StallWatch(clock, log, null)
    watch.look([task(0)], false)
    clock.moveBy(stallMs / 2)
    watch.look([], false)
    clock.moveBy(stallMs / 2)
    watch.look([task(0)], false)
    assert.deepEqual(said, [])
  })
})
