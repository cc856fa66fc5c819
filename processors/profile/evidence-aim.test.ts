import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evidence } from '@weir/schemas'
import { evidence } from '../testing/evidence.ts'
import { isAboutDestination, namesInFacts } from './evidence-aim.ts'

const about = (type: string, facts: Evidence['facts']) => evidence({ type, facts, dst: null, victim: null })

test('an upload is about its destination, and one to several is about none of them', () => {
  const one = about('DATA_UPLOAD', { host: 'backup.example.com' })
  assert.equal(isAboutDestination(one), true)
  assert.deepEqual(namesInFacts(one), ['backup.example.com'])
  const several = about('DATA_UPLOAD', { host: 'backup.example.com', destinations: 20 })
  assert.equal(isAboutDestination(several), false)
  assert.deepEqual(namesInFacts(several), [])
})

test('a scan is about no single destination', () => {
  assert.equal(isAboutDestination(about('HORIZONTAL_PORT_SCAN', {})), false)
})
