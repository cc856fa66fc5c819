import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TopologyBuilder } from '../dsl/builder.ts'
import { tumbling } from '../dsl/windows.ts'
import { ManualClock } from '../kit/clock.ts'
import { numberCodec, textCodec } from '../kit/codec.ts'
import type { Plan } from '../plan/plan.ts'
import type { Topic } from '../plan/topic.ts'
import { memoryTransport } from '../transport/embedded/open.ts'
import { Partitioner } from '../transport/partitioner.ts'
import type { LogRecord, Member, Transport } from '../transport/transport.ts'
import { encodeInputMark } from './input-mark.ts'
import { Runner, type RunnerOptions } from './runner.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const words: Topic<string> = { name: 'words', codec: textCodec }
const counts: Topic<string> = { name: 'counts', codec: textCodec }
const partitions = 4
/** Readers of one word are as far apart as processes may be: a span. */
const silenceMs = 30 * minuteMs

/** Hours of each word, which is counted under its own key after a detour. */
function plan(): Plan {
  const builder = new TopologyBuilder('app')
  builder
    .stream(words)
    .groupBy('by-word', (value) => value)
    .windowedBy(tumbling(hourMs, { graceMs: 30 * minuteMs }))
    .aggregate('hours', { init: () => 0, add: (count) => count + 1, codec: numberCodec, silenceMs })
    .mapValues(({ window, value }, key) => `${key} ${window.startMs / hourMs} ${value}`)
    .groupBy('again', (value) => value, { codec: textCodec })
    .windowedBy(tumbling(hourMs, { graceMs: 2 * hourMs }))
    .aggregate('twice', { init: () => '', add: (_, value) => value, codec: textCodec, silenceMs })
    .mapValues(({ value }) => value)
    .to(counts)
  return builder.build({ partitions })
}

function story(hours: number): LogRecord[] {
  return Array.from({ length: hours * 6 }, (_, at) => ({
    key: `k${at % 9}`,
    value: 'abcde'[at % 5] ?? '',
    timestampMs: at * 10 * minuteMs,
    streamTimeMs: at * 10 * minuteMs,
  }))
}

function expectedOf(records: readonly LogRecord[]): string[] {
  const hours = new Map<string, number>()
  for (const { value, timestampMs } of records) {
    const hour = `${value} ${Math.floor(timestampMs / hourMs)}`
    hours.set(hour, (hours.get(hour) ?? 0) + 1)
  }
  return [...hours].map(([hour, count]) => `${hour} ${count}`).sort()
}

async function watch(transport: Transport): Promise<() => Promise<string[]>> {
  const member: Member = await transport.join('watch', [{ topics: [counts.name], partitions }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  return async () => {
    const found: string[] = []
    for (;;) {
      const { batches } = await member.fetch(() => 10_000)
      if (batches.length === 0) return found.sort()
      for (const { records } of batches) found.push(...Array.from(records, ({ value }) => String(value)))
    }
  }
}

async function started(transport: Transport, count: number, options: RunnerOptions = {}): Promise<Runner[]> {
  const runners = Array.from({ length: count }, () => new Runner(plan(), transport, options))
  for (const runner of runners) await runner.start()
  return runners
}

/** Turn by turn, as processes that are equally fast. */
async function pollAll(runners: readonly Runner[], turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    for (const runner of runners) await runner.poll()
    for (const runner of runners) await runner.commit()
  }
}

const begin = encodeInputMark({ writer: 'site/one', says: 'begin' }, 0)
const end = encodeInputMark({ writer: 'site/one', says: 'end' }, 0)

for (const count of [1, 3]) {
  test(`marked input ends by itself, and once, with ${count} runners`, async () => {
    const transport = memoryTransport()
    const runners = await started(transport, count, { clock: new ManualClock() })
    const read = await watch(transport)
    const records = story(30)
    const producer = transport.producer()
    await producer.sendToAll(words.name, begin)
    await producer.send(words.name, records)
    await pollAll(runners, 100)
    const before = await read()
    assert.ok(before.length < expectedOf(records).length)
    await producer.sendToAll(words.name, end)
    await pollAll(runners, 100)
    assert.deepEqual([...before, ...(await read())].sort(), expectedOf(records))
    await producer.sendToAll(words.name, end)
    await pollAll(runners, 20)
    assert.deepEqual(await read(), [])
    assert.ok(runners.every(({ isIdle }) => isIdle))
    for (const runner of runners) await runner.stop()
  })
}

test('an input does not end before all have ended that began it', async () => {
  const transport = memoryTransport()
  const runners = await started(transport, 2, { clock: new ManualClock() })
  const read = await watch(transport)
  const producer = transport.producer()
  const other = (says: 'begin' | 'end') => encodeInputMark({ writer: 'site/two', says }, 0)
  const records = story(3)
  await producer.sendToAll(words.name, begin)
  await producer.sendToAll(words.name, other('begin'))
  await producer.send(words.name, records)
  await producer.sendToAll(words.name, end)
  await pollAll(runners, 50)
  assert.deepEqual(await read(), [])
  await producer.sendToAll(words.name, other('end'))
  await pollAll(runners, 50)
  assert.deepEqual(await read(), expectedOf(records))
  for (const runner of runners) await runner.stop()
})

test('a topology that has grown goes on from what its tasks told under other numbers', async () => {
  const transport = memoryTransport()
  const said = (writer: string, says: 'begin' | 'end') => encodeInputMark({ writer, says }, 0)
  const grown = (merges: boolean): Plan => {
    const builder = new TopologyBuilder('app')
    const more = builder.stream({ ...words, name: 'more' })
    const plain = more.groupBy('more-by-word', (value) => value)
    plain.count('more-words')
    const stream = builder.stream(words)
    const all = merges ? stream.merge(builder.stream({ ...words, name: 'others' })) : stream
    all.groupBy('by-word', (value) => value, { codec: textCodec }).count('words')
    return builder.build({ partitions })
  }
  const small = new TopologyBuilder('app')
  const byWord = small.stream(words).groupBy('by-word', (value) => value)
  byWord.count('words')
  const awaitedBy = (runner: Runner) =>
    runner
      .view()
      .tasks.flatMap(({ inputs }) =>
        inputs.filter(({ awaits }) => awaits.length > 0).map((each) => `${each.topic} ${each.awaits.join()}`),
      )
  const first = new Runner(small.build({ partitions }), transport, { clock: new ManualClock() })
  await first.start()
  const producer = transport.producer()
  for (const writer of ['site/one', 'site/two']) await producer.sendToAll(words.name, said(writer, 'begin'))
  await producer.send(words.name, story(2))
  await producer.sendToAll(words.name, said('site/two', 'end'))
  await pollAll([first], 10)
  const expected = Array.from({ length: partitions }, () => 'words site/one')
  assert.deepEqual(awaitedBy(first), expected)
  assert.equal(first.view().tasks[0]?.inputs[0]?.topic, words.name)
  await first.stop()
  for (const merges of [false, true]) {
    const runner = new Runner(grown(merges), transport, { clock: new ManualClock() })
    await runner.start()
    assert.equal(runner.view().tasks[0]?.inputs[0]?.topic, 'more', 'numbers have moved on')
    assert.deepEqual(awaitedBy(runner), expected)
    await pollAll([runner], 3)
    await runner.stop()
  }
})

test('records after an end are new work, and end with the next', async () => {
  const transport = memoryTransport()
  const runners = await started(transport, 2, { clock: new ManualClock() })
  const read = await watch(transport)
  const producer = transport.producer()
  const records = story(12)
  for (const [at, part] of [records.slice(0, 36), records.slice(36)].entries()) {
    const mark = (says: 'begin' | 'end') => encodeInputMark({ writer: 'site/one', says }, at)
    await producer.sendToAll(words.name, mark('begin'))
    await producer.send(words.name, part)
    await producer.sendToAll(words.name, mark('end'))
    await pollAll(runners, 60)
    assert.deepEqual(await read(), expectedOf(part))
  }
  for (const runner of runners) await runner.stop()
})

test('a writer that begins sooner in one partition than in others keeps nobody from getting there', async () => {
  const transport = memoryTransport()
  const clock = new ManualClock()
  const runners = await started(transport, 2, { clock })
  const read = await watch(transport)
  const producer = transport.producer()
  const partitioner = new Partitioner(partitions)
  const keys = Array.from({ length: partitions }, (_, partition) => {
    const key = Array.from({ length: 100 }, (_, at) => `k${at}`).find(
      (each) => partitioner.partitionOf(each) === partition,
    )
    assert.ok(key !== undefined)
    return key
  })
  const records = story(60).map((record, at) => ({ ...record, key: keys[at % partitions] ?? '' }))
  // Whichever two of them a runner has: it comes to the second begin in one of its partitions long before the other.
  const isLong = ({ key }: LogRecord) => key === keys[0] || key === keys[3]
  const short = records.filter((each) => !isLong(each))
  const mark = (writer: string, says: 'begin' | 'end') =>
    producer.sendToAll(words.name, encodeInputMark({ writer, says }, clock.nowMs()))
  await mark('site/one', 'begin')
  await producer.send(words.name, [...records.filter(isLong), ...short.slice(0, 4)])
  await mark('site/two', 'begin')
  await producer.send(words.name, short.slice(4))
  await mark('site/one', 'end')
  await mark('site/two', 'end')
  await pollAll(runners, 600)
  assert.deepEqual(await read(), expectedOf(records))
  for (const runner of runners) await runner.stop()
})

test('a runner that stands still holds the others, a span ahead, until it goes on', async () => {
  const transport = memoryTransport()
  const clock = new ManualClock()
  const [fast, slow] = await started(transport, 2, { clock })
  assert.ok(fast !== undefined && slow !== undefined)
  const read = await watch(transport)
  const producer = transport.producer()
  const records = story(100)
  await producer.sendToAll(words.name, begin)
  await producer.send(words.name, records)
  await producer.sendToAll(words.name, end)
  await pollAll([fast, slow], 3)
  const { records: before } = fast.totals
  await pollAll([fast], 100)
  assert.ok(fast.totals.records - before < 50, `${fast.totals.records - before} records`)
  assert.equal(fast.isIdle, false)
  await pollAll([fast, slow], 600)
  assert.deepEqual(await read(), expectedOf(records))
  await fast.stop()
  await slow.stop()
})

test('where no record comes, time goes on with the wall after the idle time, and not without one', async () => {
  for (const idleMs of [minuteMs, Number.POSITIVE_INFINITY]) {
    const transport = memoryTransport()
    const clock = new ManualClock()
    const [runner] = await started(transport, 1, { clock, idleMs })
    assert.ok(runner !== undefined)
    const read = await watch(transport)
    const records = story(1)
    await transport.producer().send(words.name, records)
    await pollAll([runner], 10)
    clock.moveBy(minuteMs / 2)
    await pollAll([runner], 10)
    assert.deepEqual(await read(), [])
    for (let quarter = 0; quarter < 40; quarter += 1) {
      clock.moveBy(hourMs / 4)
      await pollAll([runner], 3)
    }
    assert.deepEqual(await read(), idleMs === minuteMs ? expectedOf(records) : [])
    await runner.stop()
  }
})
