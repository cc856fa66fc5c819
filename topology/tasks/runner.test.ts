import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { TopologyBuilder } from '../dsl/builder.ts'
import { hopping, tumbling } from '../dsl/windows.ts'
import { ManualClock } from '../kit/clock.ts'
import { jsonCodec, numberCodec, textCodec } from '../kit/codec.ts'
import { openLog } from '../kit/log.ts'
import { MetricRegistry } from '../kit/metrics.ts'
import { topologyMetrics } from '../metrics.ts'
import { keyedProcess } from '../operators/keyed-process.ts'
import type { StreamRecord } from '../operators/operator.ts'
import { process } from '../operators/process.ts'
import { describePlan } from '../plan/describe.ts'
import type { Plan } from '../plan/plan.ts'
import type { Topic } from '../plan/topic.ts'
import { SeededRandom } from '../testing/seeded-random.ts'
import type { EmbeddedTransport } from '../transport/embedded/embedded-transport.ts'
import { diskTransport, memoryTransport } from '../transport/embedded/open.ts'
import type { Batch, Member, Transport } from '../transport/transport.ts'
import { Runner, type RunnerOptions } from './runner.ts'

type Visit = { readonly from: string; readonly to: string; readonly weight: number }

const visits: Topic<Visit> = {
  name: 'visits',
  codec: jsonCodec((value) => {
    if (typeof value !== 'object' || value === null) throw new TypeError('not a visit')
    const { from, to, weight } = { from: '', to: '', weight: 0, ...value }
    return { from, to, weight }
  }),
}
const perHost: Topic<string> = { name: 'per-host', codec: textCodec }
const perTarget: Topic<string> = { name: 'per-target', codec: textCodec }
const lates: Topic<Visit> = { name: 'lates', codec: visits.codec }

/** Windows by the key that visits have, windows by another key, and windows of those windows' results. */
function plan(partitions: number): Plan {
  const builder = new TopologyBuilder('app')
  const stream = builder.stream(visits)
  const { results, late } = stream
    .groupByKey()
    .windowedBy(tumbling(50, { graceMs: 20 }))
    .aggregateWithLate('per-host', {
      init: () => [0, 0] as readonly [number, number],
      add: ([count, sum], { weight }) => [count + 1, sum + weight] as const,
      codec: jsonCodec((value) => {
        if (!Array.isArray(value)) throw new TypeError('not a pair')
        return [Number(value[0]), Number(value[1])] as const
      }),
      silenceMs: 30,
      maxLiveKeys: 5,
    })
  results.mapValues(({ window, value }, key) => `${key} ${window.startMs} ${value.join('/')}`).to(perHost)
  late.to(lates)
  stream
    .groupBy('by-target', (visit) => visit.to)
    .windowedBy(hopping(100, 50, { graceMs: 20 }))
    .aggregate('per-target', {
      init: () => 0,
      add: (sum, { weight }) => sum + weight,
      codec: numberCodec,
      silenceMs: 0,
      maxLiveKeys: 3,
    })
    .mapValues(({ window, value }) => `${window.startMs} ${value}`)
    .groupBy('by-window', (_text, key) => `all ${key.length}`, { codec: textCodec })
    .windowedBy(tumbling(200, { graceMs: 100 }))
    .aggregate('per-window', { init: () => 0, add: (count) => count + 1, codec: numberCodec, silenceMs: 0 })
    .mapValues(({ window, value }, key) => `${key} ${window.startMs} ${value}`)
    .to(perTarget)
  return builder.build({ partitions })
}

/** Out of order within 40 ms, some later than any grace, with stretches in which most keys are silent. */
function story(seed: number, length = 1_500): StreamRecord<Visit>[] {
  const random = new SeededRandom(seed)
  let nowMs = 0
  let streamTimeMs = 0
  return Array.from({ length }, (_, at) => {
    nowMs += random.below(4)
    const behindMs = random.below(20) === 0 ? random.below(200) : random.below(40)
    const timestampMs = Math.max(0, nowMs - behindMs)
    streamTimeMs = Math.max(streamTimeMs, timestampMs)
    const hosts = at % 500 < 250 ? 30 : 3
    const from = `host-${random.below(hosts)}`
    return {
      key: from,
      value: { from, to: `target-${random.below(12)}`, weight: random.below(9) },
      timestampMs,
      streamTimeMs,
    }
  })
}

async function readAll(transport: Transport, topic: string): Promise<string[]> {
  const partitions = transport.partitionsOf(topic)
  const member = await transport.join(`read ${topic}`, [{ topics: [topic], partitions }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  return drain(member)
}

const decoder = new TextDecoder()

async function drain(member: Member): Promise<string[]> {
  const found: string[] = []
  for (;;) {
    const { batches } = await member.fetch(() => 10_000)
    if (batches.length === 0) return found.sort()
    for (const batch of batches)
      found.push(...Array.from(batch.records, (record) => textOf(batch, record.value)))
  }
}

function textOf(batch: Batch, value: unknown): string {
  if (batch.encoded) return value instanceof Uint8Array ? decoder.decode(value) : ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

type Results = { readonly [topic: string]: readonly string[] }

async function inMemory(
  partitions: number,
  records: readonly StreamRecord<Visit>[],
  options: RunnerOptions & { readonly portion?: number; readonly backlog?: boolean } = {},
): Promise<Results> {
  const transport = memoryTransport()
  const runner = new Runner(plan(partitions), transport, options)
  await runner.start()
  const readers = new Map<string, Member>()
  for (const topic of [perHost.name, perTarget.name, lates.name]) {
    const subscriptions = [{ topics: [topic], partitions: transport.partitionsOf(topic) }]
    const listener = { revoking: async () => {}, assigned: async () => {} }
    readers.set(topic, await transport.join(`read ${topic}`, subscriptions, listener))
  }
  const { portion = 100, backlog = false } = options
  for (let at = 0; at < records.length; at += portion) {
    await transport.producer().send(visits.name, records.slice(at, at + portion))
    if (!backlog) await runner.poll()
  }
  await runner.finish()
  const results: Record<string, readonly string[]> = {}
  for (const [topic, reader] of readers) results[topic] = await drain(reader)
  await runner.stop()
  return results
}

async function inDirectory<T>(body: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-runner-'))
  try {
    return await body(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Killed without a commit after each number of portions given, and started again on the same directory. */
function onDisk(
  partitions: number,
  records: readonly StreamRecord<Visit>[],
  kills: readonly number[],
  options: RunnerOptions & { readonly replayed?: boolean } = {},
): Promise<Results> {
  const { replayed = true } = options
  return inDirectory(async (directory) => {
    let sent = 0
    for (const kill of [...kills, Number.POSITIVE_INFINITY]) {
      const transport = await diskTransport(directory, { replayed: replayed ? [visits.name] : [] })
      const runner = new Runner(plan(partitions), transport, options)
      await runner.start()
      if (replayed) sent = 0
      for (let portion = 0; portion < kill && sent < records.length; portion += 1) {
        await transport.producer().send(visits.name, records.slice(sent, sent + 100))
        sent += 100
        await runner.poll()
      }
      if (kill !== Number.POSITIVE_INFINITY) {
        // The objects are dropped; only closing the database stands for the end of the process, which frees its lock.
        await transport.close()
        continue
      }
      await runner.finish()
      const results: Record<string, readonly string[]> = {}
      for (const topic of [perHost.name, perTarget.name, lates.name]) {
        results[topic] = await readAll(transport, topic)
      }
      await runner.stop()
      await transport.close()
      return results
    }
    throw new Error('the last run is never killed')
  })
}

describe('the results of a story are the same', () => {
  const records = story(1)
  const expected = inMemory(1, records)

  test('and they are what a plain calculation gives', async () => {
    const sums = new Map<string, [number, number]>()
    let late = 0
    for (const { key, value, timestampMs, streamTimeMs } of records) {
      const startMs = Math.floor(timestampMs / 50) * 50
      if (startMs + 50 + 20 <= streamTimeMs) {
        late += 1
        continue
      }
      const [count, sum] = sums.get(`${key} ${startMs}`) ?? [0, 0]
      sums.set(`${key} ${startMs}`, [count + 1, sum + value.weight])
    }
    const results = await expected
    assert.deepEqual(
      results[perHost.name],
      [...sums].map(([window, [count, sum]]) => `${window} ${count}/${sum}`).sort(),
    )
    assert.equal(results[lates.name]?.length, late)
    assert.ok(late > 10 && sums.size > 100)
    assert.ok((results[perTarget.name]?.length ?? 0) > 5)
  })

  for (const partitions of [2, 8]) {
    test(`with ${partitions} partitions`, async () => {
      assert.deepEqual(await inMemory(partitions, records), await expected)
    })
  }

  test('with records sent in portions of any size, and commits at any distance', async () => {
    const portions = [1, 37, 1_500]
    for (const [at, commitRecords] of [1, 50, 10_000].entries()) {
      const options = { portion: portions[at] ?? 1, commitRecords, bufferRecords: 20 + at }
      assert.deepEqual(await inMemory(8, records, options), await expected)
    }
  })

  test('when all of it waits in the topic and partitions are read in unequal steps', async () => {
    const options = { portion: 7, backlog: true, bufferRecords: 5, commitRecords: 40 }
    for (const partitions of [3, 8]) {
      assert.deepEqual(await inMemory(partitions, records, options), await expected)
    }
  })

  test('with other keys between them', async () => {
    const random = new SeededRandom(5)
    const only = records.filter(({ key }) => key === 'host-1')
    const others = story(9).map((record) => ({ ...record, key: `other-${record.key}` }))
    const mixed: StreamRecord<Visit>[] = []
    let streamTimeMs = 0
    for (let mine = 0, other = 0; mine < only.length || other < others.length; ) {
      const next = random.below(2) === 0 && mine < only.length ? only[mine++] : others[other++]
      if (next === undefined) continue
      // One reader reads both: the clock it carries is that of all it has read; lateness is kept out of the comparison.
      streamTimeMs = Math.max(streamTimeMs, next.streamTimeMs)
      if (next.timestampMs + 20 > streamTimeMs || !next.key.startsWith('other-')) mixed.push(next)
    }
    const alone = await inMemory(1, only)
    const together = await inMemory(8, mixed)
    const mine = together[perHost.name]?.filter((line) => line.startsWith('host-1 '))
    assert.deepEqual(mine, alone[perHost.name])
  })

  for (const stores of ['memory', 'disk'] as const) {
    test(`on disk with stores in ${stores}`, async () => {
      assert.deepEqual(await onDisk(4, records, [], { stores, commitRecords: 200 }), await expected)
    })

    test(`killed three times without warning, with stores in ${stores}`, async () => {
      for (const partitions of [1, 8]) {
        const options = { stores, commitRecords: 170 }
        assert.deepEqual(await onDisk(partitions, records, [3, 7, 13], options), await expected)
      }
    })
  }

  test('killed and started again with the input kept in a stored topic', async () => {
    const options = { replayed: false, commitRecords: 170 }
    assert.deepEqual(await onDisk(4, records, [3, 4, 2], options), await expected)
  })

  test('killed while finishing', async () => {
    await inDirectory(async (directory) => {
      for (const last of [false, true]) {
        const transport = await diskTransport(directory, { replayed: [visits.name] })
        const runner = new Runner(plan(4), transport)
        await runner.start()
        await transport.producer().send(visits.name, records)
        if (last) {
          await runner.finish()
          assert.deepEqual(await readAll(transport, perTarget.name), (await expected)[perTarget.name])
          assert.deepEqual(await readAll(transport, perHost.name), (await expected)[perHost.name])
        } else {
          await runner.runUntilIdle()
        }
        await transport.close()
      }
    })
  })
})

describe('a runner', () => {
  const words: Topic<string> = { name: 'words', codec: textCodec, partitions: 4 }
  const out: Topic<string> = { name: 'out', codec: textCodec, partitions: 4 }
  const word = (key: string, value: unknown = key) => ({ key, value, timestampMs: 1, streamTimeMs: 1 })

  function copying(fail?: string): Plan {
    const builder = new TopologyBuilder('app')
    const copy = process<string, string>({
      create: ({ forward }) => ({
        process(record) {
          if (record.value === fail) throw new Error('cannot do this one')
          forward(record)
        },
      }),
    })
    builder.stream(words).process('copy', copy).to(out)
    return builder.build()
  }

  async function started(transport: EmbeddedTransport, options: RunnerOptions = {}, fail?: string) {
    const runner = new Runner(copying(fail), transport, options)
    await runner.start()
    return runner
  }

  const reader = (transport: Transport) =>
    transport.join('read', [{ topics: [out.name], partitions: 4 }], {
      revoking: async () => {},
      assigned: async () => {},
    })

  test('shares tasks with another, commits before it gives one up, and loses nothing', async () => {
    const transport = memoryTransport()
    const first = await started(transport, { commitRecords: 1_000_000, commitMs: 1_000_000 })
    const watcher = await reader(transport)
    const keys = Array.from({ length: 200 }, (_, at) => `k${at}`)
    await transport.producer().send(
      words.name,
      keys.map((key) => word(key)),
    )
    await first.poll()
    const second = await started(transport)
    assert.deepEqual(await drain(watcher), keys.toSorted())
    await transport.producer().send(
      words.name,
      keys.map((key) => word(key)),
    )
    await Promise.all([first.runUntilIdle(), second.runUntilIdle()])
    assert.ok(first.totals.records > 200 && second.totals.records > 0)
    assert.equal(first.totals.records + second.totals.records, 400)
    assert.deepEqual(await drain(watcher), keys.toSorted())
    await first.stop()
    await transport.producer().send(
      words.name,
      keys.map((key) => word(key)),
    )
    await second.runUntilIdle()
    assert.deepEqual(await drain(watcher), keys.toSorted())
    await second.stop()
  })

  test('that was put out of its group commits nothing of what it did', async () => {
    const transport = memoryTransport()
    const zombie = await started(transport, { commitRecords: 1_000_000, commitMs: 1_000_000 })
    const watcher = await reader(transport)
    await transport.producer().send(words.name, [word('a'), word('b')])
    await zombie.poll()
    await transport.expel('app', null)
    const owner = await started(transport)
    await assert.rejects(zombie.commit(), { code: 'TOPO_STALE_MEMBER' })
    assert.equal(zombie.state, 'failed')
    await owner.runUntilIdle()
    assert.deepEqual(await drain(watcher), ['a', 'b'])
    await zombie.stop()
    await owner.stop()
  })

  test('that cannot commit when it is told to stop says so, and has closed what it had', async () => {
    await inDirectory(async (directory) => {
      const transport = await diskTransport(directory)
      const runner = await started(transport, { commitRecords: 1_000_000, commitMs: 1_000_000 })
      await transport.producer().send(words.name, [word('a')])
      await runner.poll()
      await transport.close()
      await assert.rejects(runner.stop(), { code: 'TOPO_TRANSPORT_CLOSED' })
      assert.deepEqual([runner.state, runner.view().tasks], ['stopped', []])
      // Said once.
      await runner.stop()
    })
  })

  test('that lost its place before it was told to stop says that its work was not committed', async () => {
    const transport = memoryTransport()
    const busy = await started(transport, { commitMs: 1_000_000 })
    await transport.producer().send(words.name, [word('a')])
    await busy.poll()
    await transport.expel('app', null)
    const owner = await started(transport)
    await assert.rejects(busy.stop(), { code: 'TOPO_STALE_MEMBER' })
    await owner.stop()
  })

  for (const stores of ['memory', 'disk'] as const) {
    test(`commits what is much to keep in memory until the commit, with stores in ${stores}`, async () => {
      await inDirectory(async (directory) => {
        const builder = new TopologyBuilder('app')
        const kept = builder.table({ name: 'kept', codec: textCodec, partitions: 4 })
        builder
          .stream(words)
          .joinTable(kept, (text) => text)
          .to({ name: 'joined', codec: textCodec })
        const transport = await diskTransport(directory)
        const options: RunnerOptions = { stores, commitRecords: 1_000_000, commitMs: 1_000_000 }
        const runner = new Runner(builder.build({ partitions: 1 }), transport, options)
        await runner.start()
        const text = 'x'.repeat(100_000)
        const send = async (count: number) => {
          const sent = Array.from({ length: count }, (_, i) => word(`key ${i}`, text))
          const before = runner.totals.records
          await transport.producer().send('kept', sent)
          while (runner.totals.records < before + count) await runner.poll()
        }
        await send(20)
        assert.equal(runner.totals.commits, 0)
        await send(200)
        assert.equal(runner.totals.commits > 0, stores === 'disk')
        await runner.stop()
        await transport.close()
      })
    })
  }

  test('stops at a record that cannot be processed, says which, and commits nothing of that round', async () => {
    const transport = memoryTransport()
    const runner = await started(transport, { commitRecords: 1 }, 'bad')
    const watcher = await reader(transport)
    await transport.producer().send(words.name, [word('k', 'good'), word('k', 'bad')])
    await assert.rejects(runner.poll(), { code: 'TOPO_TASK_FAILED', message: /words partition \d offset 1$/ })
    assert.equal(runner.state, 'failed')
    await assert.rejects(runner.poll(), { code: 'TOPO_WRONG_STATE' })
    await runner.stop()
    assert.deepEqual(await drain(watcher), [])
  })

  test('stops where what it sends cannot be made into bytes, and keeps nothing of that round', async () => {
    const inner = memoryTransport()
    // As a transport between processes is.
    const transport: Transport = new Proxy(inner, {
      get: (target, name) => {
        if (name === 'encoded') return true
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const builder = new TopologyBuilder('app')
    const unable = { ...textCodec, encode: () => assert.fail('the bytes do not fit') }
    const tell = keyedProcess<string, string>('tell', {
      options: { windowMs: 10, graceMs: 0, silenceMs: 0, keyTtlMs: 1_000, maxLiveKeys: 10 },
      states: [],
      create: ({ forward }) => ({
        onRecord: (_, entry) => entry.schedule(5, 'due'),
        onTimer: ({ key }) => forward({ key, value: 'due', timestampMs: 5, streamTimeMs: 5 }),
        onWindowClose: () => {},
      }),
    })
    const told = builder.stream(words).groupByKey().process('tell', tell)
    told.to(out)
    told.to({ name: 'other', codec: unable, partitions: 4 })
    const runner = new Runner(builder.build({ partitions: 4 }), transport, { commitRecords: 1 })
    await runner.start()
    const watcher = await reader(inner)
    await inner.producer().send(words.name, [word('k'), { ...word('k'), timestampMs: 20, streamTimeMs: 20 }])
    await assert.rejects(runner.poll(), { code: 'TOPO_OUTPUT_NOT_ENCODABLE', message: /'other'/ })
    assert.equal(runner.state, 'failed')
    await runner.stop()
    assert.deepEqual(await drain(watcher), [])
  })

  test('a step without a name is counted under the one it has in the text of the plan, behind its sub-topology', async () => {
    const transport = memoryTransport()
    const registry = await MetricRegistry.open()
    const builder = new TopologyBuilder('app')
    const all = builder.stream({ name: 'in', codec: textCodec })
    all.filter((value) => value !== '').to({ name: 'some', codec: textCodec })
    all.filter((value) => value === 'x').to({ name: 'few', codec: textCodec })
    const plan = builder.build({ partitions: 1 })
    const runner = new Runner(plan, transport, { metrics: registry.add(topologyMetrics) })
    await runner.start()
    const record = { key: 'k', value: textCodec.encode('x'), timestampMs: 1, streamTimeMs: 1 }
    await transport.producer().send('in', [record])
    await runner.runUntilIdle()
    const steps = runner.totals.steps.map(({ step }) => step)
    assert.deepEqual(steps, ['0_filter-1', '0_filter-2'])
    for (const step of steps) {
      assert.ok(describePlan(plan).includes(`step ${step.slice(2)} from in`))
      assert.equal(await registry.read('weir_topology_records_total', { step }), 1)
    }
    await runner.stop()
  })

  test('commits after so many records, or so long', async () => {
    const transport = memoryTransport()
    const clock = new ManualClock()
    const registry = await MetricRegistry.open()
    const metrics = registry.add(topologyMetrics)
    const runner = await started(transport, { commitRecords: 10, commitMs: 500, clock, metrics })
    const watcher = await reader(transport)
    const send = (count: number) =>
      transport.producer().send(
        words.name,
        Array.from({ length: count }, (_, at) => word(`k${at}`)),
      )
    await send(9)
    await runner.poll()
    assert.equal((await drain(watcher)).length, 0)
    await send(1)
    await runner.poll()
    assert.equal((await drain(watcher)).length, 10)
    await send(1)
    await runner.poll()
    assert.equal((await drain(watcher)).length, 0)
    clock.moveBy(500)
    await runner.poll()
    assert.equal((await drain(watcher)).length, 1)
    assert.equal(await registry.read('weir_topology_sent_records_total'), 11)
    assert.equal(await registry.read('weir_topology_records_total', { step: 'copy' }), 11)
    assert.equal(await registry.read('weir_topology_commit_seconds_count'), 2)
    assert.equal(await registry.read('weir_topology_tasks'), 4)
    await runner.stop()
  })

  test('with a backlog commits that take long come less often where a share of the time is set, and no later than after ten seconds', async () => {
    const clock = new ManualClock()
    let tookMs = 40
    const builder = new TopologyBuilder('app')
    const slow = process<string, string>({
      create: ({ partition, forward }) => ({
        process: forward,
        flush: () => {
          if (partition === 0) clock.moveBy(tookMs)
        },
      }),
    })
    builder.stream(words).process('slow', slow).to(out)
    const transport = memoryTransport()
    const runner = new Runner(builder.build(), transport, {
      commitMs: 100,
      commitShare: 0.2,
      bufferRecords: 1,
      clock,
    })
    await runner.start()
    for (let sent = 0; sent < 7; sent += 1) await transport.producer().send(words.name, [word('k')])
    const commitsAfter = async (ms: number) => {
      clock.moveBy(ms)
      await runner.poll()
      return runner.totals.commits
    }
    assert.equal(await commitsAfter(100), 1)
    // A fifth of the time for 40 ms: the rest is 160.
    assert.equal(await commitsAfter(159), 1)
    tookMs = 4_000
    assert.equal(await commitsAfter(1), 2)
    assert.equal(await commitsAfter(9_999), 2)
    assert.equal(await commitsAfter(1), 3)
    // The last record: nothing is left to be read behind it.
    assert.equal(await commitsAfter(99), 3)
    assert.equal(await commitsAfter(1), 4)
    await runner.stop()
  })

  test('sends what it cannot decode to the dead letters, with the commit', async () => {
    await inDirectory(async (directory) => {
      const transport = await diskTransport(directory)
      // Bytes written by someone else: stored as they are, decoded when a runner reads them.
      await transport.ensureTopics([{ name: words.name, partitions: 4, encode: null, keep: 'all' }])
      const runner = await started(transport)
      await transport
        .producer()
        .send(words.name, [word('a', textCodec.encode('fine')), word('a', new Uint8Array([0xff, 0xfe]))])
      await runner.runUntilIdle()
      assert.deepEqual(await readAll(transport, out.name), ['fine'])
      const letters = await transport.join('l', [{ topics: ['app-dead-letters'], partitions: 1 }], {
        revoking: async () => {},
        assigned: async () => {},
      })
      const [batch] = (await letters.fetch(() => 10)).batches
      const [letter] = batch?.records ?? []
      assert.deepEqual(letter?.value, new Uint8Array([0xff, 0xfe]))
      const headers = new Map(letter?.headers?.map(([name, value]) => [name, decoder.decode(value)]))
      assert.equal(headers.get('weir-topic'), words.name)
      assert.equal(headers.get('weir-offset'), '1')
      assert.ok((headers.get('weir-error') ?? '').length > 0)
      assert.equal(runner.totals.deadLetters, 1)
      await runner.stop()
      await transport.close()
    })
  })

  test('commits what is set aside or passed over although nothing else comes, and says so once', async () => {
    await inDirectory(async (directory) => {
      const transport = await diskTransport(directory)
      await transport.ensureTopics([{ name: words.name, partitions: 4, encode: null, keep: 'all' }])
      const clock = new ManualClock()
      const told: string[] = []
      const log = openLog('test', 'warn', { destination: { write: (line) => void told.push(line) } })
      const runner = await started(transport, { commitMs: 100, commitRecords: 5, clock, log })
      const send = (...values: (Uint8Array | null)[]) =>
        transport.producer().send(
          words.name,
          values.map((value) => word('a', value)),
        )
      const bad = new Uint8Array([0xff])
      await send(bad)
      await runner.poll()
      assert.equal(runner.totals.commits, 0)
      clock.moveBy(100)
      await runner.poll()
      assert.deepEqual([runner.totals.commits, runner.totals.deadLetters], [1, 1])
      await send(bad, bad, bad, bad, bad)
      await runner.poll()
      assert.deepEqual([runner.totals.commits, runner.totals.deadLetters], [2, 6])
      await send(null)
      await runner.poll()
      clock.moveBy(100)
      await runner.poll()
      assert.equal(runner.totals.commits, 3)
      const partition = [0, 1, 2, 3].map((each) => transport.committed('app', words.name, each))
      assert.deepEqual((await Promise.all(partition)).filter(Boolean), [7])
      clock.moveBy(60_000)
      await send(bad)
      await runner.poll()
      assert.deepEqual(
        told.map((line) => {
          const { event, records, first } = JSON.parse(line)
          return [event, records, first.offset]
        }),
        [
          ['set-aside', 1, 0],
          ['set-aside', 6, 1],
        ],
      )
      await runner.stop()
      await transport.close()
    })
  })

  test('does not wait for its time with a commit once dead letters take much memory', async () => {
    await inDirectory(async (directory) => {
      const transport = await diskTransport(directory)
      await transport.ensureTopics([{ name: words.name, partitions: 4, encode: null, keep: 'all' }])
      const runner = await started(transport, { commitMs: 3_600_000, clock: new ManualClock() })
      const bad = new Uint8Array(1_000_000).fill(0xff)
      for (let sent = 0; sent < 8; sent += 1) await transport.producer().send(words.name, [word('a', bad)])
      await runner.poll()
      assert.equal(runner.totals.commits, 0)
      await transport.producer().send(words.name, [word('a', bad)])
      await runner.poll()
      assert.deepEqual([runner.totals.commits, runner.totals.deadLetters], [1, 9])
      await runner.stop()
      await transport.close()
    })
  })

  test('refuses a directory that holds the state of another topology', async () => {
    await inDirectory(async (directory) => {
      const first = await diskTransport(directory)
      const runner = new Runner(plan(2), first)
      await runner.start()
      await runner.stop()
      await first.close()
      const second = await diskTransport(directory)
      await assert.rejects(new Runner(plan(3), second).start(), { code: 'TOPO_ORPHANED_STATE' })
      await second.close()
    })
  })

  test('that runs on its own goes on as records come, until it is told to stop', async () => {
    const transport = memoryTransport({ backlog: 50 })
    const runner = await started(transport, { commitRecords: 20 })
    const watcher = await reader(transport)
    const stop = new AbortController()
    const running = runner.run(stop.signal)
    for (let at = 0; at < 500; at += 10) {
      await transport.producer().send(
        words.name,
        Array.from({ length: 10 }, (_, each) => word(`k${at + each}`)),
      )
    }
    stop.abort()
    await running
    await runner.runUntilIdle()
    await runner.stop()
    assert.equal((await drain(watcher)).length, 500)
    assert.equal(transport.held(words.name), 0)
  })
})
