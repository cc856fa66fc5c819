import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Plan, type RestoreProgress, Runner, TopologyBuilder } from '@weir/topology'
import { numberCodec, textCodec } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { KafkaTransport } from '../../topology/transport/kafka/kafka-transport.ts'
import { freshPrefix, hasty, openKafka } from './broker-under-test.ts'
import { prefixed } from './prefixed-transport.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-standby-'))
after(() => rmSync(root, { recursive: true }))

function plan(): Plan {
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: textCodec })
    .groupByKey()
    .aggregate('count', { init: () => 0, add: (count) => count + 1, codec: numberCodec })
    .mapValues((count) => String(count))
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions: 2 })
}

async function send(transport: Transport, from: number, to: number): Promise<void> {
  const records = Array.from({ length: to - from }, (_, n) => ({
    key: `k${from + n}`,
    value: 'x',
    timestampMs: 1,
    streamTimeMs: 1,
  }))
  await transport.producer().send('in', records)
}

async function processAll(runner: Runner, records: number): Promise<void> {
  // Between two assignments a round has nothing to wait for.
  while (runner.totals.records < records) if ((await runner.poll()) === 0) await sleep(5)
  await runner.runUntilIdle()
}

test('a standby has a warm copy: when it takes over it reads next to nothing', async () => {
  const prefix = freshPrefix()
  const open = (name: string) => {
    const own = new KafkaTransport({ ...hasty, stateDirectory: join(root, name), standbys: 1 })
    return { own, transport: prefixed(own, prefix) }
  }
  const [a, b] = [open('a'), open('b')]
  const progress = new Map<number, RestoreProgress>()
  let isTakenOver = false
  const first = new Runner(plan(), a.transport)
  const second = new Runner(plan(), b.transport, {
    onRestore: (each) => {
      if (isTakenOver) progress.set(each.partition, each)
    },
  })
  try {
    await first.start()
    await second.start()
    await send(a.transport, 0, 2_000)
    while (first.totals.records + second.totals.records < 2_000) {
      await Promise.all([first.poll(), second.poll(), sleep(5)])
    }
    await Promise.all([first.runUntilIdle(), second.runUntilIdle()])
    const copies = () =>
      [0, 1].map((partition) => b.own.progressOf(`${prefix}app-count-changelog`, partition) ?? 0)
    while (copies().some((offset) => offset < 900)) await sleep(50)
    await sleep(1_200)
    isTakenOver = true
    await first.stop()
    await a.transport.close()
    await send(b.transport, 0, 100)
    const before = second.totals.records
    await processAll(second, before + 100)
    assert.equal(progress.size, 1, 'one of the two partitions was taken over')
    for (const { done, total } of progress.values()) {
      assert.equal(done, total)
      assert.ok(total < 50, `${total} offsets were still to be read`)
    }
    const counts = new Map<string, number>()
    for (const partition of [0, 1]) {
      for await (const portion of b.transport.changelog('app-count-changelog', partition)) {
        for (const [key, value] of portion) if (value !== null) counts.set(key, numberCodec.decode(value))
      }
    }
    assert.equal(counts.size, 2_000)
    assert.deepEqual([counts.get('k0'), counts.get('k99'), counts.get('k100')], [2, 2, 1])
  } finally {
    await second.stop()
    await b.transport.close()
  }
})

test('a process with an instance id that comes back in time has its partitions at once, and nobody else was given them', async () => {
  const prefix = freshPrefix()
  const stays = await openKafka({ sessionMs: 6_000 }, prefix)
  const first = await openKafka({ sessionMs: 6_000, instanceId: 'one' }, prefix)
  const again = await openKafka({ sessionMs: 6_000, instanceId: 'one' }, prefix)
  const tasksOf: number[] = []
  let revoked = 0
  const subscriptions = [{ topics: ['in'], partitions: 4 }]
  const listener = {
    revoking: async () => {
      revoked += 1
    },
    assigned: async (owned: readonly unknown[]) => {
      tasksOf.push(owned.length)
    },
  }
  try {
    await stays.transport.ensureTopics([{ name: 'in', partitions: 4, encode: null, keep: 'all' }])
    await first.transport.ensureTopics([{ name: 'in', partitions: 4, encode: null, keep: 'all' }])
    await again.transport.ensureTopics([{ name: 'in', partitions: 4, encode: null, keep: 'all' }])
    const member = await stays.transport.join('g', subscriptions, listener)
    const left = await first.transport.join('g', subscriptions, {
      revoking: async () => {},
      assigned: async () => {},
    })
    while (tasksOf.at(-1) !== 2) await sleep(10)
    const before = revoked
    await left.leave()
    let owned = 0
    await again.transport.join('g', subscriptions, {
      revoking: async () => {},
      assigned: async (given) => {
        owned = given.length
      },
    })
    assert.equal(owned, 2)
    assert.equal(revoked, before)
    assert.equal(tasksOf.at(-1), 2)
    await member.leave()
  } finally {
    await stays.close()
    await first.close()
    await again.close()
  }
})

test('of two processes with one instance id the first ends with a clear error', async () => {
  const prefix = freshPrefix()
  const first = await openKafka({ instanceId: 'one' }, prefix)
  const second = await openKafka({ instanceId: 'one' }, prefix)
  try {
    const runner = new Runner(plan(), first.transport)
    await runner.start()
    const other = new Runner(plan(), second.transport)
    await other.start()
    await assert.rejects(
      async () => {
        for (;;) {
          await send(second.transport, 0, 4)
          await runner.poll()
          await other.poll()
          await sleep(20)
        }
      },
      { code: 'TOPO_INSTANCE_TAKEN' },
    )
    await other.stop()
    await runner.stop()
  } finally {
    await first.close()
    await second.close()
  }
})
