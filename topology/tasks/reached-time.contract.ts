import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TopologyBuilder } from '../dsl/builder.ts'
import { systemClock } from '../kit/clock.ts'
import { numberCodec } from '../kit/codec.ts'
import { keyedProcess } from '../operators/keyed-process.ts'
import type { Plan } from '../plan/plan.ts'
import type { Topic } from '../plan/topic.ts'
import { SeededRandom } from '../testing/seeded-random.ts'
import { Partitioner } from '../transport/partitioner.ts'
import type { OpenTransport } from '../transport/transport.contract.ts'
import { Runner, type RunnerOptions } from './runner.ts'

const visits: Topic<number> = { name: 'visits', codec: numberCodec }
const partitions = 2
const everyMs = 50
const patience = { isPatient: true, everyMs }

/** What there is to hear of, and what was said, whichever runner said it. */
type World = { news: number; readonly said: string[] }

type Watched = { seen: number; readonly untilMs: number; wakesAtMs: number }

/** Looks every 50 ms, once there are news, whether there were any since it last looked; for 400 ms from the first record on. */
function plan(world: World): Plan {
  const builder = new TopologyBuilder('app')
  const watch = keyedProcess<number, never>('watch', {
    options: { windowMs: 100, graceMs: 0, silenceMs: 20, keyTtlMs: 10_000, maxLiveKeys: 2 },
    states: [{ name: 'watched', scope: 'key', closes: null }],
    create: () => ({
      news: () => world.news,
      onRecord: ({ streamTimeMs }, entry) => {
        const watched = entry.slots[0] as Watched | undefined
        if (watched !== undefined && streamTimeMs < watched.untilMs) return
        const wakesAtMs = streamTimeMs + everyMs
        entry.slots[0] = { seen: world.news, untilMs: streamTimeMs + 8 * everyMs, wakesAtMs }
        entry.schedule(wakesAtMs, 'look', patience)
      },
      onTimer: (entry, name, dueMs) => {
        const watched = entry.slots[0] as Watched | undefined
        if (watched === undefined || dueMs < watched.wakesAtMs || dueMs > watched.untilMs) return
        if (world.news > watched.seen) world.said.push(`${entry.key} @${dueMs} ${world.news}`)
        watched.seen = world.news
        watched.wakesAtMs = dueMs + everyMs
        entry.schedule(watched.wakesAtMs, name, patience)
      },
      onWindowClose: () => {},
    }),
  })
  builder.stream(visits).process('watch', watch)
  return builder.build({ partitions })
}

type End = 'killed' | 'stopped' | 'handed over' | 'finished' | null

/** A record is read and committed, then there may be news, and then somebody else may go on. */
type Step = {
  readonly key: string
  readonly atMs: number
  readonly isNews?: boolean
  readonly end?: End
}

/** One comes, takes part, and is left with everything. */
async function handedOver(from: Runner, coming: Promise<Runner>): Promise<Runner> {
  let isThere = false
  const there = coming.finally(() => {
    isThere = true
  })
  there.catch(() => {})
  const turn = async (runners: readonly Runner[]) => {
    for (const runner of runners) await runner.poll()
    await systemClock.sleep(1)
  }
  while (!isThere) await turn([from])
  const next = await there
  while (next.view().tasks.length === 0) await turn([from, next])
  await from.stop()
  while (next.view().tasks.length < partitions) await turn([next])
  return next
}

async function said(
  open: () => Promise<OpenTransport>,
  steps: readonly Step[],
  options: RunnerOptions,
): Promise<string[]> {
  const world: World = { news: 0, said: [] }
  let opened = await open()
  const begin = async () => {
    const runner = new Runner(plan(world), opened.transport, { tickMs: 10, ...options })
    await runner.start()
    return runner
  }
  try {
    let runner = await begin()
    for (const { key, atMs, isNews = false, end = null } of steps) {
      const record = { key, value: numberCodec.encode(0), timestampMs: atMs, streamTimeMs: atMs }
      await opened.transport.producer().send(visits.name, [record])
      const before = runner.totals.records
      while (runner.totals.records === before) await runner.poll()
      await runner.commit()
      if (isNews) world.news += 1
      if (end === null) continue
      if (end === 'handed over') {
        runner = await handedOver(runner, begin())
        continue
      }
      if (end === 'finished') await runner.finish()
      if (end === 'stopped') await runner.stop()
      const { restart } = opened
      assert.ok(restart !== null)
      opened = await restart()
      runner = await begin()
    }
    await runner.stop()
  } finally {
    await opened.close()
  }
  return world.said.toSorted()
}

/** What every durable transport and every medium of stores promises of the time that was reached before a restart. */
export function reachedTimeContract(
  name: string,
  open: () => Promise<OpenTransport>,
  { seeds, ...options }: RunnerOptions & { readonly seeds: number },
): void {
  const partitioner = new Partitioner(partitions)
  const home = partitioner.partitionOf('a')
  const [other = ''] = ['b', 'c', 'd', 'e', 'f'].filter((key) => partitioner.partitionOf(key) !== home)

  describe(`time reached before a restart, ${name},`, () => {
    for (const end of ['killed', 'stopped', 'handed over'] as const) {
      test(`is where news are heard from where a runner was ${end}, also of a partition in which nothing happened`, async () => {
        // Up to 80 all has been passed over when there are news, and at 130 what was due at 110 has not.
        const steps = (end: End): Step[] => [
          { key: 'a', atMs: 10 },
          { key: other, atMs: 100, isNews: true, end },
          { key: other, atMs: 131 },
          { key: other, atMs: 170 },
        ]
        const expected = ['a @110 1', `${other} @150 1`]
        assert.deepEqual(await said(open, steps(null), options), expected)
        assert.deepEqual(await said(open, steps(end), options), expected)
      })
    }

    test('is also that of runners which have heard of nothing', async () => {
      const steps = (end: End): Step[] => [
        { key: 'a', atMs: 10 },
        { key: other, atMs: 100, end },
        { key: other, atMs: 122, isNews: true, end },
        { key: other, atMs: 131 },
      ]
      const expected = ['a @110 1']
      assert.deepEqual(await said(open, steps(null), options), expected)
      assert.deepEqual(await said(open, steps('killed'), options), expected)
    })

    test('is none behind an end of input', async () => {
      const steps: Step[] = [
        { key: 'a', atMs: 1_000 },
        { key: other, atMs: 1_100, end: 'finished' },
        { key: 'a', atMs: 10 },
        { key: other, atMs: 100, isNews: true, end: 'killed' },
        { key: other, atMs: 131 },
      ]
      assert.deepEqual(await said(open, steps, options), ['a @110 1'])
    })

    for (let seed = 1; seed <= seeds; seed += 1) {
      test(`leads to the same after any number of restarts (seed ${seed})`, async () => {
        const random = new SeededRandom(seed)
        const steps: Step[] = []
        for (let atMs = 10; atMs < 1_500; atMs += random.below(50)) {
          const end =
            ([null, null, null, 'stopped', 'killed', 'handed over'] as const)[random.below(6)] ?? null
          steps.push({ key: `k${random.below(7)}`, atMs, isNews: random.below(6) === 0, end })
        }
        const undisturbed = steps.map((step) => ({ ...step, end: null }))
        const expected = await said(open, undisturbed, options)
        assert.ok(expected.length > 10)
        assert.deepEqual(await said(open, steps, options), expected)
      })
    }
  })
}
