import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { listed } from '@weir/processors/testing'
import type { Indicator } from '@weir/schemas'
import { folderWith } from '../testing/weir-run.ts'
import { addAnswers } from './add-answers.ts'
import { IndicatorStore } from './indicator-store.ts'
import { keepProbes, probeIndicator } from './keep-probes.ts'
import { type IndicatorTopic, publish } from './publish.ts'
import { plainOptions } from './source-file.ts'

const atMs = Date.UTC(2026, 0, 5, 10)
const dayMs = 86_400_000
const jarm = `29d29d${'0'.repeat(24)}${'3'.repeat(32)}`
const feeds = new Set(['jarm'])

type After = { after(work: () => void): void }

/** Two machines with a folder each and one topic, which tells of all that was ever put there. */
function house(t: After) {
  const log: (readonly [string, Indicator | null])[] = []
  const topic: IndicatorTopic = {
    each: async (take) => {
      for (const [key, indicator] of log) take(key, indicator)
    },
    write: async (entries) => {
      log.push(...entries)
    },
  }
  const held = () => {
    const last = new Map(log)
    return [...last.values()].flatMap((one) => (one === null ? [] : `${one.feed} ${one.value}`)).sort()
  }
  return { topic, held, log, a: new IndicatorStore(folderWith(t)), b: new IndicatorStore(folderWith(t)) }
}

function probed(ip: string, given: { atMs?: number; jarm?: string; days?: number } = {}): Indicator {
  const when = { atMs: given.atMs ?? atMs, lifetimeMs: (given.days ?? 30) * dayMs }
  const indicator = probeIndicator({ ip, port: 443, jarm: given.jarm ?? jarm }, when)
  assert.ok(typeof indicator !== 'string', String(indicator))
  return indicator
}

function list(store: IndicatorStore, feed: string, values: readonly string[]): void {
  const indicators = values.map((value) => listed('ip', value, { feed }))
  const options = { ...plainOptions, feed }
  const asked = { etag: '', lastModified: '', hash: '', checkedMs: atMs, rejected: {} }
  store.put({ source: '/list.txt', options, accepted: values.length, ...asked }, indicators)
}

describe('a folder is put on the topic', () => {
  test('and takes back what its feed no longer lists, of no other feed', async (t) => {
    const { topic, held, a } = house(t)
    list(a, 'drop', ['44.4.4.1', '44.4.4.2'])
    list(a, 'other', ['44.4.4.3'])
    await publish(a, new Set(['drop', 'other']), topic)
    list(a, 'drop', ['44.4.4.1'])
    assert.deepEqual(await publish(a, new Set(['drop']), topic), { put: 0, taken: 1, unchanged: 1 })
    assert.deepEqual(held(), ['drop 44.4.4.1', 'other 44.4.4.3'])
  })

  test('and what other machines have probed stays, also where all feeds of the folder are put', async (t) => {
    const { topic, held, a, b } = house(t)
    keepProbes(a, [probed('93.184.216.34'), probed('93.184.216.35')], atMs)
    assert.deepEqual(await publish(a, feeds, topic), { put: 2, taken: 0, unchanged: 0 })
    keepProbes(b, [probed('93.184.216.36')], atMs)
    assert.deepEqual(await publish(b, feeds, topic), { put: 1, taken: 0, unchanged: 0 })
    const all = ['jarm 93.184.216.34:443', 'jarm 93.184.216.35:443', 'jarm 93.184.216.36:443']
    assert.deepEqual(held(), all)
    assert.deepEqual(await publish(a, feeds, topic), { put: 0, taken: 0, unchanged: 2 })
    assert.deepEqual(held(), all)
  })

  test('and of two probes of one server the newer stays, whoever puts his last', async (t) => {
    const { topic, log, a, b } = house(t)
    const newer = { atMs: atMs + 1_000, jarm: jarm.replaceAll('3', '4'), days: 1 }
    keepProbes(a, [probed('93.184.216.34')], atMs)
    keepProbes(b, [probed('93.184.216.34', newer)], atMs)
    await publish(b, feeds, topic)
    assert.deepEqual(await publish(a, feeds, topic), { put: 0, taken: 0, unchanged: 1 })
    keepProbes(a, [probed('93.184.216.34', { ...newer, atMs: atMs + 2_000 })], atMs)
    assert.deepEqual(await publish(a, feeds, topic), { put: 1, taken: 0, unchanged: 0 })
    const tags = log.map(([, indicator]) => indicator?.tags[0]?.slice(-20))
    assert.deepEqual(tags, ['2026-01-05T10:00:01Z', '2026-01-05T10:00:02Z'])
  })

  test('and a probe that was removed by hand is taken back, and put again once it is not', async (t) => {
    const { topic, held, a, b } = house(t)
    keepProbes(a, [probed('93.184.216.34')], atMs)
    await publish(a, feeds, topic)
    b.setRemoved(new Set(['tls_server 93.184.216.34:443']))
    assert.equal((await publish(b, feeds, topic)).taken, 1)
    assert.deepEqual(held(), [])
    assert.equal((await publish(a, feeds, topic)).put, 1)
  })

  test('and what services answered other machines stays, the answer that is good for longer', async (t) => {
    const { topic, held, a, b } = house(t)
    const answer = (value: string, expiresMs: number): Indicator => {
      const feed = 'lookup-urlhaus'
      return { ...probed('93.184.216.34'), kind: 'url', value, feed, expiresMs, tags: [] }
    }
    const asked = { feed: 'lookup-urlhaus', asked: 'urlhaus' }
    addAnswers(a, asked, [answer('example.com/a', atMs + 2), answer('example.com/b', atMs + 9)], atMs)
    addAnswers(b, asked, [answer('example.com/b', atMs + 3)], atMs)
    const own = new Set([asked.feed])
    await publish(a, own, topic)
    assert.deepEqual(await publish(b, own, topic), { put: 0, taken: 0, unchanged: 1 })
    assert.deepEqual(held(), ['lookup-urlhaus example.com/a', 'lookup-urlhaus example.com/b'])
  })
})
