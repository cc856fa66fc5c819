import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isKnownPort } from './known-ports.ts'
import { organisationOfPort } from './organisation-ports.ts'
import { isPublicResolver } from './public-resolvers.ts'

test('services in wide use are known by protocol', () => {
  assert.equal(isKnownPort('tcp', 443), true)
  assert.equal(isKnownPort('udp', 53), true)
  assert.equal(isKnownPort('tcp', 138), true, 'inside a range')
  assert.equal(isKnownPort('tcp', 22), true)
  assert.equal(isKnownPort('udp', 22), false)
  assert.equal(isKnownPort('icmp', 443), false)
})

test('so are the video bridge, the location service of phones and the licence manager of an office', () => {
  assert.equal(isKnownPort('udp', 10_000), true)
  assert.equal(isKnownPort('tcp', 7_275), true)
  assert.equal(isKnownPort('udp', 1_947), true)
})

test('ports that backdoors like are not known, whatever name the registry has for them', () => {
  for (const port of [1_177, 1_337, 4_444, 5_554, 6_606, 7_707, 8_808, 31_337, 54_321]) {
    assert.equal(isKnownPort('tcp', port), false, String(port))
  }
})

test('a port belongs to a company by address or by name, not by number alone', () => {
  assert.equal(organisationOfPort('udp', '149.137.1.2', 8_801, []), 'Zoom')
  assert.equal(organisationOfPort('udp', '93.184.216.34', 8_801, []), '')
  assert.equal(organisationOfPort('tcp', '93.184.216.34', 5_242, ['mmg.viber.com']), 'Viber')
  assert.equal(organisationOfPort('tcp', '93.184.216.34', 5_242, ['notviber.com']), '')
  assert.equal(organisationOfPort('icmp', '149.137.1.2', 8_801, []), '')
})

test('resolvers are known in both families', () => {
  assert.equal(isPublicResolver('9.9.9.9'), true)
  assert.equal(isPublicResolver('2620:fe::fe'), true)
  assert.equal(isPublicResolver('9.9.9.8'), false)
})
