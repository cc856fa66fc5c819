import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textCodec } from '@weir/topology/kit'
import type { Assignment } from '@weir/topology/transport'
import { freshPrefix, openKafka } from './broker-under-test.ts'

test('who waits for what it must know to read a topic gives tasks up and leaves all the same, and hands over nothing', async () => {
  const prefix = freshPrefix()
  const away = Promise.withResolvers<void>()
  const waiting = await openKafka({ prepare: () => away.promise }, prefix)
  const other = await openKafka({}, prefix)
  try {
    for (const { transport } of [waiting, other])
      await transport.ensureTopics([{ name: 'in', partitions: 2, encode: null, keep: 'all' }])
    const keys = Array.from({ length: 20 }, (_, at) => `k${at}`)
    await other.transport.producer().send(
      'in',
      keys.map((key, at) => ({ key, value: textCodec.encode(key), timestampMs: at, streamTimeMs: at })),
    )
    const subscriptions = [{ topics: ['in'], partitions: 2 }]
    const given: Assignment[] = []
    let working: Promise<unknown> = Promise.resolve()
    const member = await waiting.transport.join('g', subscriptions, {
      // As a runner does: what is lost is committed when the round that is under way is over.
      revoking: async (lost) => {
        await working
        given.push(...lost)
      },
      assigned: async () => {},
    })
    const stop = new AbortController()
    const fetching = (async () => {
      while (!stop.signal.aborted) {
        const fetch = member.fetch(() => 100)
        working = fetch
        const { batches, pending } = await fetch
        assert.deepEqual([batches, pending], [[], true])
      }
    })()
    const taken = Promise.withResolvers<void>()
    const second = await other.transport.join('g', subscriptions, {
      revoking: async () => {},
      assigned: async (owned) => {
        if (owned.length > 0) taken.resolve()
      },
    })
    await taken.promise
    assert.equal(given.length, 1)
    stop.abort()
    await fetching
    await member.leave()
    assert.equal(given.length, 2)
    const read: string[] = []
    while (read.length < keys.length) {
      const { batches } = await second.fetch(() => 100)
      read.push(...batches.flatMap(({ records }) => Array.from(records, ({ key }) => key)))
    }
    assert.deepEqual(read.toSorted(), keys.toSorted())
    await second.leave()
  } finally {
    away.resolve()
    await waiting.close()
    await other.close()
  }
})
