import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { type Reply, serve } from '../testing/http-server.ts'
import { folderWith } from '../testing/weir-run.ts'
import { type ImportOptions, importSource } from './import-source.ts'
import { IndicatorStore } from './indicator-store.ts'
import { plainOptions, type SourceOptions } from './source-file.ts'

const given: SourceOptions = { feed: 'osint', ...plainOptions }
const how: ImportOptions = { headers: {}, timeoutMs: 5_000, nowMs: 1_000, isForced: false }
const [one, two, three] = [1, 2, 3].map((n) => `5${n}a2b8e4-7c11-4d2f-9a52-0123456789ab`) as [
  string,
  string,
  string,
]

const manifest = (versions: Readonly<Record<string, number>>) =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(versions).map(([uuid, timestamp]) => [
        uuid,
        { info: 'x', timestamp: String(timestamp) },
      ]),
    ),
  )
const event = (...values: string[]) =>
  JSON.stringify({
    Event: {
      info: 'Campaign',
      threat_level_id: '1',
      Attribute: values.map((value) => ({ type: 'ip-dst', value, to_ids: true })),
    },
  })

function values(store: IndicatorStore): string[] {
  const found: string[] = []
  store.each(({ value }) => found.push(value))
  return found.sort()
}

const storeFor = (t: { after(work: () => void): void }) => new IndicatorStore(join(folderWith(t), 'intel'))

test('only events that have changed are asked for again, and those that are gone take theirs with them', async (t) => {
  const files = new Map<string, string>([
    ['/f/manifest.json', manifest({ [one]: 100, [two]: 200 })],
    [`/f/${one}.json`, event('44.4.4.1')],
    [`/f/${two}.json`, event('44.4.4.2', '44.4.4.1')],
  ])
  const service = await serve(t, ({ path }): Reply | undefined => {
    const body = files.get(path)
    return body === undefined ? undefined : { body }
  })
  const store = storeFor(t)
  const source = `${service.url}/f/manifest.json`
  assert.equal((await importSource(store, source, given, how)).added, 2)
  assert.equal(store.headers()[0]?.accepted, 2)
  assert.equal((await importSource(store, source, given, how)).isChanged, false)
  files
    .set('/f/manifest.json', manifest({ [one]: 100, [three]: 300 }))
    .set(`/f/${three}.json`, event('44.4.4.3'))
  const before = service.asked.length
  await importSource(store, source, given, how)
  assert.deepEqual(values(store), ['44.4.4.1', '44.4.4.3'])
  assert.deepEqual(
    service.asked.slice(before).map(({ path }) => path),
    ['/f/manifest.json', `/f/${three}.json`],
  )
})

test('an event that cannot be had is as it was, and asked for again; none at all is an error', async (t) => {
  const files = new Map<string, string>([
    ['/manifest.json', manifest({ [one]: 100, [two]: 200 })],
    [`/${one}.json`, event('44.4.4.1')],
  ])
  const service = await serve(t, ({ path }): Reply | undefined => {
    const body = files.get(path)
    return body === undefined ? undefined : { body }
  })
  const store = storeFor(t)
  const misp = { ...given, format: 'misp' }
  const { header } = await importSource(store, `${service.url}/`, misp, how)
  assert.deepEqual(header.rejected, { 'an event that could not be had': 1 })
  assert.deepEqual(values(store), ['44.4.4.1'])
  files.set(`/${two}.json`, event('44.4.4.2'))
  await importSource(store, `${service.url}/`, misp, how)
  assert.deepEqual(values(store), ['44.4.4.1', '44.4.4.2'])
  files.set('/manifest.json', manifest({ [three]: 300 }))
  await assert.rejects(
    importSource(store, `${service.url}/`, misp, how),
    (error) => error instanceof WeirError && error.code === 'CONSOLE_FEED_UNREACHABLE',
  )
  assert.deepEqual(values(store), ['44.4.4.1', '44.4.4.2'])
})

test('a folder with a manifest is a feed', async (t) => {
  const folder = folderWith(t, {
    'manifest.json': manifest({ [one]: 100 }),
    [`${one}.json`]: event('44.4.4.1'),
  })
  const store = storeFor(t)
  await importSource(store, folder, given, how)
  assert.deepEqual(values(store), ['44.4.4.1'])
  writeFileSync(join(folder, 'manifest.json'), manifest({ [one]: 101 }))
  writeFileSync(join(folder, `${one}.json`), event('44.4.4.9'))
  await importSource(store, folder, given, how)
  assert.deepEqual(values(store), ['44.4.4.9'])
})
