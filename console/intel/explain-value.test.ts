import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { probeTag } from '@weir/processors'
import { listed } from '@weir/processors/testing'
import type { Indicator } from '@weir/schemas'
import { explainValue, type Kept } from './explain-value.ts'

/** What is met of these, as `kind value`, and why not any more. */
function met(text: string, ...indicators: readonly Indicator[]): readonly string[] | null {
  const kept: Kept = {
    each: (take) => {
      for (const indicator of indicators) take(indicator, { source: 's' })
    },
  }
  const explained = explainValue(kept, text, 1_000)
  return (
    explained?.hits.map(({ indicator: { kind, value }, past }) =>
      past === null ? `${kind} ${value}` : `${kind} ${value} ${past}`,
    ) ?? null
  )
}

describe('what is explained is what detectors would meet', () => {
  test('a URL is met as it is, without its query, by the host and by names above it', () => {
    const list = [
      listed('url', 'evil.example.com/a'),
      listed('url', 'evil.example.com/a?x=1'),
      listed('url', 'evil.example.com/b'),
      listed('domain', 'example.com'),
      listed('domain', 'evil.example.com'),
      listed('domain', 'other.example.com'),
    ]
    assert.deepEqual(met('http://evil.example.com/a?x=1', ...list), [
      'url evil.example.com/a',
      'url evil.example.com/a?x=1',
      'domain example.com',
      'domain evil.example.com',
    ])
    assert.deepEqual(met('http://evil.example.com/a?y=2', ...list), [
      'url evil.example.com/a',
      'domain example.com',
      'domain evil.example.com',
    ])
    assert.deepEqual(
      met('http://44.4.4.9:8080/x', listed('range', '44.4.4.0/24'), listed('ip', '44.4.4.9')),
      ['range 44.4.4.0/24', 'ip 44.4.4.9'],
    )
  })

  test('a range is met by what is around it, not by what is within it', () => {
    const list = [
      listed('range', '45.9.160.0/24'),
      listed('range', '45.9.160.0/26'),
      listed('ip', '45.9.160.0'),
      listed('range', '2a00:1450::/32'),
    ]
    assert.deepEqual(met('45.9.160.0/25', ...list), ['range 45.9.160.0/24'])
    assert.deepEqual(met('45.9.160.0/23', ...list), [])
    assert.deepEqual(met('2a00:1450:4::/48', ...list), ['range 2a00:1450::/32'])
  })

  test('what has expired is told as such', () => {
    assert.deepEqual(
      met(
        '44.4.4.9',
        listed('ip', '44.4.4.9', { expiresMs: 1_000 }),
        listed('ip', '44.4.4.9', { expiresMs: 1_001 }),
      ),
      ['ip 44.4.4.9 expired', 'ip 44.4.4.9'],
    )
  })

  test('of an address, probes of its ports are met, and then what feeds have of their fingerprints', () => {
    const [jarm, other] = ['3', '4'].map((digit) => `29d29d${'0'.repeat(24)}${digit.repeat(32)}`)
    const probe = (value: string, found = jarm, given = {}) =>
      listed('tls_server', value, { tags: [probeTag({ jarm: found ?? '', atMs: 0 })], ...given })
    const list = [
      listed('jarm', jarm ?? ''),
      listed('jarm', other ?? ''),
      probe('44.4.4.9:443'),
      probe('44.4.4.9:8443', jarm, { expiresMs: 1_000 }),
      probe('44.4.4.99:443', other),
      probe('[2a00:1450::7]:443', other),
    ]
    assert.deepEqual(met('44.4.4.9', ...list), [
      'tls_server 44.4.4.9:443',
      'tls_server 44.4.4.9:8443 expired',
      `jarm ${jarm}`,
    ])
    assert.deepEqual(met('2a00:1450::7', ...list), ['tls_server [2a00:1450::7]:443', `jarm ${other}`])
    assert.deepEqual(met('44.4.4.10', ...list), [])
    assert.deepEqual(met(other ?? '', ...list), [
      `jarm ${other}`,
      'tls_server 44.4.4.99:443',
      'tls_server [2a00:1450::7]:443',
    ])
  })
})
