import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Network } from '../profile/network.ts'
import { conn } from '../testing/flows.ts'
import { leavesSite, uploadFinding } from './upload.ts'

test('what goes to a private address, or to a public one of the house, does not leave the site', () => {
  const network = new Network(['203.0.113.0/24'])
  assert.equal(leavesSite('93.184.216.34', '10.0.0.5', network), true)
  assert.equal(leavesSite('203.0.113.8', '10.0.0.5', network), false)
  assert.equal(leavesSite('10.0.0.1', '10.0.0.5', network), false)
})

test('the receiver is charged as the attacker of its own profile, at the level of the sender', () => {
  const record = conn({ dstIp: '93.184.216.34' })
  const { mirror, level, victim } = uploadFinding({
    key: 'a',
    level: 'medium',
    record,
    description: 'A host sent much.',
    facts: {},
  })
  assert.equal(victim, null)
  assert.deepEqual(
    [mirror?.profile, mirror?.attacker.direction, mirror?.level],
    ['93.184.216.34', 'dst', level],
  )
})
