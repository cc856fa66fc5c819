import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conn } from '../testing/flows.ts'
import { payloadReceived, payloadSent, spoke, spokeBothWays } from './payload.ts'

const headers = { source: 'suricata', srcPkts: 8, srcBytes: 544, dstPkts: 4, dstBytes: 280 } as const

test('a sensor that counts payload is believed', () => {
  assert.equal(spokeBothWays(conn({ srcBytes: 1, srcPkts: 1, dstBytes: 1, dstPkts: 1 })), true)
  assert.equal(spoke(conn({ srcBytes: 0, srcPkts: 9, dstBytes: 0, dstPkts: 9 })), false)
})

test('headers on the wire are no payload over TCP; a datagram always has some', () => {
  assert.equal(spoke(conn(headers)), false)
  assert.equal(spoke(conn({ ...headers, source: 'nfdump', srcBytes: 500, dstBytes: 240 })), false)
  assert.equal(spoke(conn({ ...headers, srcIp: '2001:db8::9', srcBytes: 704, dstBytes: 360 })), false)
  assert.equal(spokeBothWays(conn({ ...headers, proto: 'udp' })), true)
})

test('one end that speaks is enough to have spoken, not to have spoken both ways', () => {
  const asked = conn({ ...headers, srcBytes: 2_000 })
  assert.equal(spoke(asked), true)
  assert.equal(spokeBothWays(asked), false)
})

test('what is left of bytes on the wire after the headers is about the payload', () => {
  const sizes = { srcPkts: 12, dstPkts: 1 }
  assert.equal(payloadSent(conn({ ...sizes, srcBytes: 1_752 })), 1_752)
  assert.equal(payloadSent(conn({ ...sizes, source: 'argus', srcBytes: 2_544 })), 1_752)
  assert.equal(payloadSent(conn({ ...sizes, source: 'nfdump', srcBytes: 2_376 })), 1_752)
  assert.equal(payloadSent(conn({ ...sizes, source: 'argus', srcIp: '2001:db8::9', srcBytes: 2_784 })), 1_752)
  assert.equal(payloadReceived(conn({ ...sizes, source: 'argus', dstBytes: 60 })), 0)
})
