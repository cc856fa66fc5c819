import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPartitionsV3 } from '@platformatic/kafka'
import { Runner, TopologyBuilder } from '@weir/topology'
import { textCodec } from '@weir/topology/kit'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'

for (const [who, topicsMs, asks] of [
  ['by its next look', 200, false],
  ['as soon as anybody asks for its leaders', 3_600_000, true],
] as const) {
  test(`partitions added to a topic that is read end the application with an error, ${who}`, async () => {
    const prefix = freshPrefix()
    const { transport, close } = await openKafka({ topicsMs }, prefix)
    const cluster = await openCluster()
    try {
      const builder = new TopologyBuilder('app')
      builder.stream({ name: 'in', codec: textCodec }).to({ name: 'out', codec: textCodec })
      const runner = new Runner(builder.build({ partitions: 1 }), transport, { stores: 'memory' })
      await runner.start()
      const running = runner.run(new AbortController().signal)
      const failing = assert.rejects(running, {
        code: 'TOPO_PARTITIONS_DIFFER',
        message: `topic '${prefix}in' has 4 partitions and not 1`,
      })
      const assignments = Array.from({ length: 3 }, () => ({ brokerIds: cluster.brokerIds.slice(0, 1) }))
      const asked = [{ name: `${prefix}in`, count: 4, assignments }]
      await cluster.askAny('add partitions', createPartitionsV3.api, asked, 30_000, false)
      if (asks) {
        await cluster.refresh([`${prefix}in`])
        while (cluster.topic(`${prefix}in`)?.leaders.length !== 4) await cluster.refresh([`${prefix}in`])
        const spec = { name: 'in', partitions: 4, encode: null, keep: 'all' } as const
        await transport.ensureTopics([spec])
      }
      await failing
      await runner.stop()
    } finally {
      await cluster.close()
      await close()
    }
  })
}
