import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topologyMetrics } from '@weir/topology'
import { MetricRegistry } from '@weir/topology/kit'
import { topicTeller } from './topic-teller.ts'

test('that a topic cannot be purged is said once of it, and counted each time', async () => {
  const registry = await MetricRegistry.open()
  const said: string[] = []
  const tell = topicTeller(
    { warn: (event, { topic } = {}) => said.push(`${event} ${topic}`) },
    registry.add(topologyMetrics),
  )
  const error = new Error('no right')
  for (const [topic, partition] of [
    ['a', 0],
    ['a', 1],
    ['b', 0],
  ] as const) {
    tell({ is: 'unpurged', topic, partition, error })
  }
  assert.deepEqual(said, ['topic-not-purged a', 'topic-not-purged b'])
  assert.equal(await registry.read('weir_topology_purge_failures_total', { topic: 'a' }), 2)
})

test('every partition that is read from its beginning again is said, with how far the former topic had been read', async () => {
  const registry = await MetricRegistry.open()
  const said: unknown[] = []
  const tell = topicTeller(
    { warn: (event, fields) => said.push([event, fields]) },
    registry.add(topologyMetrics),
  )
  tell({ is: 'replaced', topic: 'a', partition: 0, position: 7 })
  tell({ is: 'replaced', topic: 'a', partition: 1, position: 8 })
  tell({ is: 'cut', topic: 'a', partition: 1, from: 9, to: 5 })
  assert.deepEqual(said, [
    ['topic-replaced', { topic: 'a', partition: 0, position: 7 }],
    ['topic-replaced', { topic: 'a', partition: 1, position: 8 }],
    ['log-cut', { topic: 'a', partition: 1, from: 9, to: 5 }],
  ])
})

test('a topic that is gone is said with how long it has been missed and will be waited for', async () => {
  const registry = await MetricRegistry.open()
  const said: unknown[] = []
  const tell = topicTeller(
    { warn: (event, fields) => said.push([event, fields]) },
    registry.add(topologyMetrics),
  )
  tell({ is: 'gone', topic: 'a', forMs: 3_100, giveUpMs: 300_000 })
  tell({ is: 'back', topic: 'a', forMs: 59_900 })
  assert.deepEqual(said, [
    ['topic-gone', { topic: 'a', forSeconds: 3, givesUpAfterSeconds: 300 }],
    ['topic-back', { topic: 'a', forSeconds: 60 }],
  ])
})
