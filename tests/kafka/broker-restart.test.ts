import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@weir/schemas'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { removeBrokerData, startBroker, stopBroker } from './broker/broker.ts'
import { host, readSettings as readBrokerSettings } from './broker/settings.ts'
import { openKafka } from './broker-under-test.ts'
import { assertSaidOnce, readFindings, readSaid } from './read-topics.ts'
import { slowly } from './slowly.ts'
import { sayUndisturbed } from './undisturbed.ts'

/** A broker of its own: the others' must not die. */
const port = Number(process.env.WEIR_KAFKA_PORT ?? 19_092) + 100
const broker = readBrokerSettings(
  { WEIR_KAFKA_PORT: String(port), WEIR_KAFKA_HEAP: '384m' },
  join(import.meta.dirname, '..', '..'),
)
const workspace = new Workspace()
after(async () => {
  workspace[Symbol.dispose]()
  await stopBroker(broker, 'SIGKILL')
  removeBrokerData(broker)
})
const never = new AbortController().signal

test('a broker that is killed while records are produced, processed and committed costs time and nothing else', async () => {
  const logs = workspace.folder('logs')
  writeLogs(play(attackHour), logs, { sensor: 'zeek' })
  const expected = await analyzePaths([logs], { out: workspace.folder('expected') })
  removeBrokerData(broker)
  await startBroker(broker)
  const settings = readSettings({ out: 'out', partitions: '2' })
  const undisturbed = await sayUndisturbed(logs, 2, { brokers: [`${host}:${port}`] })
  const { transport, close } = await openKafka({ brokers: [`${host}:${port}`], giveUpMs: 60_000 })
  try {
    const world = { stdin: nothing(), interruption: never, final: 'logs' }
    const shipping = ship([logs], settings, slowly(transport), world)
    let done = false
    const restarts = (async () => {
      for (let n = 0; n < 2; n += 1) {
        await sleep(2_500)
        await stopBroker(broker, 'SIGKILL')
        await startBroker(broker)
      }
    })()
    const processing = (async () => {
      await sleep(500)
      const options = {
        commitMs: 50,
        untilIdleMs: 4_000,
        idleMs: Number.POSITIVE_INFINITY,
        interruption: never,
      }
      const totals = await runProcessors(settings, transport, options)
      done = true
      return totals
    })()
    const [{ records }] = await Promise.all([shipping, restarts])
    assert.equal(done, false, 'the restarts must fall into the work')
    await processing
    const said = await readSaid(transport, 2)
    let flows = 0
    for (const partition of [0, 1]) {
      for await (const portion of transport.changelog(topics.flows.name, partition)) {
        flows += portion.filter(([, value]) => value !== null).length
      }
    }
    assert.equal(flows, records, 'what was sent again after the outage is there once')
    assertSaidOnce(said, undisturbed)
    const actual = await readFindings(transport, 2, workspace.folder('out'))
    assert.equal(actual.evidence, expected.evidence)
    assert.equal(actual.alerts, expected.alerts)
  } finally {
    await close()
  }
})

async function* nothing(): AsyncGenerator<Uint8Array> {}
