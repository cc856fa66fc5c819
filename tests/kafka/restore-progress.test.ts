import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Runner, TopologyBuilder, tellView, topologyMetrics } from '@weir/topology'
import { MetricRegistry, numberCodec, textCodec } from '@weir/topology/kit'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

function plan() {
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: textCodec })
    .groupByKey()
    .aggregate('count', { init: () => 0, add: (count) => count + 1, codec: numberCodec })
    .mapValues(String)
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions: 1 })
}

test('while state is brought back it can be seen how far it is, and what was read is counted as it is read', async (t) => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'weir-restore-progress-'))
  t.after(() => rmSync(stateDirectory, { recursive: true }))
  const prefix = freshPrefix()
  const keys = Array.from({ length: 500 }, (_, at) => `k${at}`)
  const writing = await openKafka({}, prefix)
  const first = new Runner(plan(), writing.transport)
  await first.start()
  await writing.transport.producer().send(
    'in',
    keys.map((key) => ({ key, value: 'x', timestampMs: 1, streamTimeMs: 1 })),
  )
  while (first.totals.records < keys.length) await first.poll()
  await first.stop()
  await writing.close()

  const cluster = await openCluster()
  const changelog = `${prefix}app-count-changelog`
  await cluster.refresh([changelog])
  // Whether this belongs to the state is not decided, and the restore waits for it.
  const open = await openTransaction(cluster, `${prefix}other`)
  await open.write(changelog, 0, [record('undecided', '1')])
  const work = async (whenRead: () => void) => {
    const registry = await MetricRegistry.open()
    const metrics = registry.add(topologyMetrics)
    const { transport, close } = await openKafka({ stateDirectory }, prefix)
    const onRestore = ({ entries }: { entries: number }) => {
      if (entries > 0) whenRead()
    }
    const runner = new Runner(plan(), transport, { metrics, onRestore })
    const read = (name: string) => registry.read(`weir_topology_${name}`, { store: 'count' })
    const tell = () => tellView(runner.view(), metrics, 0)
    return { runner, read, tell, close: () => runner.stop().then(close) }
  }
  const reading = Promise.withResolvers<void>()
  const second = await work(reading.resolve)
  const starting = second.runner.start()
  await reading.promise
  second.tell()
  const { restoring, restores } = second.runner.view()
  assert.equal(restoring, 1)
  const [{ done, total, entries } = { done: 0, total: 0, entries: 0 }, ...others] = restores
  assert.equal(others.length, 0)
  assert.equal(entries, keys.length)
  assert.ok(done >= keys.length && done < total, `${done} of ${total}`)
  assert.equal(await second.read('restore_done'), done)
  assert.equal(await second.read('restore_total'), total)
  assert.equal(await second.read('restored_entries_total'), keys.length)
  await open.end(false)
  await cluster.close()
  await starting
  second.tell()
  assert.deepEqual(second.runner.view().restores, [])
  assert.equal(await second.read('restore_total'), 0)
  assert.equal(await second.read('restored_entries_total'), keys.length)
  await second.close()

  const third = await work(() => {})
  await third.runner.start()
  assert.deepEqual(third.runner.view().tasks[0]?.stores, [{ name: 'count', entries: keys.length }])
  assert.equal(await third.read('restored_entries_total'), 0)
  await third.close()
})
