import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalName, internalZones, isReversedAddressLookup, isWithinZone } from './dns-zones.ts'

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
  for (const name of ['1.2.3.example.org', '1.2.3.4', 'a.1.2.3.4.example.org', '1.2.3.4.5.example.org']) {
    assert.ok(!isReversedAddressLookup(name), name)
  }
})
