import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DetectionCounters } from '@weir/processors'
import { MetricRegistry } from '@weir/topology/kit'
import { DetectionTeller, detectionMetrics } from './detection-metrics.ts'

test('all that detection counts is told, and what is told twice is not added twice', async () => {
  const counters = new DetectionCounters()
  const registry = await MetricRegistry.open()
  const counts = () => ({
    rules: 3,
    indicators: 4,
    refused: new Map([['weir.intel.v1', 2]]),
    unreadableFiles: 1,
  })
  const teller = new DetectionTeller(counters, { counts }, registry.add(detectionMetrics))
  const fill = () => {
    counters.suppressed('rule')
    counters.dropped('other rule')
    counters.failed('beacon', new Error())
    counters.late('beacon')
    counters.late('dns-tunnel')
    counters.flooded('dns-tunnel')
    counters.lateEvidence += 1
    counters.outsiders += 1
  }
  const told = async () => {
    teller.tell()
    const read = (name: string, labels: Record<string, string> = {}) =>
      registry.read(`weir_processors_${name}`, labels)
    return [
      await read('suppressed_evidence_total', { rule: 'rule' }),
      await read('whitelisted_records_total', { rule: 'other rule' }),
      await read('detector_failures_total', { detector: 'beacon' }),
      await read('late_records_total', { detector: 'beacon' }),
      await read('late_records_total', { detector: 'dns-tunnel' }),
      await read('flooded_evidence_total', { detector: 'dns-tunnel' }),
      await read('late_evidence_total'),
      await read('outsider_records_total'),
    ]
  }
  assert.deepEqual(await told(), [0, 0, 0, 0, 0, 0, 0, 0])
  fill()
  assert.deepEqual(await told(), [1, 1, 1, 1, 1, 1, 1, 1])
  assert.deepEqual(await told(), [1, 1, 1, 1, 1, 1, 1, 1])
  fill()
  assert.deepEqual(await told(), [2, 2, 2, 2, 2, 2, 2, 2])
  assert.equal(await registry.read('weir_processors_unreadable_indicator_files', {}), 1)
})
