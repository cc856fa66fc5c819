import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Runner, TopologyBuilder, topologyMetrics } from '@weir/topology'
import { MetricRegistry, numberCodec, textCodec } from '@weir/topology/kit'
import { openKafka } from './broker-under-test.ts'

test('latency is told of each result, from when its input was sent, over every topic in between', async () => {
  const topic = (name: string) => ({ name, codec: textCodec, partitions: 2 })
  const builder = new TopologyBuilder('app')
  const found = builder.stream(topic('in')).groupBy('by-word', (word) => word)
  const count = { init: () => 0, add: (before: number) => before + 1, codec: numberCodec }
  found.aggregate('count', count).mapValues(String).to(topic('evidence'))
  builder.stream(topic('evidence')).groupByKey().aggregate('sum', count).mapValues(String).to(topic('alerts'))
  const plan = builder.build({ partitions: 2 })
  const { transport, close } = await openKafka()
  try {
    const registry = await MetricRegistry.open()
    const metrics = registry.add(topologyMetrics)
    const latency = async (what: 'count' | 'sum', of: string) =>
      registry.read(`weir_topology_end_to_end_latency_seconds_${what}`, { topic: of })
    const runner = new Runner(plan, transport, { metrics })
    await runner.start()
    // Event time lies years back, and says nothing of latency.
    const record = (n: number) => ({ key: `k${n}`, value: `w${n}`, timestampMs: n, streamTimeMs: n })
    const sentMs = Date.now()
    const records = Array.from({ length: 40 }, (_, n) => record(n))
    await transport.producer().send('in', records)
    await sleep(700)
    while (runner.totals.records < 120) {
      await runner.poll()
      await runner.commit()
      // What is waited for in between counts as well.
      await sleep(100)
    }
    await runner.commit()
    const tookMs = Date.now() - sentMs
    const means: number[] = []
    for (const topicName of ['evidence', 'alerts']) {
      assert.equal(await latency('count', topicName), 40, topicName)
      means.push((await latency('sum', topicName)) / 40)
    }
    const [evidence = 0, alerts = 0] = means
    assert.ok(evidence >= 0.7, `evidence ${evidence} s`)
    assert.ok(alerts >= evidence + 0.1, `alerts ${alerts} s after evidence ${evidence} s`)
    assert.ok(alerts <= tookMs / 1_000, `alerts ${alerts} s of ${tookMs} ms`)
    assert.equal(await latency('count', 'app-by-word-repartition'), 0)
    await runner.stop()
  } finally {
    await close()
  }
})
