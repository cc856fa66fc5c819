import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dns, hours, seconds, startMs, times } from '../testing/flows.ts'
import { emptyHostMemory, HostMemory, remember } from './host-memory.ts'
import { Network } from './network.ts'

type Lookup = readonly [server: string, query: string, answer: string]

const network = new Network([])
const rogue = '45.77.1.9'
const isp = '62.2.17.60'

function hostThatAsked(lookups: readonly Lookup[], home = network) {
  const state = emptyHostMemory()
  lookups.forEach(([dstIp, query, answer], i) => {
    remember(state, dns({ dstIp, query, answers: [answer], tsMs: startMs + seconds(i) }), home)
  })
  const host = new HostMemory()
  host.attach(state)
  return { namesOf: (ip: string) => host.namesOf(ip, startMs + hours(1)), state, host }
}

/** What a person asks, each name once. */
const daily = (server: string, n: number): Lookup[] =>
  times(n, (i) => [server, `www${i}.example.org`, `93.184.${i >> 8}.${i & 255}`])

describe('an answer of DNS gives an address its name', () => {
  test('from a resolver of the place, of a group of neighbours, or a public one', () => {
    for (const server of ['10.0.0.1', 'fd00::53', '224.0.0.251', '9.9.9.9']) {
      const { namesOf } = hostThatAsked([[server, 'a.example.com', '93.184.216.34']])
      assert.deepEqual(namesOf('93.184.216.34'), ['a.example.com'], server)
    }
    const stated = new Network(['10.0.0.0/8', '147.32.0.0/16'])
    const { namesOf } = hostThatAsked([['147.32.80.9', 'a.example.com', '93.184.216.34']], stated)
    assert.deepEqual(namesOf('93.184.216.34'), ['a.example.com'])
  })

  test('from the resolvers of a provider, once they are a habit', () => {
    const { namesOf } = hostThatAsked([...daily(isp, 20), [isp, 'late.example.com', '93.185.0.1']])
    assert.deepEqual(namesOf('93.185.0.1'), ['late.example.com'])
    assert.deepEqual(namesOf('93.184.0.0'), [], 'the first answers are of a stranger')
    const second = daily('62.2.24.162', 20)
    const pair = hostThatAsked([...daily(isp, 20).flatMap((one, i) => [one, second[i] ?? one])])
    assert.deepEqual(pair.namesOf('93.184.0.19'), ['www19.example.org'])
  })

  test('from new resolvers too, after a host has moved', () => {
    const { namesOf } = hostThatAsked([
      ...daily('10.0.0.1', 2_000),
      ...daily(isp, 60),
      [isp, 'late.example.com', '93.190.0.1'],
    ])
    assert.deepEqual(namesOf('93.190.0.1'), ['late.example.com'])
  })

  test('from servers of all zones, to a host that resolves by itself', () => {
    const servers = times(60, (i): Lookup => [`192.5.${i}.30`, `www.zone${i}.com`, `93.184.216.${i}`])
    const { namesOf } = hostThatAsked(servers)
    assert.deepEqual(namesOf('93.184.216.50'), ['www.zone50.com'])
  })

  test('never from the address itself, whatever the habit', () => {
    const { namesOf } = hostThatAsked([...daily(isp, 40), [isp, 'update.microsoft.com', isp]])
    assert.deepEqual(namesOf(isp), [])
  })

  test('not from a server that nobody knows, however little else was asked', () => {
    const lie: Lookup = [rogue, 'update.microsoft.com', '45.77.1.10']
    assert.deepEqual(hostThatAsked([lie]).namesOf('45.77.1.10'), [])
    for (const server of ['10.0.0.1', '9.9.9.9', isp]) {
      const told = hostThatAsked([...daily(server, 200), ...times(12, () => lie)])
      assert.deepEqual(told.namesOf('45.77.1.10'), [], server)
      assert.ok(told.host.resolvesNames)
    }
  })

  test('servers by the thousand take no more memory than sixteen, and a workstation that meets them still believes none', () => {
    const crowd = times(3_000, (i): Lookup => [`80.${i >> 8}.${i & 255}.1`, 'update.microsoft.com', rogue])
    const { state, namesOf } = hostThatAsked([
      ...crowd.slice(0, 30).flatMap((one, i) => [...daily('10.0.0.1', 3 + (i % 2)), one]),
    ])
    assert.deepEqual(namesOf(rogue), [])
    assert.ok((state.habits?.answers.size ?? 0) <= 16)
    assert.ok((hostThatAsked(crowd).state.habits?.answers.size ?? 0) <= 16)
  })
})
