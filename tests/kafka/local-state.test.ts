import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteTopicsV6 } from '@platformatic/kafka'
import { type Plan, type RestoreProgress, Runner, TopologyBuilder } from '@weir/topology'
import { numberCodec, textCodec } from '@weir/topology/kit'
import type { Transport } from '@weir/topology/transport'
import { ManualClock } from '../../topology/kit/clock.ts'
import { ensureTopics } from '../../topology/transport/kafka/admin.ts'
import { changelogSpan } from '../../topology/transport/kafka/changelog.ts'
import { LocalState } from '../../topology/transport/kafka/local-state.ts'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-local-state-'))
after(() => rmSync(root, { recursive: true }))

const partitions = 2
const changelog = 'app-count-changelog'

function plan(options: { readonly store?: string; readonly partitions?: number } = {}): Plan {
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: textCodec })
    .groupByKey()
    .aggregate(options.store ?? 'count', { init: () => 0, add: (count) => count + 1, codec: numberCodec })
    .mapValues((count) => String(count))
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions: options.partitions ?? partitions })
}

async function send(transport: Transport, keys: readonly string[]): Promise<void> {
  const records = keys.map((key) => ({ key, value: 'x', timestampMs: 1, streamTimeMs: 1 }))
  await transport.producer().send('in', records)
}

const keys = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `k${from + n}`)

/** A process that counts what there is, and how many offsets of changelogs it read before. */
async function work(
  prefix: string,
  stateDirectory: string,
  sent: readonly string[],
  end: 'stops' | 'is killed' = 'stops',
): Promise<{ read: number; ready: number; count: number }> {
  const { transport, close } = await openKafka({ stateDirectory }, prefix)
  const progress = new Map<string, RestoreProgress>()
  const runner = new Runner(plan(), transport, {
    onRestore: (each) => progress.set(`${each.store}/${each.partition}`, each),
  })
  try {
    await runner.start()
    await send(transport, sent)
    while (runner.totals.records < sent.length) await runner.poll()
    await runner.runUntilIdle()
    const states = [...progress.values()]
    return {
      read: states.reduce((sum, { total }) => sum + total, 0),
      ready: states.filter(({ done, total }) => done === total).length,
      count: runner.totals.records,
    }
  } finally {
    // Closing without a word is all that the brokers see of a kill.
    if (end === 'stops') await runner.stop()
    await close()
  }
}

async function counts(prefix: string): Promise<Map<string, number>> {
  const { transport, close } = await openKafka({}, prefix)
  const found = new Map<string, number>()
  for (let partition = 0; partition < partitions; partition += 1) {
    for await (const portion of transport.changelog(changelog, partition)) {
      for (const [key, value] of portion) if (value !== null) found.set(key, numberCodec.decode(value))
    }
  }
  await close()
  return found
}

test('a process that comes back with its disk reads only what it has not got, however it ended', async () => {
  const prefix = freshPrefix()
  const directory = join(root, 'comes-back')
  const first = await work(prefix, directory, keys(0, 3_000))
  assert.equal(first.ready, partitions)
  assert.ok(first.read <= partitions, `${first.read} offsets of a changelog that was empty`)
  const second = await work(prefix, directory, keys(0, 10), 'is killed')
  assert.ok(second.read <= partitions, `${second.read} offsets read although all were on disk`)
  // Somebody else has the partitions for a while.
  await work(prefix, join(root, 'another'), keys(2_900, 3_100))
  const third = await work(prefix, directory, keys(0, 1))
  assert.ok(third.read >= 200 && third.read < 1_000, `${third.read} offsets read for 200 that were missing`)
  const all = await counts(prefix)
  assert.equal(all.size, 3_100)
  assert.deepEqual([all.get('k0'), all.get('k9'), all.get('k2950'), all.get('k3050')], [3, 2, 2, 1])
})

test('what was committed and is not on disk is read from the changelog', async () => {
  const prefix = freshPrefix()
  const directory = join(root, 'behind')
  await work(prefix, directory, keys(0, 100))
  // The process died between the commit and the write to its disk.
  rmSync(join(root, 'behind-copy'), { recursive: true, force: true })
  spawnSync('cp', ['-r', directory, join(root, 'behind-copy')])
  await work(prefix, directory, keys(50, 150))
  await work(prefix, join(root, 'behind-copy'), keys(0, 150))
  const all = await counts(prefix)
  assert.deepEqual([all.get('k0'), all.get('k75'), all.get('k149')], [2, 3, 2])
})

test('a directory of a changelog that was made anew is not believed', async () => {
  const directory = join(root, 'made-anew')
  const prefix = freshPrefix()
  await work(prefix, directory, keys(0, 100))
  const cluster = await openCluster()
  const topic = prefix + changelog
  const deleted = [{ name: topic }]
  await cluster.call('test', cluster.brokerIds[0] ?? -1, 'delete', deleteTopicsV6.api, deleted, 10_000)
  for (let isThere = true; isThere; isThere = cluster.topic(topic) !== undefined) {
    await cluster.refresh([topic])
  }
  await cluster.close()
  await work(prefix, directory, keys(0, 50))
  const all = await counts(prefix)
  assert.deepEqual([all.size, all.get('k0')], [50, 1])
})

test('a directory in use, and one that holds stores of another topology, are refused', async () => {
  const prefix = freshPrefix()
  const directory = join(root, 'refused')
  await work(prefix, directory, keys(0, 100))
  const holder = await openKafka({ stateDirectory: directory }, prefix)
  const running = new Runner(plan(), holder.transport)
  await running.start()
  const other = await openKafka({ stateDirectory: directory }, prefix)
  await assert.rejects(new Runner(plan(), other.transport).start(), { code: 'TOPO_STATE_LOCKED' })
  await other.close()
  await running.stop()
  await holder.close()
  // The cluster has forgotten the application, the directory has not.
  const fresh = await openKafka({ stateDirectory: directory }, prefix)
  const forgetful: Transport = {
    ...fresh.transport,
    readPlan: async (name) => {
      await fresh.transport.readPlan(name)
      return null
    },
  }
  await assert.rejects(new Runner(plan({ store: 'renamed' }), forgetful).start(), {
    code: 'TOPO_STATE_FOREIGN',
  })
  await fresh.close()
})

test('a topology that would orphan stored state is refused at start, and what to do is said', async () => {
  const prefix = freshPrefix()
  await work(prefix, join(root, 'orphans'), keys(0, 10))
  for (const changed of [plan({ store: 'renamed' }), plan({ partitions: 3 })]) {
    const { transport, close } = await openKafka({}, prefix)
    await assert.rejects(new Runner(changed, transport).start(), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error && 'fix' in error)
      assert.equal(error.code, 'TOPO_ORPHANED_STATE')
      assert.match(error.message, /count/)
      assert.match(String(error.fix), /application name/)
      return true
    })
    await close()
  }
  await work(prefix, join(root, 'orphans'), keys(0, 10))
  assert.equal((await counts(prefix)).get('k3'), 2)
})

test('a newcomer that the group refuses leaves no trace: those at work can be started again', async () => {
  const prefix = freshPrefix()
  const builder = new TopologyBuilder('app')
  const stream = builder.stream({ name: 'in', codec: textCodec }).groupByKey()
  for (const store of ['count', 'more'])
    stream.aggregate(store, { init: () => 0, add: (count) => count + 1, codec: numberCodec })
  const bigger = builder.build({ partitions })
  const ours = await openKafka({}, prefix)
  const theirs = await openKafka({}, prefix)
  const running = new Runner(plan(), ours.transport)
  const over = new AbortController()
  await running.start()
  const working = running.run(over.signal)
  const newcomer = new Runner(bigger, theirs.transport)
  await assert.rejects(newcomer.start(), { code: 'TOPO_GROUP_DIFFERS' })
  await newcomer.stop()
  over.abort()
  await working
  await running.stop()
  const again = new Runner(plan(), ours.transport)
  await again.start()
  await again.stop()
  // With nobody at work it is welcome, and those before it are not any more.
  const upgraded = new Runner(bigger, theirs.transport)
  await upgraded.start()
  await upgraded.stop()
  await assert.rejects(new Runner(plan(), ours.transport).start(), { code: 'TOPO_ORPHANED_STATE' })
  await ours.close()
  await theirs.close()
})

test('a copy that is followed stays warm however long nothing comes, and while a mark of its own is on its way', async () => {
  const cluster = await openCluster()
  const name = `${freshPrefix()}log`
  await ensureTopics(cluster, [{ name, partitions: 1, configs: { 'cleanup.policy': 'compact' } }])
  const clock = new ManualClock(Date.now())
  const state = await LocalState.open(cluster, clock, join(root, 'warm'), 'app')
  const never = new AbortController().signal
  const bytes = new TextEncoder().encode('v')
  const write = async (names: readonly string[]) => {
    const transaction = await openTransaction(cluster, `${name}-t`)
    const entries = names.map((key) => record(key, 'v'))
    await transaction.write(name, 0, entries)
    return transaction
  }
  /** Marks come a moment after their transaction has ended. */
  const marked = async (end: number) => {
    while ((await changelogSpan(cluster, 'end', name, 0, { isDecidedOnly: true })).end < end) await sleep(5)
  }
  /** Offsets that have to be read before the copy is as the changelog. */
  const missing = async () => {
    let total = -1
    const listener = (_done: number, of: number) => {
      total = of
    }
    await state.upToDate('test', name, 0, { listener })
    return total
  }
  try {
    await (await write(keys(0, 1_000))).end(true)
    await marked(1_001)
    for (let hour = 0; hour < 14; hour += 1) {
      await state.follow('test', name, 0, never)
      clock.moveBy(3_600_000)
    }
    await (await write(['k0'])).end(true)
    await marked(1_003)
    assert.equal(await missing(), 2, 'the record and its mark')
    const position = state.progressOf(name, 0) ?? 0
    const own = await write(['k1'])
    const unit = { generation: 0, inputs: [], outputs: [] }
    const changes = [{ store: name, partition: 0, entries: new Map([['k1', bytes]]) }]
    await state.apply({ ...unit, changes }, new Map([[`${name}/0`, position + 1]]), 1)
    await state.follow('test', name, 0, never)
    assert.equal(state.progressOf(name, 0), position + 2)
    await own.end(true)
    await marked(1_005)
    assert.equal(await missing(), 0)
    clock.moveBy(13 * 3_600_000)
    await (await write(['k2'])).end(true)
    await marked(1_007)
    assert.equal(await missing(), 1_007, 'away for too long it is read from the beginning')
  } finally {
    await state.close()
    await cluster.close()
  }
})

test('a full disk stops the process with a clear error, and nothing that was acknowledged is lost', async (t) => {
  const directory = join(root, 'full')
  mkdirSync(directory)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', directory])
  if (mounted.status !== 0) {
    t.skip('only root may mount a small disk')
    return
  }
  const prefix = freshPrefix()
  const long = (n: number) => `${n}-${'k'.repeat(1_000)}`
  const all = Array.from({ length: 6_000 }, (_, n) => long(n))
  try {
    await assert.rejects(work(prefix, directory, all, 'is killed'), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error)
      assert.equal(error.code, 'TOPO_STATE_NOT_WRITTEN')
      assert.match(error.message, /space/i)
      return true
    })
  } finally {
    spawnSync('umount', ['-l', directory])
  }
  const { transport, close } = await openKafka({}, prefix)
  const runner = new Runner(plan(), transport, { stores: 'memory' })
  await runner.start()
  await runner.runUntilIdle()
  await runner.stop()
  await close()
  const found = await counts(prefix)
  assert.equal(found.size, all.length)
  assert.ok([...found.values()].every((count) => count === 1))
})
