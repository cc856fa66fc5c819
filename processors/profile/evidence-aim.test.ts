import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Evidence } from '@weir/schemas'
import { evidence } from '../testing/evidence.ts'
import { isAboutDestination, namesInFacts, suspectsDestination } from './evidence-aim.ts'

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

test('a server is suspected by what it is said to do or to be', () => {
  const suspects = (type: string, given: Partial<Evidence> = {}) =>
    suspectsDestination(evidence({ type, ...given }))
  const dst = { ip: '93.184.216.34', port: 53, names: [], mac: '' }
  for (const type of [
    'VERTICAL_PORT_SCAN',
    'PASSWORD_GUESSING',
    'PORT_0_CONNECTION',
    'MULTIPLE_RECONNECTION_ATTEMPTS',
  ])
    assert.equal(suspects(type), false, `${type}: a victim`)
  assert.equal(suspects('SUSPICIOUS_USER_AGENT'), false)
  assert.equal(suspects('BEACON', { dst: null }), false)
  assert.equal(suspects('DATA_UPLOAD', { facts: { destinations: 20 } }), false, 'one of many')
  assert.equal(suspects('UNKNOWN_PORT', { facts: { established: false } }), false, 'nobody answered')
  assert.equal(suspects('THREAT_INTELLIGENCE_BLACKLISTED_DOMAIN', { dst }), false, 'a resolver')
  const caller = { direction: 'dst', type: 'ip', value: '93.184.216.99' } as const
  assert.equal(suspects('BEACON', { attacker: caller }), false, 'of somebody else')
  for (const type of ['BEACON', 'UNKNOWN_PORT', 'THREAT_INTELLIGENCE_BLACKLISTED_DOMAIN'])
    assert.equal(suspects(type, { facts: { established: true } }), true, type)
  assert.equal(suspects('BEACON', { dst }), true)
  assert.equal(suspects('VERTICAL_PORT_SCAN', { attacker: { ...caller, value: '93.184.216.34' } }), true)
})
