import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conn } from '../testing/flows.ts'
import { hasPayload, payloadBytes, spoke, spokeBothWays } from './payload.ts'

test('a sensor that counts payload is believed', () => {
  assert.equal(hasPayload('zeek', 'tcp', 1, 1), true)
  assert.equal(hasPayload('zeek', 'tcp', 0, 9), false)
})

test('headers on the wire are no payload over TCP; a datagram always has some', () => {
  assert.equal(hasPayload('suricata', 'tcp', 544, 8), false)
  assert.equal(hasPayload('argus', 'tcp', 1_204, 8), true)
  assert.equal(hasPayload('nfdump', 'udp', 60, 1), true)
})

test('one end that speaks is enough to have spoken, not to have spoken both ways', () => {
  const asked = conn({ source: 'suricata', srcPkts: 6, srcBytes: 2_000, dstPkts: 4, dstBytes: 280 })
  assert.equal(spoke(asked), true)
  assert.equal(spokeBothWays(asked), false)
  assert.equal(spoke({ ...asked, srcBytes: 396 }), false)
})

test('what is left of bytes on the wire after the headers is about the payload', () => {
  assert.equal(payloadBytes('zeek', 1_752, 12), 1_752)
  assert.equal(payloadBytes('argus', 2_544, 12), 1_752)
  assert.equal(payloadBytes('nfdump', 2_376, 12), 1_752)
  assert.equal(payloadBytes('argus', 60, 1), 0)
})
