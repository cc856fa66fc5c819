import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { days, dns, hours, seconds, startMs, times } from '../testing/flows.ts'
import { emptyHostMemory, HostMemory, remember } from './host-memory.ts'
import { Network } from './network.ts'

const IP = '93.184.216.34'
const network = new Network([])

function hostThatAsked(...lookups: readonly (readonly [name: string, atMs: number, answer?: string])[]) {
  const state = emptyHostMemory()
  for (const [query, atMs, answer = IP] of lookups)
    remember(state, dns({ query, answers: [answer], tsMs: startMs + atMs }), network)
  const host = new HostMemory()
  host.attach(state)
  return host
}

describe('what a host resolved', () => {
  test('goes in the order in which it was last answered: what is asked for again and again stays', () => {
    const host = hostThatAsked(
      ['portal.example.com', 0],
      ...times(6_000, (i) => [
        ['often.example.org', seconds(i), '45.77.1.2'] as const,
        [`h${i}.example.org`, seconds(i), `93.${i >> 16}.${(i >> 8) & 255}.${i & 255}`] as const,
      ]).flat(),
    )
    const nowMs = startMs + seconds(6_000)
    assert.equal(host.resolvedWithin('45.77.1.2', nowMs, hours(1)), true)
    assert.equal(host.resolvedWithin(IP, nowMs, hours(24)), false, 'bounded')
  })

  test('has the ten names it was last asked for, each once whatever its case', () => {
    const upper = times(
      12,
      (i) => [`shared.${'cdn.NET'.slice(0, i % 7)}${'cdn.net'.slice(i % 7)}`, i] as const,
    )
    const host = hostThatAsked(...upper, ['cdn.vendor.com.', 100])
    assert.deepEqual(host.namesOf(IP, startMs + seconds(1)), ['shared.cdn.net', 'cdn.vendor.com'])
    const many = hostThatAsked(...times(30, (i) => [`n${i}.example.com`, i] as const), [
      'n21.example.com',
      40,
    ])
    const names = many.namesOf(IP, startMs + seconds(1))
    assert.equal(names.length, 10)
    assert.deepEqual([names[0], names.at(-1)], ['n20.example.com', 'n21.example.com'])
  })

  test('a name is good for a day after it was last given, whatever other names the address has since', () => {
    const host = hostThatAsked(
      ['cdn.vendor.com', 0],
      ...times(80, (i) => ['evil.example', hours(i)] as const),
    )
    assert.deepEqual(host.namesOf(IP, startMs + hours(23)), ['cdn.vendor.com', 'evil.example'])
    assert.deepEqual(host.namesOf(IP, startMs + days(3)), ['evil.example'])
    assert.deepEqual(host.namesOf(IP, startMs + days(9)), [])
    assert.equal(host.resolvedWithin(IP, startMs + days(3), hours(24)), true)
  })

  test('an answer that comes late does not make an address older', () => {
    const host = hostThatAsked(['a.example.com', hours(5)], ['a.example.com', 0], ['b.example.com', hours(1)])
    assert.equal(host.resolvedWithin(IP, startMs + hours(6), hours(2)), true)
  })
})
