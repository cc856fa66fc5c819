import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evidence } from '@weir/schemas'
import { isAboutDestination, namesInFacts } from './evidence-aim.ts'

const evidence = (type: string, facts: Evidence['facts']): Evidence => ({
  id: '',
  type,
  detector: '',
  detectorVersion: 1,
  level: 'low',
  confidence: 1,
  tsMs: 0,
  observedMs: 0,
  site: '',
  profile: '',
  window: { startMs: 0, endMs: 1 },
  attacker: { direction: 'src', type: 'ip', value: '10.0.0.5' },
  victim: null,
  src: null,
  dst: null,
  proto: 'tcp',
  uids: [],
  communityId: '',
  techniques: [],
  description: '',
  facts,
  related: [],
})

test('an upload is about its destination, and one to several is about none of them', () => {
  const one = evidence('DATA_UPLOAD', { host: 'backup.example.com' })
  assert.equal(isAboutDestination(one), true)
  assert.deepEqual(namesInFacts(one), ['backup.example.com'])
  const several = evidence('DATA_UPLOAD', { host: 'backup.example.com', destinations: 20 })
  assert.equal(isAboutDestination(several), false)
  assert.deepEqual(namesInFacts(several), [])
})

test('a scan is about no single destination', () => {
  assert.equal(isAboutDestination(evidence('HORIZONTAL_PORT_SCAN', {})), false)
})
