import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byLan } from './keys.ts'
import { arp, conn, dhcp, times } from './testing/flows.ts'

const outgoing = (given = {}) =>
  conn({ srcIp: '10.0.0.9', dstIp: '93.184.216.34', dstMac: '02:00:00:00:00:01', srcPort: 50_112, ...given })

test('what a segment says belongs to its LAN', () => {
  assert.equal(byLan.of(arp()), 'main|zeek-1')
  assert.equal(byLan.of(dhcp()), 'main|zeek-1')
})

test('of connections to the internet one in sixteen belongs to the LAN, of even ports and of all alike', () => {
  const share = (step: number) =>
    times(3_200, (i) => byLan.of(outgoing({ srcPort: 32_768 + i * step }))).filter((key) => key !== null)
  assert.equal(share(1).length, 200)
  assert.equal(share(2).length, 200)
  assert.deepEqual(new Set(share(2)), new Set(['main|zeek-1']))
})

test('connections that show no way out belong to no LAN', () => {
  for (const given of [
    { dstMac: '' },
    { dstIp: '10.0.0.1' },
    { srcIp: '93.184.216.35' },
    { srcIp: 'fd20::9', dstIp: '2606:4700::10' },
    { srcPort: null },
  ])
    assert.equal(byLan.of(outgoing(given)), null, JSON.stringify(given))
})
