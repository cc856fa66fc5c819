import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ManualClock, systemClock, WeirError } from '@weir/topology/kit'
import { serve } from '../testing/http-server.ts'
import { folderWith } from '../testing/weir-run.ts'
import { headersByFeed } from './import-options.ts'
import { importSource } from './import-source.ts'
import { IndicatorStore } from './indicator-store.ts'
import { type Refresh, refreshEvery, refreshOnce } from './refresh.ts'
import { plainOptions, type SourceOptions } from './source-file.ts'

const given = (feed: string): SourceOptions => ({ feed, ...plainOptions, level: 'high' })
const how = { headers: {}, timeoutMs: 5_000, nowMs: 1_000, isForced: false }

function storeFor(t: { after(work: () => void): void }): IndicatorStore {
  return new IndicatorStore(join(folderWith(t), 'intel'))
}

function refreshOf(more: Partial<Refresh> = {}): Refresh & { readonly failures: WeirError[] } {
  const failures: WeirError[] = []
  return {
    feed: null,
    headers: new Map(),
    failures,
    tell: () => {},
    fail: (error) => failures.push(error),
    publish: async () => {},
    ...more,
  }
}

const listsAddress = (store: IndicatorStore, ip: string) => store.load().table.address(ip, 0) !== null

describe('headers', () => {
  test('are those of one feed', () => {
    const wrong: string[] = []
    const byFeed = headersByFeed(['a=X-Key: one', 'b=X-Key: two', 'Accept: text/plain'], undefined, wrong)
    assert.deepEqual(byFeed.get('a'), { 'x-key': 'one' })
    assert.deepEqual(byFeed.get('b'), { 'x-key': 'two' })
    assert.deepEqual(wrong, ['--header must be FEED=NAME: VALUE where --feed names none'])
  })

  test('go to the server of their feed and to no other', async (t) => {
    const store = storeFor(t)
    const [mine, other] = [
      await serve(t, () => ({ body: '44.4.4.4' })),
      await serve(t, () => ({ body: '44.4.4.5' })),
    ]
    await importSource(store, `${mine.url}/a`, given('mine'), how)
    await importSource(store, `${other.url}/a`, given('other'), how)
    await refreshOnce(store, refreshOf({ headers: new Map([['mine', { 'x-key': 'secret' }]]) }))
    assert.equal(mine.asked.at(-1)?.headers['x-key'], 'secret')
    assert.equal(other.asked.at(-1)?.headers['x-key'], undefined)
    await importSource(store, `${other.url}/b`, given('mine'), how)
    await assert.rejects(
      refreshOnce(store, refreshOf({ headers: new Map([['mine', { 'x-key': 'secret' }]]) })),
      (error) => error instanceof WeirError && error.code === 'CONSOLE_BAD_OPTION',
    )
    assert.ok(other.asked.every(({ headers }) => headers['x-key'] === undefined))
  })
})

test('a feed with a damaged list keeps no later one from being asked', async (t) => {
  const store = storeFor(t)
  const folder = folderWith(t, { 'a.gz': '44.4.4.4\n', 'b.txt': '44.4.4.5\n' })
  await importSource(store, join(folder, 'a.gz'), given('a'), how)
  await importSource(store, join(folder, 'b.txt'), given('b'), how)
  writeFileSync(join(folder, 'a.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]))
  writeFileSync(join(folder, 'b.txt'), '44.4.4.6\n')
  const refresh = refreshOf()
  await refreshOnce(store, refresh)
  assert.deepEqual(
    refresh.failures.map(({ code }) => code),
    ['CONSOLE_FEED_UNREACHABLE'],
  )
  assert.ok(listsAddress(store, '44.4.4.4') && listsAddress(store, '44.4.4.6'))
})

test('a list that has come to hold nothing keeps what it gave, unless that is allowed', async (t) => {
  const store = storeFor(t)
  let body = '44.4.4.4'
  const server = await serve(t, () => ({ body }))
  await importSource(store, `${server.url}/a`, given('mine'), how)
  body = '# nothing any more\n'
  const refused = refreshOf()
  await refreshOnce(store, refused)
  assert.deepEqual(
    refused.failures.map(({ code }) => code),
    ['CONSOLE_FEED_EMPTY'],
  )
  assert.ok(listsAddress(store, '44.4.4.4'))
  const allowed = refreshOf({ allowsEmpty: true })
  await refreshOnce(store, allowed)
  assert.deepEqual(allowed.failures, [])
  assert.ok(!listsAddress(store, '44.4.4.4'))
})

test('while it goes on, servers are asked at their time and local files are read when they change', async (t) => {
  const store = storeFor(t)
  const path = join(folderWith(t, { 'a.txt': '44.4.4.4\n' }), 'a.txt')
  const service = await serve(t, () => ({ body: '44.4.5.5' }))
  await importSource(store, path, given('a'), how)
  await importSource(store, `${service.url}/x`, given('b'), how)
  const asked = () => service.asked.length
  const stop = new AbortController()
  const clock = new ManualClock(1_000_000)
  const running = refreshEvery(600_000, store, refreshOf({ clock }), stop.signal)
  const pass = async (isDone: () => boolean) => {
    while (!isDone()) {
      await systemClock.sleep(5)
      clock.moveBy(2_000)
    }
  }
  const first = asked()
  await pass(() => asked() > first)
  writeFileSync(path, '44.4.4.4\n44.4.4.9\n')
  const startMs = clock.nowMs()
  await pass(() => listsAddress(store, '44.4.4.9'))
  assert.ok(clock.nowMs() - startMs < 500_000, 'only with the next round')
  const second = asked()
  await pass(() => asked() > second)
  stop.abort()
  await running
})
