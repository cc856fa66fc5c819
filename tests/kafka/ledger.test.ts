import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@weir/schemas'
import { Runner, type RunnerView, TopologyBuilder } from '@weir/topology'
import { textCodec } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { readSettings } from '../../console/analyze/settings.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { ship } from '../../console/kafka/ship.ts'
import { deleteRecordsV2 } from '../../topology/transport/kafka/client.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { Workspace } from '../scenarios/analysis.ts'
import { scenario as attackHour } from '../scenarios/attack-hour/scenario.ts'
import { brokers, freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { Fleet } from './fleet.ts'
import { type Pace, slowly } from './slowly.ts'

const partitions = 4

test('after a kill and a takeover every record of the input stands in the ledger once, whoever is asked for it', async () => {
  using workspace = new Workspace()
  const logs = workspace.folder('logs')
  writeLogs(play(attackHour), logs, { sensor: 'zeek' })
  const settings = readSettings({ out: 'out', partitions: String(partitions) })
  const prefix = freshPrefix()
  const fleet = new Fleet(prefix, partitions, brokers.join(','))
  const [one, two] = [await openKafka({}, prefix), await openKafka({}, prefix)]
  const stop = new AbortController()
  try {
    const pace: Pace = { records: 100, pauseMs: 250 }
    const run = { stdin: nothing(), interruption: new AbortController().signal, final: 'logs' }
    const victim = await fleet.start(workspace.folder('state'))
    let isShipped = false
    const shipped = ship([logs], settings, slowly(one.transport, pace), run).then(() => {
      isShipped = true
    })
    shipped.catch(() => {})
    while ((await one.transport.committed('weir', topics.flows.name, 0)) < 50) await sleep(20)
    await sendGarbage(two.transport, 7)
    await fleet.end(victim, 'SIGKILL')
    assert.equal(isShipped, false, 'the kill must fall into the work')
    Object.assign(pace, { records: 1_000, pauseMs: 0 })
    await shipped
    const held = [one.transport, two.transport].map((transport) => processing(transport, stop.signal))
    // Else one that is slow to join finds all done by the other.
    while (held.some((one) => ledgerOf([one], topics.flows.name).rows === 0)) await sleep(20)
    await settled(held, await written(one.transport, topics.flows.name))
    for (const { name } of [topics.flows, topics.evidence]) {
      const of = ledgerOf(held, name)
      assert.equal(of.rows, partitions, 'each partition is one process’s')
      assert.equal(of.processed + of.deadLettered + of.marks, await written(one.transport, name), name)
      assert.equal(of.read, of.processed + of.deadLettered + of.marks + of.deletions, name)
    }
    const flows = ledgerOf(held, topics.flows.name)
    assert.equal(flows.deadLettered, 7)
    assert.equal(flows.marks, 2 * partitions)
    stop.abort()
    await Promise.all(held.map(({ ended }) => ended))

    const later = new AbortController()
    const again = processing(one.transport, later.signal)
    while (again.runner?.view().ready !== true) await sleep(20)
    assert.deepEqual(ledgerOf([again], topics.flows.name), flows)
    later.abort()
    await again.ended
  } finally {
    stop.abort()
    await fleet.endAll('SIGKILL')
    await one.close()
    await two.close()
  }
})

test('records deleted before they could be read stand in the ledger as skipped, once', async () => {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const start = async () => {
    const builder = new TopologyBuilder('app')
    builder.stream({ name: 'in', codec: textCodec }).to({ name: 'out', codec: textCodec })
    const runner = new Runner(builder.build({ partitions: 1 }), transport, { stores: 'memory' })
    await runner.start()
    return runner
  }
  const send = (count: number) =>
    transport.producer().send(
      'in',
      Array.from({ length: count }, (_, at) => ({
        key: `k${at}`,
        value: textCodec.encode('x'),
        timestampMs: at,
        streamTimeMs: at,
      })),
    )
  try {
    const first = await start()
    await send(3)
    while (first.totals.records < 3) await first.poll()
    await first.stop()
    await send(10)
    await deleteBefore(`${prefix}in`, 8)
    for (const restart of [false, true]) {
      const runner = await start()
      while (!restart && runner.totals.records < 5) await runner.poll()
      await runner.runUntilIdle()
      const { rows: _, ...ledger } = ledgerOf([{ runner }], 'in')
      const wanted = { read: 8, processed: 8, deadLettered: 0, deletions: 0, marks: 0, skipped: 5 }
      assert.deepEqual(ledger, wanted, restart ? 'after a restart' : 'before it')
      await runner.stop()
    }
  } finally {
    await close()
  }
})

type Processing = { runner: Runner | null; readonly ended: Promise<unknown> }

function processing(transport: Transport, interruption: AbortSignal): Processing {
  const found: { runner: Runner | null } = { runner: null }
  const ended = runProcessors(readSettings({ out: 'out', partitions: String(partitions) }), transport, {
    commitMs: 50,
    untilIdleMs: null,
    idleMs: Number.POSITIVE_INFINITY,
    interruption,
    onRunner: (runner) => {
      found.runner = runner
    },
  })
  return Object.assign(found, { ended })
}

const inputsOf = (view: RunnerView | undefined) => (view?.tasks ?? []).flatMap(({ inputs }) => inputs)

/** Summed over processes, as whoever asks each of them would. */
function ledgerOf(held: readonly Pick<Processing, 'runner'>[], topic: string) {
  const inputs = held.flatMap(({ runner }) => inputsOf(runner?.view())).filter((each) => each.topic === topic)
  const sum = (name: 'read' | 'processed' | 'deadLettered' | 'deletions' | 'marks' | 'skipped') =>
    inputs.reduce((total, input) => total + input[name], 0)
  return {
    rows: inputs.length,
    read: sum('read'),
    processed: sum('processed'),
    deadLettered: sum('deadLettered'),
    deletions: sum('deletions'),
    marks: sum('marks'),
    skipped: sum('skipped'),
  }
}

/** Until all flows have been read, and nothing that came of them is left. */
async function settled(held: readonly Processing[], flows: number): Promise<void> {
  for (;;) {
    await sleep(100)
    const inputs = held.flatMap(({ runner }) => inputsOf(runner?.view()))
    const isStill = inputs.every(({ position, end, inMemory }) => position === end && inMemory === 0)
    const isIdle = held.every(({ runner }) => runner?.isIdle === true && runner.view().ready)
    if (isStill && isIdle && ledgerOf(held, topics.flows.name).read >= flows) return
  }
}

/** Records of a topic, marks included. */
async function written(transport: Transport, topic: string): Promise<number> {
  let count = 0
  for (let partition = 0; partition < partitions; partition += 1) {
    for await (const portion of transport.changelog(topic, partition)) count += portion.length
  }
  return count
}

async function sendGarbage(transport: Transport, count: number): Promise<void> {
  await transport.ensureTopics([{ name: topics.flows.name, partitions, encode: null, keep: 'all' }])
  const value = new Uint8Array([255, 255])
  const records = Array.from({ length: count }, (_, at) => ({
    key: `garbage ${at}`,
    value,
    timestampMs: 0,
    streamTimeMs: Number.NaN,
  }))
  await transport.producer().send(topics.flows.name, records)
}

async function deleteBefore(topic: string, offset: number): Promise<void> {
  const cluster = await openCluster()
  await cluster.refresh([topic])
  const asked = [{ name: topic, partitions: [{ partitionIndex: 0, offset: BigInt(offset) }] }]
  await cluster.call('test', cluster.leaderOf(topic, 0), 'delete', deleteRecordsV2.api, asked, 10_000)
  await cluster.close()
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
