import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasPayload } from './payload.ts'

test('a sensor that counts payload is believed', () => {
  assert.equal(hasPayload('zeek', 'tcp', 1, 1), true)
  assert.equal(hasPayload('zeek', 'tcp', 0, 9), false)
})

test('headers on the wire are no payload over TCP; a datagram always has some', () => {
  assert.equal(hasPayload('suricata', 'tcp', 544, 8), false)
  assert.equal(hasPayload('argus', 'tcp', 1_204, 8), true)
  assert.equal(hasPayload('nfdump', 'udp', 60, 1), true)
})
