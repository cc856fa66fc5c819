import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TopologyBuilder } from '../dsl/builder.ts'
import { tumbling } from '../dsl/windows.ts'
import { ManualClock } from '../kit/clock.ts'
import { numberCodec, textCodec } from '../kit/codec.ts'
import type { Plan } from '../plan/plan.ts'
import type { Topic } from '../plan/topic.ts'
import { diskTransport } from '../transport/embedded/open.ts'
import type { Transport } from '../transport/transport.ts'
import { Runner } from './runner.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const words: Topic<string> = { name: 'words', codec: textCodec }
const counts: Topic<string> = { name: 'counts', codec: textCodec }
const partitions = 2

/** Hours of each word, counted under its own key in a sub-topology of their own, which few records reach. */
function plan(): Plan {
  const builder = new TopologyBuilder('app')
  builder
    .stream(words)
    .groupBy('by-word', (value) => value)
    .windowedBy(tumbling(hourMs))
    .aggregate('hours', { init: () => 0, add: (count) => count + 1, codec: numberCodec, silenceMs: 0 })
    .mapValues(({ window, value }, key) => `${key} ${window.startMs / hourMs} ${value}`)
    .to(counts)
  return builder.build({ partitions })
}

/** Gives all that has been written by now. */
async function watch(transport: Transport): Promise<() => Promise<string[]>> {
  const encode = (value: unknown) => textCodec.encode(String(value))
  await transport.ensureTopics([{ name: counts.name, partitions, encode, keep: 'all' }])
  const member = await transport.join('watch', [{ topics: [counts.name], partitions }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  const found: string[] = []
  return async () => {
    for (;;) {
      const { batches } = await member.fetch(() => 1_000)
      if (batches.length === 0) return found
      for (const { records, encoded } of batches)
        for (const { value } of records)
          found.push(encoded && value instanceof Uint8Array ? textCodec.decode(value) : String(value))
    }
  }
}

const word = (timestampMs: number) => ({ key: 'k', value: 'a', timestampMs, streamTimeMs: timestampMs })

async function polls(runner: Runner): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await runner.poll()
    await runner.commit()
  }
}

type Run = { readonly transport: Transport; readonly runner: Runner; results(): Promise<string[]> }

/** One runner after another on one disk and one clock; `body` stops each, or leaves it as killed. */
async function runs(
  count: number,
  body: (run: number, with_: Run, clock: ManualClock) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-silence-'))
  const clock = new ManualClock()
  try {
    for (let run = 0; run < count; run += 1) {
      const transport = await diskTransport(directory)
      const results = await watch(transport)
      const runner = new Runner(plan(), transport, { clock, idleMs: minuteMs })
      await runner.start()
      await body(run, { transport, runner, results }, clock)
      await transport.close()
    }
  } finally {
    await rm(directory, { recursive: true })
  }
}

for (const end of ['stopped', 'killed'] as const) {
  test(`silence ends windows of a runner that was ${end} and started again`, () =>
    runs(2, async (run, { transport, runner, results }, clock) => {
      if (run === 0) {
        await transport.producer().send(words.name, [word(10 * minuteMs)])
        await polls(runner)
        assert.equal(runner.totals.records, 2)
      } else {
        assert.deepEqual(await results(), [])
        await polls(runner)
        clock.moveBy(30 * minuteMs)
        await polls(runner)
        assert.deepEqual(await results(), [], 'the hour is not over')
        clock.moveBy(25 * minuteMs)
        await polls(runner)
        assert.deepEqual(await results(), ['a 0 1'])
      }
      if (end === 'stopped') await runner.stop()
    }))
}

test('silence is as long as that of all runs together, however short each of them is', () =>
  runs(6, async (run, { transport, runner, results }, clock) => {
    if (run === 0) await transport.producer().send(words.name, [word(10 * minuteMs)])
    await polls(runner)
    clock.moveBy(12 * minuteMs)
    await polls(runner)
    await runner.stop()
    assert.deepEqual(await results(), run < 4 ? [] : ['a 0 1'])
  }))

test('silence does not begin before what waited for the runner is read', () =>
  runs(2, async (run, { transport, runner, results }, clock) => {
    if (run === 0) {
      await transport.producer().send(words.name, [word(10 * minuteMs)])
      await polls(runner)
      await runner.stop()
      await transport.producer().send(words.name, [word(20 * minuteMs)])
      clock.moveBy(5 * hourMs)
    } else {
      await polls(runner)
      clock.moveBy(2 * hourMs)
      await polls(runner)
      await runner.stop()
      assert.deepEqual(await results(), ['a 0 2'])
    }
  }))
