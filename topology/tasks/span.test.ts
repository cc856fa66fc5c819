import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TopologyBuilder } from '../dsl/builder.ts'
import { tumbling } from '../dsl/windows.ts'
import { ManualClock } from '../kit/clock.ts'
import { textCodec } from '../kit/codec.ts'
import { process } from '../operators/process.ts'
import type { Plan } from '../plan/plan.ts'
import type { Topic } from '../plan/topic.ts'
import { diskTransport, memoryTransport } from '../transport/embedded/open.ts'
import { Partitioner } from '../transport/partitioner.ts'
import type { LogRecord, Member, Transport } from '../transport/transport.ts'
import { Runner, type RunnerOptions } from './runner.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const input: Topic<string> = { name: 'input', codec: textCodec }
const merged: Topic<string> = { name: 'merged', codec: textCodec }
const out: Topic<string> = { name: 'out', codec: textCodec }

/** Three ways to one windowed step: straight, over one topic and over two. Its grace is one span. */
function plan(partitions: number): Plan {
  const builder = new TopologyBuilder('app')
  const stream = builder.stream(input)
  const home = (way: string) =>
    process<string, string>({
      changesKey: true,
      create: ({ forward }) => ({
        process: (record) =>
          forward({ ...record, key: record.value.slice(0, 1), value: `${record.value} ${way}` }),
      }),
    })
  stream.process('straight', home('straight')).to(merged)
  const once = stream.groupBy('once', (value) => `once ${value}`)
  once.process('by-once', home('once')).to(merged)
  stream
    .groupBy('first', (value) => `first ${value}`)
    .process('by-first', home('twice'))
    .groupBy('second', (value) => `second ${value}`, { codec: textCodec })
    .process('by-second', home('over'))
    .to(merged)
  builder
    .stream(merged)
    .groupByKey()
    .windowedBy(tumbling(hourMs, { graceMs: 30 * minuteMs }))
    .aggregate('windows', {
      init: () => '',
      add: (state, value) => [...state.split(','), value].filter(Boolean).sort().join(),
      codec: textCodec,
      silenceMs: 0,
    })
    .mapValues(({ window, value }, key) => `${key} ${window.startMs / hourMs}: ${value}`)
    .to(out)
  return builder.build({ partitions })
}

function record(key: string, name: string, timestampMs: number): LogRecord {
  return { key, value: `${key}${name}`, timestampMs, streamTimeMs: timestampMs }
}

/** Two keys, a record each in most of thirty hours, a silence of a day and a week, and a busy hour at the end. */
function story(): LogRecord[] {
  const records: LogRecord[] = []
  for (let hour = 0; hour < 30; hour += 1) {
    if (hour % 7 !== 3) records.push(record('a', `${hour}`, hour * hourMs + 5 * minuteMs))
    if (hour % 5 !== 2) records.push(record('b', `${hour}`, hour * hourMs + 50 * minuteMs))
  }
  records.push(record('a', 'day', 54 * hourMs), record('b', 'week', 222 * hourMs))
  for (let minute = 0; minute < 60; minute += 1) {
    records.push(record(minute % 2 === 0 ? 'a' : 'b', `m${minute}`, 223 * hourMs + minute * minuteMs))
  }
  return records
}

/** What a plain calculation says of the story. */
function expectedOf(records: readonly LogRecord[]): string[] {
  const windows = new Map<string, string[]>()
  for (const { key, value, timestampMs } of records) {
    const window = `${key} ${Math.floor(timestampMs / hourMs)}`
    const values = windows.get(window) ?? []
    values.push(`${value} straight`, `${value} once`, `${value} twice over`)
    windows.set(window, values)
  }
  return [...windows].map(([window, values]) => `${window}: ${values.sort().join()}`).sort()
}

type Run = RunnerOptions & { readonly partitions: number; readonly portion: number }

async function resultsOf(transport: Transport, records: readonly LogRecord[], options: Run) {
  const { partitions, portion } = options
  // No wall clock: commits come by number alone.
  const runner = new Runner(plan(partitions), transport, { ...options, clock: new ManualClock() })
  await runner.start()
  const reader = await transport.join('read', [{ topics: [out.name], partitions }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  for (let at = 0; at < records.length; at += portion) {
    await transport.producer().send(input.name, records.slice(at, at + portion))
    await runner.poll()
  }
  await runner.finish()
  const { commits } = runner.totals
  const results = await drain(reader)
  await runner.stop()
  await transport.close()
  return { results, commits }
}

const decoder = new TextDecoder()

async function drain(reader: Member): Promise<string[]> {
  const found: string[] = []
  for (;;) {
    const { batches } = await reader.fetch(() => 10_000)
    if (batches.length === 0) return found.sort()
    for (const { records } of batches) {
      for (const { value } of records) {
        found.push(value instanceof Uint8Array ? decoder.decode(value) : String(value))
      }
    }
  }
}

async function onDisk<T>(body: (transport: Transport) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-span-'))
  try {
    return await body(await diskTransport(directory))
  } finally {
    await rm(directory, { recursive: true })
  }
}

const records = story()
const expected = expectedOf(records)

for (const commitRecords of [1, 100, 50_000]) {
  for (const partitions of [1, 8]) {
    test(`sparse records of long and short ways meet in their window, with ${commitRecords} records a commit and ${partitions} partitions`, async () => {
      for (const portion of [1, 20, 1_000]) {
        const run = { commitRecords, partitions, portion }
        assert.deepEqual((await resultsOf(memoryTransport(), records, run)).results, expected)
      }
      const run = { commitRecords, partitions, portion: 1_000 }
      const disk = await onDisk((transport) => resultsOf(transport, records, run))
      assert.deepEqual(disk.results, expected)
    })
  }
}

test('a short memory for waiting records does not let anyone run ahead or wait for ever', async () => {
  for (const partitions of [1, 8]) {
    const run = { commitRecords: 50_000, bufferRecords: 2, partitions, portion: 7 }
    assert.deepEqual((await resultsOf(memoryTransport(), records, run)).results, expected)
  }
})

test('without a span the longer ways come when the window is over, and the story can tell', async () => {
  const run = { commitRecords: 50_000, partitions: 1, portion: 1_000, maxSpanMs: Number.POSITIVE_INFINITY }
  assert.notDeepEqual((await resultsOf(memoryTransport(), records, run)).results, expected)
})

test('busy records cost a few commits a span and no more', async () => {
  const [count, gapMs] = [5_000, 1_440]
  const busy = Array.from({ length: count }, (_, at) =>
    record(String.fromCharCode(97 + (at % 26)), `${at}`, at * gapMs),
  )
  const run = { commitRecords: 50_000, partitions: 1, portion: 1_000 }
  const free = await resultsOf(memoryTransport(), busy, { ...run, maxSpanMs: Number.POSITIVE_INFINITY })
  const bound = await resultsOf(memoryTransport(), busy, run)
  const spans = (count * gapMs) / (30 * minuteMs)
  assert.ok(bound.commits - free.commits <= 6 * (spans + 1), `${free.commits} and ${bound.commits} commits`)
})

test('a second run on the same directory goes on where a killed one stopped', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'weir-span-'))
  try {
    for (const kill of [11, 30, 47, Number.POSITIVE_INFINITY]) {
      const transport = await diskTransport(directory, { replayed: [input.name] })
      const runner = new Runner(plan(3), transport, { commitRecords: 9, clock: new ManualClock() })
      await runner.start()
      for (let at = 0; at < Math.min(kill, records.length); at += 1) {
        await transport.producer().send(input.name, records.slice(at, at + 1))
        await runner.poll()
      }
      if (kill !== Number.POSITIVE_INFINITY) {
        // Closing the database stands for the end of the process, which frees its lock; the rest is dropped.
        await transport.close()
        continue
      }
      await runner.finish()
      const reader = await transport.join('read', [{ topics: [out.name], partitions: 3 }], {
        revoking: async () => {},
        assigned: async () => {},
      })
      assert.deepEqual(await drain(reader), expected)
      await runner.stop()
      await transport.close()
    }
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('a partition that was full holds its neighbours back no longer than it is', async () => {
  const memory = memoryTransport()
  // Asks of every partition how much room there is, as one does that cannot know what lies there before it has asked.
  const asking = (member: Member): Member => ({
    ...member,
    fetch: (room) => {
      for (const partition of [0, 1]) room('input', partition)
      return member.fetch(room)
    },
  })
  const transport: Transport = {
    durable: false,
    encoded: false,
    ensureTopics: (topics) => memory.ensureTopics(topics),
    partitionsOf: (topic) => memory.partitionsOf(topic),
    producer: () => memory.producer(),
    join: async (...args) => asking(await memory.join(...args)),
    committed: (...args) => memory.committed(...args),
    changelog: (store, partition) => memory.changelog(store, partition),
    committedValues: async () => null,
    follow: (store, partition) => memory.follow(store, partition),
    readPlan: async () => null,
    writePlan: async () => {},
    close: () => memory.close(),
  }
  const builder = new TopologyBuilder('app')
  builder.stream(input).process('pass', process({ create: () => ({ process() {} }) }))
  const runner = new Runner(builder.build({ partitions: 2 }), transport, { bufferRecords: 10 })
  await runner.start()
  const keys = ['a', 'b', 'c', 'd']
  const partitioner = new Partitioner(2)
  const short = keys.find((key) => partitioner.partitionOf(key) === 0) ?? ''
  const long = keys.find((key) => partitioner.partitionOf(key) === 1) ?? ''
  const send = (key: string, fromMs: number) =>
    transport.producer().send(
      'input',
      Array.from({ length: 10 }, (_, at) => record(key, `${at}`, fromMs + at)),
    )
  await send(short, 1_000)
  for (const fromMs of [0, 100, 200, 2_000]) await send(long, fromMs)
  await runner.runUntilIdle()
  assert.equal(runner.totals.records, 50)
  await runner.stop()
})
