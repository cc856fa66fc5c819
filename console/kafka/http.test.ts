import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { Runner, type RunnerView, TopologyBuilder, topologyMetrics } from '@weir/topology'
import { MetricRegistry, numberCodec, textCodec } from '@weir/topology/kit'
import { memoryTransport } from '@weir/topology/transport'
import { parseExposition } from '../testing/exposition.ts'
import { parseAddress, serveHttp } from './http.ts'

const words = { name: 'words', codec: textCodec }
const builder = new TopologyBuilder('http-test')
builder
  .stream(words)
  .groupByKey()
  .aggregate('counts', {
    init: () => 0,
    add: (count) => count + 1,
    codec: numberCodec,
    // Goes to the store at every commit, where queries look.
    maxLiveKeys: 0,
  })
  .to({ name: 'out', codec: numberCodec })
const plan = builder.build({ partitions: 4 })

const registry = await MetricRegistry.open()
const metrics = registry.add(topologyMetrics)
registry.addProcess()
const transport = memoryTransport()
let runner: Runner | null = null
const server = await serveHttp(
  { host: '127.0.0.1', port: 0 },
  {
    plan,
    registry,
    metrics,
    view: () => runner?.view() ?? null,
    readState: (store, key) => runner?.readState(store, key) ?? null,
  },
)
after(() => server.close())

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init)
  return { status: response.status, body: await response.text() }
}

test('whoever is not ready says what it waits for', async (t) => {
  const told = {
    application: 'a',
    state: 'running',
    generation: 1,
    restoring: 0,
    restores: [],
    restoringInputs: [],
    ready: false,
    tasks: [],
  }
  const reasonOf = async (
    view: Pick<RunnerView, 'joined' | 'silentMs'> & Partial<Pick<RunnerView, 'gone'>>,
  ) => {
    const served = await serveHttp(
      { host: '127.0.0.1', port: 0 },
      { plan, registry, metrics, view: () => ({ gone: null, ...told, ...view }), readState: () => null },
    )
    t.after(() => served.close())
    const response = await fetch(`http://127.0.0.1:${served.port}/ready`)
    assert.equal(response.status, 503)
    return (await response.text()).trim()
  }
  assert.equal(await reasonOf({ joined: false, silentMs: null }), 'not ready: joining the group')
  assert.match(
    await reasonOf({ joined: true, silentMs: null }),
    /assigned no tasks; others .* have them all$/,
  )
  const silent = await reasonOf({ joined: true, silentMs: 4_200 })
  assert.equal(silent, 'not ready: brokers have not answered for 4 s')
  const gone = await reasonOf({ joined: true, silentMs: null, gone: { topic: 'flows', forMs: 5_000 } })
  assert.equal(gone, 'not ready: topic flows does not exist any more')
})

test('who has tasks and could decode nothing of what came is not ready, and says why', async (t) => {
  const first = new Runner(plan, memoryTransport())
  await first.start()
  t.after(() => first.stop())
  let blind: Error | null = new Error('not one of the 3 flows that were read could be decoded: no schema')
  const served = await serveHttp(
    { host: '127.0.0.1', port: 0 },
    { plan, registry, metrics, view: () => first.view(), blind: () => blind, readState: () => null },
  )
  t.after(() => served.close())
  const answer = async () => {
    const response = await fetch(`http://127.0.0.1:${served.port}/ready`)
    return `${response.status} ${(await response.text()).trim()}`
  }
  assert.match(await answer(), /^503 not ready: not one of the 3 flows/)
  blind = null
  assert.match(await answer(), /^200 ready/)
})

test('before there is a runner it lives and is not ready', async () => {
  assert.equal((await get('/live')).status, 200)
  assert.equal((await get('/ready')).status, 503)
  assert.equal((await get('/state/counts/a')).status, 503)
})

test('with tasks it is ready, its ledger adds up, its state can be read, and it says what is whose', async () => {
  const first = new Runner(plan, transport, { metrics })
  await first.start()
  runner = first
  assert.equal((await get('/ready')).status, 200)
  const record = (key: string) => ({
    key,
    value: 'w',
    timestampMs: 1_000,
    streamTimeMs: 1_000,
    producedMs: Date.now() - 60_000,
  })
  await transport.producer().send('words', ['a', 'b', 'a', 'c/ d'].map(record))
  await first.runUntilIdle()
  const { total, inputs } = JSON.parse((await get('/ledger')).body)
  assert.deepEqual(total, {
    read: 4,
    processed: 4,
    deadLettered: 0,
    deletions: 0,
    marks: 0,
    inMemory: 0,
    skipped: 0,
  })
  assert.equal(inputs.length, 4)
  const found = JSON.parse((await get('/state/counts/a')).body)
  assert.equal(Buffer.from(found.entries[0].bytes, 'base64').readDoubleBE(), 2)
  assert.equal((await get(`/state/counts/${encodeURIComponent('c/ d')}`)).status, 200)
  const nobody = await get('/state/counts/default%7C10.0.0.9')
  assert.equal(nobody.status, 404)
  assert.match(
    nobody.body,
    /Nothing is remembered of 'default\|10\.0\.0\.9' in 'counts' .* as in default\|10/,
  )
  assert.match((await get('/state/cuonts/a')).body, /There is no store 'cuonts'; there are counts\./)

  const second = new Runner(plan, transport, {})
  await second.start()
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => get(`/state/counts/${key}`)),
  )
  assert.ok(answers.some(({ body }) => /belongs to partition \d, which another process has/.test(body)))
  await second.stop()
})

test('the plan is told as text and as JSON', async () => {
  assert.match((await get('/topology')).body, /^application http-test\n/)
  const asked = await get('/topology', { headers: { accept: 'application/json' } })
  assert.equal(JSON.parse(asked.body).subTopologies[0].stores[0].name, 'counts')
})

test('its metrics name lag, age and state of what it has', async (t) => {
  const { body } = await get('/metrics')
  assert.match(body, /^weir_topology_lag_records\{topic="words",partition="\d"\} 0$/m)
  assert.match(body, /^weir_topology_store_entries\{store="counts",partition="\d"\} /m)
  const latency = 'weir_topology_end_to_end_latency_seconds'
  assert.match(body, new RegExp(`^${latency}_count\\{topic="out"\\} 4$`, 'm'), 'of each result')
  assert.match(body, new RegExp(`^${latency}_bucket\\{le="30",topic="out"\\} 0$`, 'm'))
  assert.match(body, new RegExp(`^${latency}_bucket\\{le="300",topic="out"\\} 4$`, 'm'))
  const families = parseExposition(body)
  const typeOf = (name: string) => families.find((each) => each.name === name)?.type
  assert.equal(typeOf('weir_topology_lag_records'), 'gauge')
  assert.equal(typeOf('weir_topology_records_total'), 'counter')
  assert.equal(typeOf('weir_topology_end_to_end_latency_seconds'), 'histogram')
  assert.equal(typeOf('process_resident_memory_bytes'), 'gauge', 'and of the process')
  for (const { name, help } of families) assert.ok(help.length > 5, `${name} says nothing of itself`)
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })
  if (checked.error !== undefined) t.diagnostic('promtool is not installed: what it would say is not known')
  else assert.equal(checked.status, 0, checked.stderr)
})

test('only GET is answered, and only where there is something', async () => {
  assert.equal((await get('/live', { method: 'POST' })).status, 405)
  for (const path of ['/nothing', '//']) assert.equal((await get(path)).status, 404)
  assert.equal((await get('/state/counts/%ff')).status, 400)
})

test('a stopped runner is not ready', async () => {
  await runner?.stop()
  assert.equal((await get('/ready')).status, 503)
})

test('an address is a port of loopback unless it says more', () => {
  assert.deepEqual(parseAddress('9464'), { host: '127.0.0.1', port: 9464 })
  assert.deepEqual(parseAddress('0.0.0.0:80'), { host: '0.0.0.0', port: 80 })
  assert.deepEqual(parseAddress('[::1]:80'), { host: '::1', port: 80 })
  for (const wrong of ['', 'host', ':80', '1:99999', '::1:80']) assert.equal(parseAddress(wrong), null)
})
