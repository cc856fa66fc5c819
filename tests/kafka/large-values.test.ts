import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Runner, TopologyBuilder } from '@weir/topology'
import { textCodec } from '@weir/topology/kit'
import { Partitioner } from '../../topology/transport/partitioner.ts'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

const valueBytes = 100_000
const values = 100

function plan() {
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: textCodec })
    .mapValues((value) => String(value.length))
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions: 2 })
}

for (const { bufferBytes, most } of [
  { bufferBytes: 4_000_000, most: 40 },
  // A share that no value fits into: one fetch is had all the same.
  { bufferBytes: 1, most: 20 },
]) {
  test(`a partition that waits for another holds a share of ${bufferBytes} bytes and one fetch, and then goes on to the end`, async () => {
    const prefix = freshPrefix()
    const { transport, close } = await openKafka({}, prefix)
    const cluster = await openCluster()
    try {
      const runner = new Runner(plan(), transport, { stores: 'memory', bufferBytes })
      await runner.start()
      // What lies here is undecided, and may come before what the other partition has.
      await cluster.refresh([`${prefix}in`])
      const open = await openTransaction(cluster, `${prefix}other`)
      await open.write(`${prefix}in`, 1, [record('undecided', 'x', 1)])
      const key = ['a', 'b', 'c', 'd'].find((each) => new Partitioner(2).partitionOf(each) === 0) ?? ''
      const value = 'x'.repeat(valueBytes)
      for (let at = 0; at < values; at += 10) {
        const records = Array.from({ length: 10 }, () => ({ key, value, timestampMs: 2, streamTimeMs: 2 }))
        await transport.producer().send('in', records)
      }
      const waiting = () =>
        runner.view().tasks.flatMap(({ inputs }) => inputs.map(({ inMemory }) => inMemory))
      for (let round = 0; round < 60; round += 1) {
        await runner.poll()
        const held = Math.max(...waiting())
        assert.ok(held <= most, `${held} values in memory in round ${round}`)
      }
      assert.ok(Math.max(...waiting()) > 0)
      assert.equal(runner.totals.records, 0)
      await open.end(true)
      while (runner.totals.records < values + 1) await runner.poll()
      await runner.stop()
    } finally {
      await cluster.close()
      await close()
    }
  })
}
