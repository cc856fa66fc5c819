import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FlowRecord, flowCodec, topics } from '@weir/schemas'
import { encodeInputMark } from '@weir/topology'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { sampleRecords } from '../../schemas/sample-records.ts'
import { openKafka } from './broker-under-test.ts'

const settings = readSettings({ out: 'out', partitions: '1' })

test('a flow that says it lasted for ever is set aside, and the input comes to its end', async () => {
  const { transport, close } = await openKafka()
  try {
    const sample = sampleRecords.find((each): each is FlowRecord & { kind: 'conn' } => each.kind === 'conn')
    assert.ok(sample !== undefined)
    const flow = (durationMs: number) => ({
      key: `default|${sample.srcIp}`,
      // Bytes that another's encoder would have let through as well.
      value: flowCodec.encode({ ...sample, uid: `C${durationMs}`, durationMs }),
      timestampMs: sample.tsMs,
      streamTimeMs: sample.observedMs,
    })
    await transport.ensureTopics([{ name: topics.flows.name, partitions: 1, encode: null, keep: 'all' }])
    const producer = transport.producer()
    const mark = (says: 'begin' | 'end') => encodeInputMark({ writer: 'w', says }, sample.observedMs)
    await producer.sendToAll(topics.flows.name, mark('begin'))
    await producer.send(topics.flows.name, [1, Number.POSITIVE_INFINITY, Number.NaN, 2].map(flow))
    await producer.sendToAll(topics.flows.name, mark('end'))
    const totals = await runProcessors(settings, transport, {
      commitMs: 50,
      untilIdleMs: 500,
      idleMs: Number.POSITIVE_INFINITY,
      interruption: new AbortController().signal,
    })
    assert.deepEqual([totals.byTopic.get(topics.flows.name), totals.deadLetters], [2, 2])
  } finally {
    await close()
  }
})
