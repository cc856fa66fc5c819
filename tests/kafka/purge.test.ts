import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../topology/kit/clock.ts'
import { Fetcher } from '../../topology/transport/kafka/fetcher.ts'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { record } from './open-transaction.ts'

test('what is committed of a topic that nobody else reads is deleted with the first commit', async () => {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const cluster = await openCluster()
  try {
    await transport.ensureTopics([{ name: 'between', partitions: 1, encode: null, keep: 'consumed' }])
    await cluster.refresh([`${prefix}between`])
    const keys = ['a', 'b', 'c', 'd', 'e']
    await transport.producer().send(
      'between',
      keys.map((key) => record(key, '')),
    )
    let generation = -1
    const member = await transport.join('g', [{ topics: ['between'], partitions: 1 }], {
      revoking: async () => {},
      assigned: async (_owned, of) => {
        generation = of
      },
    })
    const inputs = [{ topic: 'between', partition: 0, offset: 3 }]
    await member.commit({ generation, inputs, outputs: [], changes: [] })
    const first = () => new Fetcher(cluster, 'test').offsetOf(`${prefix}between`, 0, -2, false)
    // Nobody waits for it: it follows the commit.
    for (let tries = 0; (await first()) === 0 && tries < 500; tries += 1) await systemClock.sleep(20)
    assert.equal(await first(), 3)
  } finally {
    await cluster.close()
    await close()
  }
})
