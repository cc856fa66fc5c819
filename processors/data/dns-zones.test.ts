import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addressOfReverseName,
  canonicalName,
  internalZones,
  isReversedAddressLookup,
  isWithinZone,
} from './dns-zones.ts'

test('a zone holds itself and what is below it, and nothing that only ends in the same letters', () => {
  for (const name of ['lan', 'nas.lan', 'a.b.home.arpa', 'dns.msftncsi.com'])
    assert.ok(isWithinZone(name, internalZones), name)
  for (const name of ['wlan', 'nas.wlan', 'lan.example.com', 'msftncsi.com', '']) {
    assert.ok(!isWithinZone(name, internalZones), name)
  }
})

test('names are compared in lower case and without the dot of the root', () => {
  assert.equal(canonicalName('WWW.Example.COM.'), 'www.example.com')
})

test('a reversed address is four numbers ahead of a zone', () => {
  assert.ok(isReversedAddressLookup('4.3.2.1.zen.example.org'))
  for (const name of [
    '1.2.3.example.org',
    '1.2.3.4',
    'a.1.2.3.4.example.org',
    '1.2.3.4.5.example.org',
    '4.3.2.256.example.org',
  ]) {
    assert.ok(!isReversedAddressLookup(name), name)
  }
})

test('the name of an address is its numbers in reverse, all of them and nothing else', () => {
  assert.equal(addressOfReverseName('4.3.2.1.in-addr.arpa'), '1.2.3.4')
  assert.equal(addressOfReverseName('4.3.2.1.IN-ADDR.ARPA.'), '1.2.3.4')
  assert.equal(
    addressOfReverseName(`1.${'0.'.repeat(27)}0.2.d.f.ip6.arpa`),
    'fd20:0000:0000:0000:0000:0000:0000:0001',
  )
  for (const name of [
    '3.2.1.in-addr.arpa',
    '5.4.3.2.1.in-addr.arpa',
    '256.3.2.1.in-addr.arpa',
    'x.3.2.1.in-addr.arpa',
    '0.0.d.f.ip6.arpa',
    `g.${'0.'.repeat(31)}ip6.arpa`,
    'in-addr.arpa',
    'example.com',
  ]) {
    assert.equal(addressOfReverseName(name), '', name)
  }
})
