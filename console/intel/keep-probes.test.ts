import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noJarm } from '@weir/processors'
import type { Indicator } from '@weir/schemas'
import { folderWith } from '../testing/weir-run.ts'
import { IndicatorStore } from './indicator-store.ts'
import { keepProbes, probeIndicator } from './keep-probes.ts'

const jarm = `29d29d${'0'.repeat(24)}${'3'.repeat(32)}`
const atMs = Date.UTC(2026, 0, 5, 10)
const how = { atMs, lifetimeMs: 1_000 }

function probed(given: { ip?: string; port?: number; jarm?: string } = {}, when = how): Indicator {
  const indicator = probeIndicator({ ip: '93.184.216.34', port: 443, jarm, ...given }, when)
  assert.ok(typeof indicator !== 'string', String(indicator))
  return indicator
}

test('what a probe found is kept for its time, and accuses nobody', () => {
  assert.deepEqual(probed({ ip: '2a00:1450:0::7', port: 8443 }), {
    kind: 'tls_server',
    value: '[2a00:1450::7]:8443',
    feed: 'jarm',
    level: 'info',
    confidence: 1,
    expiresMs: atMs + 1_000,
    description: '',
    tags: [`jarm:${jarm}@2026-01-05T10:00:00Z`],
  })
})

test('no answer and a server without a public address are not kept, and it is said why', () => {
  assert.equal(probeIndicator({ ip: '93.184.216.34', port: 443, jarm: noJarm }, how), 'it answered no probe')
  for (const ip of ['127.0.0.1', '10.0.0.1', '::1', 'fe80::1%eth0'])
    assert.equal(probeIndicator({ ip, port: 443, jarm }, how), 'it has no public address', ip)
})

test('a new probe takes the place of the one before, and what ran out stays for older records, for a year', (t) => {
  const store = new IndicatorStore(folderWith(t))
  const values = () => {
    const found: string[] = []
    store.each(({ value, tags }) => found.push(`${value} ${tags.join(' ')}`))
    return found.sort()
  }
  assert.equal(keepProbes(store, [probed(), probed({ port: 8443 })], atMs), 2)
  const other = jarm.replaceAll('3', '4')
  const later = { atMs: atMs + 999, lifetimeMs: 10_000 }
  assert.equal(keepProbes(store, [probed({ jarm: other }, later)], atMs + 999), 2)
  assert.deepEqual(values(), [
    `93.184.216.34:443 jarm:${other}@2026-01-05T10:00:00Z`,
    `93.184.216.34:8443 jarm:${jarm}@2026-01-05T10:00:00Z`,
  ])
  const yearMs = 366 * 86_400_000
  assert.equal(keepProbes(store, [], atMs + yearMs), 2)
  assert.equal(keepProbes(store, [], atMs + yearMs + 1_000), 1)
  assert.equal(store.load().table.lists('tls_server'), true)
})
