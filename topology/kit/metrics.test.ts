import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineMetrics } from './metrics.ts'

const table = defineMetrics('weir_test', {
  records_total: { kind: 'counter', help: 'Records.', labels: ['step'] },
  tasks: { kind: 'gauge', help: 'Tasks.' },
  commit_seconds: { kind: 'histogram', help: 'Commits.', buckets: [0.1, 1] },
})

test('counters add up by label, gauges hold the last value', () => {
  const metrics = table.create()
  metrics.records_total.add(2, 'a')
  metrics.records_total.add(3, 'a')
  metrics.records_total.add(1, 'b')
  metrics.tasks.set(4)
  metrics.tasks.set(3)
  assert.equal(metrics.records_total.read('a'), 5)
  assert.deepEqual(
    [...metrics.records_total.samples()],
    [
      { labels: ['a'], value: 5 },
      { labels: ['b'], value: 1 },
    ],
  )
  assert.equal(metrics.tasks.read(), 3)
})

test('a value on a bound belongs to the bucket of that bound', () => {
  const metrics = table.create()
  for (const value of [0.1, 0.5, 2]) metrics.commit_seconds.observe(value)
  assert.deepEqual(metrics.commit_seconds.read(), { count: 3, sum: 2.6, buckets: [1, 1, 1] })
})

test('labels beyond the bound on series are counted together', () => {
  const metrics = table.create()
  for (let at = 0; at < 5_000; at += 1) metrics.records_total.add(1, `step ${at}`)
  const samples = [...metrics.records_total.samples()]
  assert.ok(samples.length <= 1_001)
  assert.equal(
    samples.reduce((sum, { value }) => sum + value, 0),
    5_000,
  )
})

test('two sets of one table count apart', () => {
  const [first, second] = [table.create(), table.create()]
  first.tasks.set(1)
  assert.equal(second.tasks.read(), 0)
})
