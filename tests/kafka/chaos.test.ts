import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@weir/schemas'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { Random } from '../generate/random.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { removeBrokerData, startBroker, stopBroker } from './broker/broker.ts'
import { host, readSettings as readBrokerSettings } from './broker/settings.ts'
import { freshPrefix, openKafka } from './broker-under-test.ts'
import { chaosPlan } from './chaos-plan.ts'
import { Fleet } from './fleet.ts'
import { assertSaidOnce, readFindings, readSaid, type Said } from './read-topics.ts'
import { type Pace, slowly } from './slowly.ts'
import { sayUndisturbed } from './undisturbed.ts'

/** `WEIR_CHAOS=long` is what `make test-chaos` runs; `WEIR_CHAOS_SEED` repeats another run. */
const isLong = process.env.WEIR_CHAOS === 'long'
const seed = process.env.WEIR_CHAOS_SEED ?? 'chaos'
const counts = isLong
  ? { kill: 20, 'kill-and-wipe': 2, freeze: 2, broker: 2, 'rebalance-in-restore': 2 }
  : { kill: 4, 'kill-and-wipe': 1, freeze: 1, broker: 1, 'rebalance-in-restore': 1 }
/** Shorter than the pauses of the shipping: silence begins and ends all the time, and goes over from process to process. */
const silenceMs = 300
const fewer = { ...counts, kill: isLong ? 8 : 2 }

const partitions = 4
/** A broker of its own: the others' must not die. */
const port = Number(process.env.WEIR_KAFKA_PORT ?? 19_092) + 150
const broker = readBrokerSettings(
  { WEIR_KAFKA_PORT: String(port), WEIR_KAFKA_HEAP: '384m' },
  join(import.meta.dirname, '..', '..'),
)
const brokers = `${host}:${port}`
const workspace = new Workspace()
after(async () => {
  workspace[Symbol.dispose]()
  await stopBroker(broker, 'SIGKILL')
  removeBrokerData(broker)
})
const logs = workspace.folder('logs')
writeLogs(play(attackHour), logs, { sensor: 'zeek' })
const expected = await analyzePaths([logs], { out: workspace.folder('expected') })
const settings = readSettings({ out: 'out', partitions: String(partitions) })
const never = new AbortController().signal
const world = { stdin: nothing(), interruption: never, final: 'logs' }
const finishing = {
  commitMs: 50,
  untilIdleMs: 1_000,
  idleMs: Number.POSITIVE_INFINITY,
  interruption: never,
}

let said: Said | null = null
/** What is said undisturbed, found out once. */
async function undisturbed(): Promise<Said> {
  if (said !== null) return said
  removeBrokerData(broker)
  await startBroker(broker)
  said = await sayUndisturbed(logs, partitions, { brokers: [brokers] })
  return said
}

test('processors that are killed, frozen and robbed of disk and broker say in the end what they say undisturbed, once', (t) =>
  survive(t, counts, Number.POSITIVE_INFINITY))

test('so do processors for which time goes on by the clock in every pause', (t) =>
  survive(t, fewer, silenceMs))

async function survive(t: TestContext, wanted: typeof counts, idleMs: number): Promise<void> {
  t.diagnostic(`seed ${seed}`)
  const expectedOnce = await undisturbed()
  const prefix = freshPrefix()
  const fleet = new Fleet(prefix, partitions, brokers, idleMs)
  const { transport, close } = await openKafka({ brokers: [brokers], giveUpMs: 300_000 }, prefix)
  const turns = chaosPlan(new Random(seed), wanted)
  // Slow enough to last for all of the calamities on a busy machine.
  const pace: Pace = { records: isLong ? 15 : 40, pauseMs: 500 }
  try {
    let isShipped = false
    const shipping = ship([logs], settings, slowly(transport, pace), world).then(({ records }) => {
      isShipped = true
      return records
    })
    shipping.catch(() => {})
    let made = 0
    const folder = () => {
      made += 1
      return workspace.folder(`state-${prefix}${made}`)
    }
    await Promise.all([fleet.start(folder()), fleet.start(folder())])
    const startMs = performance.now()
    const done = new Map<string, number>()
    for (const { calamity, afterMs, whom } of turns) {
      await sleep(afterMs)
      const member = fleet.running[whom % fleet.running.length]
      assert.ok(member !== undefined)
      if (!isShipped) done.set(calamity, (done.get(calamity) ?? 0) + 1)
      if (calamity === 'freeze') {
        member.child.kill('SIGSTOP')
        await sleep(2_500)
        member.child.kill('SIGCONT')
      } else if (calamity === 'broker') {
        await stopBroker(broker, 'SIGKILL')
        await startBroker(broker)
      } else {
        await fleet.end(member, 'SIGKILL')
        if (calamity === 'kill-and-wipe') rmSync(member.stateDirectory, { recursive: true })
        if (calamity === 'rebalance-in-restore') {
          const slow = await fleet.start(member.stateDirectory, 1_000, 'restoring')
          const joining = await fleet.start(folder(), 0, 'restoring')
          await fleet.end(slow, 'SIGKILL')
          assert.ok(joining.said.includes('restoring'))
        } else await fleet.start(member.stateDirectory)
      }
    }
    assert.deepEqual(Object.fromEntries(done), wanted, 'every calamity must fall into the work')
    t.diagnostic(`${turns.length} calamities in ${Math.round(performance.now() - startMs)} ms`)
    Object.assign(pace, { records: 1_000, pauseMs: 0 })
    const records = await shipping
    await fleet.endAll('SIGTERM')
    assert.deepEqual(fleet.failures, [])
    await runProcessors(settings, transport, finishing)
    let flows = 0
    for (let partition = 0; partition < partitions; partition += 1) {
      for await (const portion of transport.changelog(topics.flows.name, partition)) {
        flows += portion.filter(([, value]) => value !== null).length
      }
    }
    assert.equal(flows, records)
    assertSaidOnce(await readSaid(transport, partitions), expectedOnce)
    const actual = await readFindings(transport, partitions, workspace.folder(`out-${prefix}`))
    assert.equal(actual.evidence, expected.evidence)
    assert.equal(actual.alerts, expected.alerts)
  } finally {
    pace.pauseMs = 0
    await fleet.endAll('SIGKILL')
    await close()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
