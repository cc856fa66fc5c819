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
    assert.equal(isUnanswered(conn({ ...failed, history })), false, history)
  }
})

test('probes that do not begin with a SYN are probes', () => {
  for (const history of ['A', 'F', 'D', '']) {
    assert.equal(isUnanswered(conn({ ...failed, history })), true, history)
  }
})

test('payload that came back is an answer, headers on the wire are not', () => {
  assert.equal(isUnanswered(conn({ ...failed, dstPkts: 3, dstBytes: 600 })), false)
  const argus = { ...failed, source: 'argus', state: 'S_RA', history: 'S_RA' } as const
  assert.equal(isUnanswered(conn({ ...argus, dstPkts: 1, dstBytes: 54 })), true)
  assert.equal(isUnanswered(conn({ ...argus, dstPkts: 2, dstBytes: 900 })), false)
})

test('one flow sensor sees one side of many: what its source sent proves nothing', () => {
  const oneSided = { ...failed, source: 'argus', state: 'SRPA_', history: 'SRPA_' } as const
  assert.equal(isUnanswered(conn(oneSided)), true)
})

test('an answer, and what the sensor could not tell, are not unanswered', () => {
  assert.equal(isUnanswered(conn({})), false)
  assert.equal(isUnanswered(conn({ ...failed, established: null })), false)
})
