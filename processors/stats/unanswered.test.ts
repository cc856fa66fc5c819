import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conn } from '../testing/flows.ts'
import { isUnanswered } from './unanswered.ts'

const failed = { established: false, state: 'S0', history: 'S', dstPkts: 0, dstBytes: 0 } as const

test('a SYN alone, repeated or refused went unanswered', () => {
  for (const history of ['S', 'SS', 'Sr', 'SR', 'SC']) {
    assert.equal(isUnanswered(conn({ ...failed, history })), true, history)
  }
})

test('a source that acknowledges or sends after its SYN was answered, whatever the sensor missed', () => {
  for (const history of ['SAD', 'SADdar', 'SaA', 'ScADdR']) {
    assert.equal(isUnanswered(conn({ ...failed, history, dstPkts: 1 })), false, history)
  }
  // A sensor that sees one way alone.
  for (const history of ['SAD', 'SADF', 'SDA']) {
    assert.equal(isUnanswered(conn({ ...failed, history, srcPkts: 5 })), false, history)
  }
})

test('a blind acknowledgement or payload behind a SYN is no sign of an answer', () => {
  for (const history of ['SA', 'SD', 'SAD', 'SAR']) {
    assert.equal(isUnanswered(conn({ ...failed, history, srcPkts: 3 })), true, history)
  }
  assert.equal(isUnanswered(conn({ ...failed, history: 'SA', srcPkts: 9 })), true)
  assert.equal(isUnanswered(conn({ ...failed, history: 'SAr', srcPkts: 2, dstPkts: 0 })), true)
})

test('probes that do not begin with a SYN are probes', () => {
  for (const history of ['A', 'F', 'D', '']) {
    assert.equal(isUnanswered(conn({ ...failed, history })), true, history)
  }
})

test('payload that came back is an answer', () => {
  assert.equal(isUnanswered(conn({ ...failed, dstPkts: 3, dstBytes: 600 })), false)
  assert.equal(isUnanswered(conn({ ...failed, proto: 'udp', history: 'Dd', dstBytes: 40 })), false)
  assert.equal(isUnanswered(conn({ ...failed, proto: 'udp', history: 'D' })), true)
})

test('other sensors are taken at their word: bytes may be headers, and one side may be all they see', () => {
  const refused = { source: 'argus', state: 'S_RA', history: 'S_RA', dstPkts: 1, dstBytes: 54 } as const
  assert.equal(isUnanswered(conn({ ...failed, ...refused })), true)
  const oneSided = { source: 'argus', state: 'SRPA_', history: 'SRPA_' } as const
  assert.equal(isUnanswered(conn({ ...failed, ...oneSided })), true)
})

test('an answer, and what the sensor could not tell, are not unanswered', () => {
  assert.equal(isUnanswered(conn({})), false)
  assert.equal(isUnanswered(conn({ ...failed, established: null })), false)
})
