import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../topology/kit/clock.ts'
import { ensureTopics } from '../../topology/transport/kafka/admin.ts'
import { changelogSpan, readChangelog } from '../../topology/transport/kafka/changelog.ts'
import { viewBatches } from '../../topology/transport/kafka/record-batch.ts'
import { readSettings } from './broker/settings.ts'
import { freshPrefix, openCluster } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

const { instance } = readSettings(process.env, join(import.meta.dirname, '..', '..'))

/** Whether the log holds a mark of a transaction of which the log cleaner has left nothing but its place. */
function hasEmptyMark(topic: string): boolean {
  return globSync(join(instance, 'data', `${topic}-0`, '*.log')).some((file) => {
    try {
      return viewBatches(readFileSync(file)).some(
        ({ control, bytes }) => control && bytes.readInt32BE(57) === 0,
      )
    } catch {
      // It is being written, or was replaced just now.
      return false
    }
  })
}

test('a changelog is read past the marks that compaction has emptied', async () => {
  const cluster = await openCluster()
  const topic = `${freshPrefix()}compacted`
  const configs = {
    'cleanup.policy': 'compact',
    'delete.retention.ms': '0',
    'segment.ms': '200',
    'min.cleanable.dirty.ratio': '0.0',
    'max.compaction.lag.ms': '200',
  }
  try {
    await ensureTopics(cluster, [{ name: topic, partitions: 1, configs }])
    const isOwn = existsSync(join(instance, 'data', `${topic}-0`))
    assert.ok(
      isOwn,
      `the broker on this port keeps its data elsewhere than in ${instance}: stop it, and start this one`,
    )
    const dead = await openTransaction(cluster, `${topic}/dead`)
    await dead.write(topic, 0, [record('aborted', '')])
    // Whoever begins under its name aborts it.
    await openTransaction(cluster, `${topic}/dead`)
    const gone = await openTransaction(cluster, `${topic}/gone`)
    await gone.write(topic, 0, [record('deleted', null)])
    await gone.end(true)
    const alive = await openTransaction(cluster, `${topic}/alive`)
    let last = 0
    // Only what lies before the segment that is being written is compacted.
    while (!hasEmptyMark(topic)) {
      last += 1
      await alive.write(topic, 0, [record('k', String(last))])
      await alive.end(true)
      await systemClock.sleep(250)
    }
    const span = await changelogSpan(cluster, 'test', topic, 0)
    const entries = new Map<string, string | null>()
    for await (const portion of readChangelog(cluster, 'test', topic, 0, span)) {
      for (const [key, value] of portion.entries)
        entries.set(key, value === null ? null : new TextDecoder().decode(value))
    }
    assert.equal(entries.get('k'), String(last))
    assert.equal(entries.has('aborted'), false)
    assert.equal(entries.get('deleted') ?? null, null)
  } finally {
    await cluster.close()
  }
})
