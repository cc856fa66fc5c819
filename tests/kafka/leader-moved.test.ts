import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@weir/schemas'
import type { Runner } from '@weir/topology'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { systemClock } from '../../topology/kit/clock.ts'
import { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { removeBrokerData, startBroker, stopBroker } from './broker/broker.ts'
import { clusterOf, host, readSettings as readBrokerSettings } from './broker/settings.ts'
import { freshPrefix, openKafka } from './broker-under-test.ts'
import { record } from './open-transaction.ts'
import { readFindings } from './read-topics.ts'
import { type Pace, slowly } from './slowly.ts'

/** Three brokers of their own; the first is the controller and stays. */
const port = Number(process.env.WEIR_KAFKA_PORT ?? 19_092) + 200
const nodes = clusterOf(
  readBrokerSettings(
    { WEIR_KAFKA_PORT: String(port), WEIR_KAFKA_HEAP: '256m' },
    join(import.meta.dirname, '..', '..'),
  ),
  Buffer.from('weir three nodes').toString('base64url'),
  3,
)
const workspace = new Workspace()
after(async () => {
  workspace[Symbol.dispose]()
  for (const node of nodes) {
    await stopBroker(node, 'SIGKILL')
    removeBrokerData(node)
  }
})
const never = new AbortController().signal

const isLong = process.env.WEIR_CHAOS === 'long'
const skip = isLong ? false : 'three brokers take a minute to start: make test-chaos runs it'

test('when the leader of a partition dies while a process joins others lead it, and nothing is lost or doubled', {
  skip,
}, async () => {
  const logs = workspace.folder('logs')
  writeLogs(play(attackHour), logs, { sensor: 'zeek' })
  const expected = await analyzePaths([logs], { out: workspace.folder('expected') })
  for (const node of nodes) {
    removeBrokerData(node)
    await startBroker(node)
  }
  const brokers = nodes.map((node) => `${host}:${node.port}`)
  const partitions = 3
  const settings = readSettings({ out: 'out', partitions: String(partitions) })
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({ brokers, giveUpMs: 60_000 }, prefix)
  const joiner = await openKafka({ brokers, giveUpMs: 60_000 }, prefix)
  const options = { brokers, clientId: 'test', requestTimeoutMs: 5_000, giveUpMs: 30_000 }
  const cluster = new Cluster(options, systemClock)
  const leaders = async () => {
    await cluster.retrying(() => cluster.refresh([prefix + topics.flows.name]))
    return cluster.topic(prefix + topics.flows.name)?.leaders ?? []
  }
  const knowing = new Map<number, Awaited<ReturnType<typeof openKafka>>>()
  try {
    await cluster.retrying(async () => {
      await cluster.refresh([])
      assert.equal(cluster.brokerIds.length, nodes.length)
    })
    const other = { name: 'other', partitions, encode: null, keep: 'all' } as const
    for (const [at, broker] of brokers.entries()) {
      const opened = await openKafka({ brokers: [broker], giveUpMs: 60_000 }, prefix)
      await opened.transport.ensureTopics([other])
      knowing.set(at + 1, opened)
    }
    const world = { stdin: nothing(), interruption: never, final: 'logs' }
    const pace: Pace = { records: 200, pauseMs: 250 }
    let isShipped = false
    const shipping = ship([logs], settings, slowly(transport, pace), world).then(({ records }) => {
      isShipped = true
      return records
    })
    shipping.catch(() => {})
    const process = {
      commitMs: 50,
      untilIdleMs: 4_000,
      idleMs: Number.POSITIVE_INFINITY,
      interruption: never,
    }
    const processing = runProcessors(settings, transport, process)
    processing.catch(() => {})
    await sleep(4_000)
    const dying = [...new Set(await leaders())].find((id) => id > 1)
    const node = nodes[(dying ?? 0) - 1]
    assert.ok(dying !== undefined && node !== undefined, 'one that is not the controller leads something')
    await stopBroker(node, 'SIGKILL')
    assert.equal(isShipped, false, 'it must fall into the work')
    // It asks for ends and for state of leaders that have only just become so.
    let joined: Runner | null = null
    const joining = runProcessors(settings, joiner.transport, {
      ...process,
      onRunner: (runner) => {
        joined = runner
      },
    })
    joining.catch(() => {})
    while ((await leaders()).includes(dying)) await sleep(100)
    assert.equal(cluster.brokerIds.includes(dying), false, 'who has gone is not asked any more')
    // The only one that it was told of has gone.
    await knowing
      .get(dying)
      ?.transport.producer()
      .send('other', [record('a', '')])
    while (tasksOf(joined) === 0) await sleep(50)
    Object.assign(pace, { records: 5_000, pauseMs: 0 })
    const records = await shipping
    await processing
    assert.ok((await joining).records > 0, 'it has worked as well')
    let flows = 0
    for (let partition = 0; partition < partitions; partition += 1) {
      for await (const portion of transport.changelog(topics.flows.name, partition)) {
        flows += portion.filter(([, value]) => value !== null).length
      }
    }
    assert.equal(flows, records)
    const actual = await readFindings(transport, partitions, workspace.folder('out'))
    assert.equal(actual.evidence, expected.evidence)
    assert.equal(actual.alerts, expected.alerts)
  } finally {
    for (const opened of knowing.values()) await opened.close()
    await cluster.close()
    await joiner.close()
    await close()
  }
})

const tasksOf = (runner: Runner | null) => runner?.view().tasks.length ?? 0

async function* nothing(): AsyncGenerator<Uint8Array> {}
