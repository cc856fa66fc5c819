import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Plan, Runner, TopologyBuilder } from '@weir/topology'
import { numberCodec, textCodec } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { Partitioner } from '../../topology/transport/partitioner.ts'
import { freshPrefix, openKafka } from './broker-under-test.ts'

const partitions = 4

function plan(): Plan {
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: textCodec })
    .groupByKey()
    .aggregate('count', { init: () => 0, add: (count) => count + 1, codec: numberCodec })
    .mapValues((count) => String(count))
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions })
}

/** One key in each partition. */
const keys = Array.from({ length: partitions }, (_, partition) => {
  const partitioner = new Partitioner(partitions)
  for (let n = 0; ; n += 1) if (partitioner.partitionOf(`k${n}`) === partition) return `k${n}`
})

const send = (transport: Transport) =>
  transport.producer().send(
    'in',
    keys.map((key) => ({ key, value: 'x', timestampMs: 1, streamTimeMs: 1 })),
  )

/** Every restore begins and does not end before it is let. */
function stuck(transport: Transport): { transport: Transport; begun: Promise<void>; let: () => void } {
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const committedValues: Transport['committedValues'] = async (...of) => {
    begun.resolve()
    await end.promise
    return transport.committedValues(...of)
  }
  return { transport: { ...transport, committedValues }, begun: begun.promise, let: () => end.resolve() }
}

function run(runner: Runner): () => Promise<void> {
  const stop = new AbortController()
  const running = runner.run(stop.signal)
  return async () => {
    stop.abort()
    await running
    await runner.stop()
  }
}

const partitionsOf = (runner: Runner) => runner.view().tasks.map(({ partition }) => partition)

test('what stays is processed and committed while one member is stuck restoring and another joins', async () => {
  const prefix = freshPrefix()
  const [a, b, c] = [await openKafka({}, prefix), await openKafka({}, prefix), await openKafka({}, prefix)]
  const held = stuck(b.transport)
  const first = new Runner(plan(), a.transport, { commitMs: 20 })
  const second = new Runner(plan(), held.transport, { commitMs: 20 })
  const third = new Runner(plan(), c.transport, { commitMs: 20 })
  const sent = new Map<number, number>()
  const committed = (partition: number) => a.transport.committed('app', 'in', partition)
  /** Sends a record to every partition until those of the first process have it committed. */
  const flows = async () => {
    await send(a.transport)
    for (let partition = 0; partition < partitions; partition += 1)
      sent.set(partition, (sent.get(partition) ?? 0) + 1)
    for (const partition of partitionsOf(first)) {
      while ((await committed(partition)) < (sent.get(partition) ?? 0)) {
        // A partition that has gone meanwhile is somebody else's.
        if (!partitionsOf(first).includes(partition)) break
        await sleep(5)
      }
    }
  }
  const ends: (() => Promise<void>)[] = []
  try {
    await first.start()
    ends.push(run(first))
    await flows()
    const starting = second.start()
    await held.begun
    assert.equal(first.view().tasks.length, 2)
    const kept = partitionsOf(first)
    for (let round = 0; round < 5; round += 1) await flows()
    const joining = third.start()
    while (first.view().generation < 4) await flows()
    for (let round = 0; round < 5; round += 1) await flows()
    await joining
    ends.push(run(third))
    const [stays] = partitionsOf(first)
    assert.ok(stays !== undefined && kept.includes(stays))
    const others = [0, 1, 2, 3].filter((partition) => !kept.includes(partition))
    assert.ok(others.length === 2)
    held.let()
    await starting
    ends.push(run(second))
    for (let partition = 0; partition < partitions; partition += 1) {
      while ((await committed(partition)) < (sent.get(partition) ?? 0)) await sleep(5)
    }
    const counts = new Map<string, number>()
    for (let partition = 0; partition < partitions; partition += 1) {
      for await (const portion of a.transport.changelog('app-count-changelog', partition)) {
        for (const [key, value] of portion) if (value !== null) counts.set(key, numberCodec.decode(value))
      }
    }
    assert.deepEqual(
      [...counts.values()],
      Array.from({ length: partitions }, () => sent.get(0)),
    )
  } finally {
    held.let()
    for (const end of ends) await end()
    for (const { close } of [a, b, c]) await close()
  }
})
