import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineMetrics, MetricRegistry } from './metrics.ts'

const table = defineMetrics('weir_test', {
  records_total: { kind: 'counter', help: 'Records.', labels: ['step'] },
  tasks: { kind: 'gauge', help: 'Tasks.' },
  lag_records: { kind: 'gauge', help: 'Lag.', labels: ['topic'] },
  commit_seconds: { kind: 'histogram', help: 'Commits.', buckets: [0.1, 1] },
})

async function opened() {
  const registry = await MetricRegistry.open()
  return { registry, metrics: registry.add(table) }
}

test('counters add up by label, gauges hold the last value', async () => {
  const { registry, metrics } = await opened()
  metrics.records_total.add(2, 'a')
  metrics.records_total.add(3, 'a')
  metrics.records_total.add(1, 'b')
  metrics.tasks.set(4)
  metrics.tasks.set(3)
  assert.equal(await registry.read('weir_test_records_total', { step: 'a' }), 5)
  assert.equal(await registry.read('weir_test_records_total', { step: 'b' }), 1)
  assert.equal(await registry.read('weir_test_tasks'), 3)
})

test('a value on a bound belongs to the bucket of that bound', async () => {
  const { registry, metrics } = await opened()
  for (const value of [0.1, 0.5, 2]) metrics.commit_seconds.observe(value)
  const text = await registry.text()
  assert.match(text, /weir_test_commit_seconds_bucket\{le="0.1"\} 1\n/)
  assert.match(text, /weir_test_commit_seconds_bucket\{le="1"\} 2\n/)
  assert.match(text, /weir_test_commit_seconds_bucket\{le="\+Inf"\} 3\n/)
  assert.equal(await registry.read('weir_test_commit_seconds_count'), 3)
})

test('labels beyond the bound on series are counted together', async () => {
  const { registry, metrics } = await opened()
  for (let at = 0; at < 5_000; at += 1) metrics.records_total.add(1, `step ${at}`)
  const lines = (await registry.text())
    .split('\n')
    .filter((line) => line.startsWith('weir_test_records_total{'))
  assert.ok(lines.length <= 1_001)
  assert.equal(await registry.read('weir_test_records_total', { step: 'other' }), 4_000)
})

test('a gauge that was cleared tells nothing of what it held', async () => {
  const { registry, metrics } = await opened()
  metrics.lag_records.set(7, 'flows')
  metrics.lag_records.clear()
  assert.doesNotMatch(await registry.text(), /lag_records\{/)
})

test('two registries count apart', async () => {
  const [first, second] = [await opened(), await opened()]
  first.metrics.tasks.set(1)
  assert.equal(await second.registry.read('weir_test_tasks'), 0)
})
