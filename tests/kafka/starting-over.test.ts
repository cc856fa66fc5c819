import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../topology/kit/clock.ts'
import { openKafka } from './broker-under-test.ts'
import { record } from './open-transaction.ts'

const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length

test('a member that has left keeps no connections', async () => {
  const { transport, close } = await openKafka()
  try {
    await transport.ensureTopics([
      { name: 'in', partitions: 1, encode: null, keep: 'all' },
      { name: 'out', partitions: 1, encode: null, keep: 'all' },
    ])
    const beAMember = async () => {
      let generation = -1
      const member = await transport.join('g', [{ topics: ['in'], partitions: 1 }], {
        revoking: async () => {},
        assigned: async (_owned, of) => {
          generation = of
        },
      })
      await member.fetch(() => 10)
      const outputs = [{ topic: 'out', records: [record('k', '')] }]
      await member.commit({ generation, inputs: [], outputs, changes: [] })
      const during = sockets()
      await member.leave()
      return during
    }
    const before = await beAMember()
    for (let n = 0; n < 4; n += 1) await beAMember()
    // They are closed when the system comes to it.
    for (let tries = 0; sockets() > before && tries < 500; tries += 1) await systemClock.sleep(20)
    assert.ok(sockets() <= before, `${sockets()} after five members, ${before} with the first`)
  } finally {
    await close()
  }
})
