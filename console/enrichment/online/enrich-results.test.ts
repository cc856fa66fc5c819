import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { IndicatorTable, Network, noIndicators } from '@weir/processors'
import { type CanonicalEvidence, evidenceLine } from '@weir/schemas'
import { ManualClock } from '@weir/topology/kit'
import { IndicatorStore } from '../../intel/indicator-store.ts'
import { type Asked, type Reply, serve } from '../../testing/http-server.ts'
import { folderWith, linesOf } from '../../testing/weir-run.ts'
import { AnswerCache } from './answer-cache.ts'
import { type EnrichRun, enrichResults, type Service } from './enrich-results.ts'
import { RateLimit } from './rate-limit.ts'
import { servicesOf } from './services.ts'
import { Subjects } from './subjects.ts'

const DAY_MS = 86_400_000
const nowMs = Date.UTC(2026, 0, 31)

function evidence(given: Partial<CanonicalEvidence> = {}): CanonicalEvidence {
  const dst = '93.184.216.34'
  return {
    id: 'a'.repeat(32),
    type: 'UNKNOWN_PORT',
    detector: 'unknown-port',
    detectorVersion: 1,
    level: 'medium',
    confidence: 0.5,
    tsMs: Date.UTC(2026, 0, 11),
    site: 'main',
    profile: '10.0.0.5',
    window: { startMs: 0, endMs: 1 },
    attacker: { direction: 'src', type: 'ip', value: '10.0.0.5' },
    victim: { direction: 'dst', type: 'ip', value: dst },
    src: { ip: '10.0.0.5', port: 50_000, names: [], mac: '' },
    dst: { ip: dst, port: 22, names: ['www.example.com', 'nas.local'], mac: '' },
    proto: 'tcp',
    uids: [],
    communityId: '',
    techniques: [],
    description: '',
    facts: {},
    related: [],
    ...given,
  }
}

function service(url: string, id: Service['id'] = 'virustotal', keepForMs = DAY_MS): Service {
  return {
    id,
    door: { url, key: 'secret', timeoutMs: 5_000, dnsServers: [] },
    perMinute: 6_000,
    keepForMs,
  }
}

function runOf(folder: string, services: readonly Service[], given: Partial<EnrichRun> = {}): EnrichRun {
  return {
    services,
    cache: join(folder, 'cache'),
    network: new Network([]),
    intel: noIndicators,
    listIn: null,
    minLevel: 'low',
    mostSubjects: 100,
    clock: { nowMs: () => nowMs, monotonicMs: () => 0, sleep: async () => {} },
    interruption: new AbortController().signal,
    ...given,
  }
}

const stats = (malicious: number): Reply => ({
  body: JSON.stringify({
    data: { attributes: { last_analysis_stats: { malicious, harmless: 10 - malicious } } },
  }),
})

type Line = Readonly<Record<string, unknown>>
const parsed = (folder: string): readonly Line[] =>
  linesOf(join(folder, 'enrichment.jsonl')).map((line): Line => JSON.parse(line))

test('what was met and nobody suspects is asked about when an analysis kept it', async (t) => {
  const first = new Date(nowMs - 3 * DAY_MS).toISOString()
  const folder = folderWith(t, {
    'evidence.jsonl': '',
    'met.jsonl': `${JSON.stringify({ kind: 'domain', value: 'brand-new-phish.com', first, hosts: 'one' })}\n`,
  })
  const { url } = await serve(t, () => ({
    body: JSON.stringify({
      events: [{ eventAction: 'registration', eventDate: new Date(nowMs - 5 * DAY_MS).toISOString() }],
    }),
  }))
  const store = new IndicatorStore(join(folder, 'intel'))
  await enrichResults(folder, runOf(folder, [service(url, 'domain-age')], { listIn: store }))
  const [line] = parsed(folder)
  assert.deepEqual(
    [line?.value, line?.level, line?.evidence, Object(line?.facts).ageDays],
    ['brand-new-phish.com', 'info', [], 2],
  )
  assert.notEqual(store.load().table.domain('www.brand-new-phish.com', nowMs), null)
})

describe('answers as indicators', () => {
  const md5 = 'b386946a5a44d1ddcc843bc75336dfce'
  const download = evidence({ type: 'EXECUTABLE_MIME_TYPE', facts: { md5, sha256: '' } })

  test('of a file that a service calls malicious, for as long as its answer is good', async (t) => {
    const folder = folderWith(t, { 'evidence.jsonl': `${evidenceLine(download)}\n` })
    const { url } = await serve(t, () => ({
      body: JSON.stringify({ KnownMalicious: 'one two', 'hashlookup:trust': 10 }),
    }))
    const store = new IndicatorStore(join(folder, 'intel'))
    const services = [service(url, 'hashlookup')]
    assert.equal((await enrichResults(folder, runOf(folder, services))).listed, null)
    assert.ok(!store.exists())
    assert.equal((await enrichResults(folder, runOf(folder, services, { listIn: store }))).listed, 1)
    const verdict = store.load().table.exact('file_md5', md5, nowMs)
    assert.deepEqual(
      [verdict?.level, verdict?.confidence, verdict?.feeds],
      ['critical', 0.7, ['lookup-hashlookup']],
    )
    assert.equal(store.load().table.exact('file_md5', md5, nowMs + DAY_MS), null)
  })

  test('of when a domain was registered, and of nothing that is said to be harmless', async (t) => {
    const folder = folderWith(t, { 'evidence.jsonl': `${evidenceLine(download)}\n` })
    const { url } = await serve(t, ({ path }) =>
      path.startsWith('/domain/')
        ? {
            body: JSON.stringify({
              events: [{ eventAction: 'registration', eventDate: '2026-01-02T03:04:05Z' }],
            }),
          }
        : { body: JSON.stringify({ FileName: 'a', 'hashlookup:trust': 100 }) },
    )
    const store = new IndicatorStore(join(folder, 'intel'))
    const services = [service(url, 'hashlookup'), service(url, 'domain-age')]
    assert.equal((await enrichResults(folder, runOf(folder, services, { listIn: store }))).listed, 1)
    const verdict = store.load().table.domain('www.example.com', nowMs)
    assert.deepEqual([verdict?.level, verdict?.tags], ['info', ['registered:2026-01-02']])
  })

  test('are not asked for of a file that is known to be good, and are of one that is not', async (t) => {
    const folder = folderWith(t, { 'evidence.jsonl': `${evidenceLine(download)}\n` })
    const { url, asked } = await serve(t, () => undefined)
    const intel = new IndicatorTable()
    const good = { kind: 'file_md5', value: md5, feed: 'known', level: 'info', confidence: 1 } as const
    intel.put({ ...good, expiresMs: null, description: '', tags: ['known-good'] })
    const services = [service(url, 'hashlookup')]
    await enrichResults(folder, runOf(folder, services, { intel }))
    assert.equal(asked.length, 0)
    await enrichResults(folder, runOf(folder, services))
    assert.equal(asked.length, 1)
  })
})

describe('results that are enriched', () => {
  test('get a file of their own, and stay as they are', async (t) => {
    const text = `${evidenceLine(evidence())}\n`
    const folder = folderWith(t, { 'evidence.jsonl': text, 'summary.json': '{}\n' })
    const { url } = await serve(t, ({ path }) => (path.includes('/domains/') ? undefined : stats(3)))
    const enriched = await enrichResults(folder, runOf(folder, [service(url)]))
    assert.deepEqual(enriched.byService.virustotal, {
      asked: 2,
      fromCache: 0,
      known: 1,
      failed: 0,
      gaveUp: '',
    })
    assert.deepEqual(
      parsed(folder).map(({ kind, value, answer, level, asked, lookUp, evidence: ids }) => [
        kind,
        value,
        answer,
        level,
        asked,
        lookUp,
        ids,
      ]),
      [
        [
          'domain',
          'www.example.com',
          'unknown',
          'medium',
          '2026-01-31T00:00:00.000Z',
          'virustotal',
          ['a'.repeat(32)],
        ],
        [
          'ip',
          '93.184.216.34',
          'known',
          'medium',
          '2026-01-31T00:00:00.000Z',
          'virustotal',
          ['a'.repeat(32)],
        ],
      ],
    )
    assert.equal(readFileSync(join(folder, 'evidence.jsonl'), 'utf8'), text)
    assert.equal(readFileSync(join(folder, 'summary.json'), 'utf8'), '{}\n')
    assert.ok(!readFileSync(join(folder, 'enrichment.jsonl'), 'utf8').includes('secret'))
    assert.ok(!readFileSync(join(folder, 'cache', 'virustotal.jsonl'), 'utf8').includes('secret'))
  })

  test('tell the age of a domain at the time it was met', async (t) => {
    const folder = folderWith(t, { 'evidence.jsonl': `${evidenceLine(evidence())}\n` })
    const { url } = await serve(t, () => ({
      body: JSON.stringify({ events: [{ eventAction: 'registration', eventDate: '2026-01-01T12:00:00Z' }] }),
    }))
    await enrichResults(folder, runOf(folder, [service(url, 'domain-age')]))
    const [line] = parsed(folder)
    assert.deepEqual(line?.facts, {
      ageDays: 9,
      domain: 'example.com',
      registered: '2026-01-01T12:00:00.000Z',
    })
  })

  test('are not asked about again until the answers expire', async (t) => {
    const folder = folderWith(t, { 'evidence.jsonl': `${evidenceLine(evidence())}\n` })
    const { url, asked } = await serve(t, () => stats(1))
    const at = (ms: number): Partial<EnrichRun> => ({
      clock: { nowMs: () => ms, monotonicMs: () => 0, sleep: async () => {} },
    })
    await enrichResults(folder, runOf(folder, [service(url)]))
    const again = await enrichResults(folder, runOf(folder, [service(url)], at(nowMs + DAY_MS - 1)))
    assert.equal(again.byService.virustotal?.fromCache, 2)
    assert.equal(asked.length, 2)
    assert.equal(parsed(folder)[0]?.asked, '2026-01-31T00:00:00.000Z')
    await enrichResults(folder, runOf(folder, [service(url)], at(nowMs + DAY_MS)))
    assert.equal(asked.length, 4)
  })

  test('leave a service alone that refuses, or fails three times in a row', async (t) => {
    const many = Array.from({ length: 20 }, (_, i) =>
      evidenceLine(
        evidence({
          id: `${i}`.padStart(32, '0'),
          dst: { ip: `93.184.216.${i + 1}`, port: 1, names: [], mac: '' },
        }),
      ),
    )
    const folder = folderWith(t, { 'evidence.jsonl': `${many.join('\n')}\n` })
    const refusing = await serve(t, () => ({ status: 429 }))
    const first = await enrichResults(folder, runOf(folder, [service(refusing.url)]))
    assert.equal(refusing.asked.length, 1)
    assert.equal(first.byService.virustotal?.gaveUp, 'too many questions')
    assert.equal(parsed(folder)[0]?.why, 'too many questions')
    const broken = await serve(t, () => ({ status: 500 }))
    const later = { clock: { nowMs: () => nowMs + DAY_MS, monotonicMs: () => 0, sleep: async () => {} } }
    const second = await enrichResults(folder, runOf(folder, [service(broken.url)], later))
    assert.equal(broken.asked.length, 3)
    assert.equal(second.byService.virustotal?.gaveUp, 'the server answered 500')
  })

  test('that are not there are an error, and leave nothing behind', async (t) => {
    const folder = folderWith(t)
    await assert.rejects(enrichResults(folder, runOf(folder, [])), { code: 'CONSOLE_UNREADABLE' })
    assert.equal(existsSync(join(folder, 'enrichment.jsonl')), false)
  })

  test('stop when they are told to, with nothing half done', async (t) => {
    const folder = folderWith(t, { 'evidence.jsonl': `${evidenceLine(evidence())}\n` })
    const interruption = new AbortController()
    const reply = (_asked: Asked): Reply => {
      interruption.abort()
      return stats(1)
    }
    const { url } = await serve(t, reply)
    const run = runOf(folder, [service(url)], { interruption: interruption.signal })
    await assert.rejects(enrichResults(folder, run), { code: 'CONSOLE_ENRICH_INTERRUPTED' })
    assert.deepEqual(parsed(folder), [])
  })

  test('an interruption leaves what was answered by then, and what the cache holds of the rest', async (t) => {
    const folder = folderWith(t, { 'evidence.jsonl': `${evidenceLine(evidence())}\n` })
    const { url } = await serve(t, () => stats(1))
    await enrichResults(folder, runOf(folder, [service(url)]))
    const whole = parsed(folder)
    const interruption = new AbortController()
    interruption.abort()
    const run = runOf(folder, [service(url)], { interruption: interruption.signal })
    await assert.rejects(enrichResults(folder, run), { code: 'CONSOLE_ENRICH_INTERRUPTED' })
    assert.ok(whole.length > 0)
    assert.deepEqual(parsed(folder), whole)
  })

  test('what is asked slowly is told of before the first question and as it goes on', async (t) => {
    const folder = folderWith(t, { 'evidence.jsonl': `${evidenceLine(evidence())}\n` })
    const { url } = await serve(t, () => stats(1))
    const told: string[] = []
    const tell: EnrichRun['tell'] = (id, done, all, perMinute) =>
      told.push(`${id} ${done}/${all} ${perMinute}`)
    await enrichResults(folder, runOf(folder, [service(url)], { tell }))
    assert.deepEqual(told, ['virustotal 0/2 6000', 'virustotal 1/2 6000'])
  })
})

describe('what is asked about', () => {
  const values = (given: Partial<CanonicalEvidence>, home: readonly string[] = []): readonly string[] => {
    const subjects = new Subjects('low', new Network(home))
    subjects.add(evidence(given))
    return subjects.take(100).map(({ subject }) => `${subject.kind} ${subject.value}`)
  }

  test('is nothing of the house: private addresses, home networks, local names', () => {
    assert.deepEqual(
      values({ dst: { ip: '10.0.0.1', port: 1, names: ['nas.local', 'host'], mac: '' }, victim: null }),
      [],
    )
    assert.deepEqual(values({}, ['93.184.216.0/24']), ['domain www.example.com'])
  })

  test('is no URL of the house, and of others neither query nor password', () => {
    const none = { victim: null, dst: null }
    assert.deepEqual(values({ ...none, facts: { url: 'http://user:pass@example.com:8080/a/b?token=1#x' } }), [
      'url http://example.com:8080/a/b',
    ])
    assert.deepEqual(values({ ...none, facts: { url: 'http://intranet/a' } }), [])
    assert.deepEqual(values({ ...none, facts: { url: 'http://10.0.0.7/a' } }), [])
    assert.deepEqual(values({ ...none, facts: { url: 'file:///etc/passwd' } }), [])
  })

  test('is nothing of evidence below the level, and the gravest first', () => {
    const subjects = new Subjects('medium', new Network([]))
    const about = (ip: string) => ({ dst: { ip, port: 1, names: [], mac: '' }, victim: null })
    subjects.add(evidence({ ...about('9.9.9.1'), level: 'low' }))
    subjects.add(evidence({ ...about('9.9.9.2'), level: 'medium', tsMs: 5 }))
    subjects.add(evidence({ ...about('9.9.9.3'), level: 'high', tsMs: 9 }))
    subjects.add(evidence({ ...about('9.9.9.4'), level: 'medium', tsMs: 3 }))
    assert.deepEqual(
      subjects.take(2).map(({ subject }) => subject.value),
      ['9.9.9.3', '9.9.9.4'],
    )
  })

  test('is what was met after what evidence names, each once, and still nothing of the house', () => {
    const subjects = new Subjects('low', new Network([]))
    const at = (kind: 'domain' | 'url' | 'hash', value: string) => ({ subject: { kind, value }, firstMs: 7 })
    subjects.addMet(at('domain', 'new.example.net'))
    subjects.addMet(at('domain', 'www.example.com'))
    subjects.addMet(at('domain', 'nas.local'))
    subjects.addMet(at('url', 'http://10.0.0.7/a'))
    subjects.addMet(at('hash', 'a'.repeat(32)))
    subjects.add(
      evidence({ victim: null, dst: { ip: '93.184.216.34', port: 22, names: ['www.example.com'], mac: '' } }),
    )
    assert.deepEqual(
      subjects.take(4).map(({ subject, level, evidence: ids }) => [subject.value, level, ids.length]),
      [
        ['www.example.com', 'medium', 1],
        ['93.184.216.34', 'medium', 1],
        ['new.example.net', 'info', 0],
        ['a'.repeat(32), 'info', 0],
      ],
    )
  })

  test('is a file by the hash that a feed lists, and no other hash', () => {
    const none = { victim: null, dst: null }
    const md5 = 'A'.repeat(32)
    assert.deepEqual(values({ ...none, facts: { kind: 'file_md5', listed: md5 } }), [
      `hash ${md5.toLowerCase()}`,
    ])
    assert.deepEqual(values({ ...none, facts: { kind: 'ja3', listed: md5 } }), [])
  })
})

test('answers on disk outlive damage: lines that are none are passed over', (t) => {
  const folder = folderWith(t)
  const subject = { kind: 'ip', value: '9.9.9.9' } as const
  const cache = new AnswerCache(folder, 'x', DAY_MS, nowMs)
  cache.set(subject, { kind: 'known', facts: { names: 'a' } }, nowMs)
  cache.set({ kind: 'ip', value: '9.9.9.8' }, { kind: 'failed', why: 'x', isFinal: false }, nowMs)
  cache.save()
  const path = join(folder, 'x.jsonl')
  writeFileSync(
    path,
    `nonsense\n{"key":5}\n${readFileSync(path, 'utf8')}{"key":"ip 1","askedMs":1,"kind":"known","facts":{"a":[]}}\n`,
  )
  const again = new AnswerCache(folder, 'x', DAY_MS, nowMs + 300_000)
  assert.deepEqual(again.get(subject, nowMs + 300_000)?.answer, { kind: 'known', facts: { names: 'a' } })
  assert.equal(
    again.get({ kind: 'ip', value: '9.9.9.8' }, nowMs + 300_000),
    null,
    'a failure is kept for five minutes',
  )
  assert.equal(again.get({ kind: 'ip', value: '1' }, nowMs), null)
  assert.equal(
    new AnswerCache(folder, 'x', DAY_MS, nowMs - 1).get(subject, nowMs - 1),
    null,
    'an answer from the future',
  )
})

test('questions are let through evenly, so many a minute', async () => {
  const clock = new ManualClock()
  const limit = new RateLimit(4, clock)
  const { signal } = new AbortController()
  const passed: number[] = []
  const all = [0, 1, 2].map(() => limit.turn(signal).then(() => passed.push(clock.nowMs())))
  for (let i = 0; i < 4; i += 1) {
    await Promise.resolve()
    await Promise.resolve()
    clock.moveBy(7_500)
  }
  await Promise.all(all)
  assert.deepEqual(passed.slice(1), [15_000, 30_000])
})

test('a service that wants a key is not asked without one, and its key is named', () => {
  assert.throws(() => servicesOf(['virustotal', 'reverse-dns'], {}, {}, 'enrich'), /WEIR_VIRUSTOTAL_KEY/)
  const [one] = servicesOf(['virustotal'], {}, { WEIR_VIRUSTOTAL_KEY: 'k' }, 'enrich')
  assert.equal(one?.door.key, 'k')
  assert.equal(one?.perMinute, 4)
  const own = {
    online: { 'passive-dns': { url: 'http://127.0.0.1:1', perMinute: 9, keepForMs: 5, timeoutMs: 7 } },
  }
  const [mine] = servicesOf(['passive-dns'], own, {}, 'enrich')
  assert.deepEqual(
    [mine?.door.url, mine?.perMinute, mine?.keepForMs, mine?.door.timeoutMs],
    ['http://127.0.0.1:1', 9, 5, 7],
  )
})
