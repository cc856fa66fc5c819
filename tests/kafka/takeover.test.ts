import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeTransactionsV0 } from '@platformatic/kafka'
import type { Assignment, Member, Transport } from '@weir/topology/transport'
import { systemClock } from '../../topology/kit/clock.ts'
import type { Cluster } from '../../topology/transport/kafka/cluster.ts'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { openTransaction, record } from './open-transaction.ts'

async function join(
  transport: Transport,
  group: string,
): Promise<{ member: Member; owned: () => readonly Assignment[]; generation: () => number }> {
  let owned: readonly Assignment[] = []
  let generation = -1
  const member = await transport.join(group, [{ topics: ['in'], partitions: 4, stores: ['s'] }], {
    revoking: async () => {},
    assigned: async (given, of) => {
      owned = given
      generation = of
    },
  })
  return { member, owned: () => owned, generation: () => generation }
}

const topics = [
  { name: 'in', partitions: 4, encode: null, keep: 'all' },
  { name: 'out', partitions: 1, encode: null, keep: 'all' },
  { name: 's', partitions: 4, encode: null, keep: 'latest' },
] as const

/** What the end of a window makes: nothing was read for it. */
const unread = (name: string) => ({
  inputs: [],
  outputs: [{ topic: 'out', records: [record(name, '')] }],
  changes: [{ store: 's', partition: 0, entries: new Map([['by', new TextEncoder().encode(name)]]) }],
})

async function keysIn(transport: Transport, topic: string): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const portion of transport.changelog(topic, 0)) keys.push(...portion.map(([key]) => key))
  return keys
}

/** Who has written the state of partition 0, in this order. */
async function writers(transport: Transport): Promise<readonly string[]> {
  const names: string[] = []
  for await (const portion of transport.changelog('s', 0))
    names.push(...portion.map(([, value]) => new TextDecoder().decode(value ?? undefined)))
  return names
}

test('a transaction that a dead process left open is ended by those who take over', async () => {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const cluster = await openCluster()
  try {
    await transport.ensureTopics(topics)
    await cluster.refresh([`${prefix}out`])
    // As a member of the group would have called itself. It times out in a minute, if nobody does anything.
    const dead = await openTransaction(cluster, `${prefix}g/member-that-died`)
    await dead.write(`${prefix}out`, 0, [record('lost', '')])
    const reader = await transport.join('reader', [{ topics: ['out'], partitions: 1 }], {
      revoking: async () => {},
      assigned: async () => {},
    })
    await join(transport, 'g')
    await transport.producer().send('out', [record('seen', '')])
    const keys: string[] = []
    const startMs = performance.now()
    while (keys.length === 0) {
      for (const { records } of (await reader.fetch(() => 10)).batches)
        keys.push(...Array.from(records, ({ key }) => key))
    }
    assert.deepEqual(keys, ['seen'])
    assert.ok(performance.now() - startMs < 30_000)
    await assert.rejects(dead.end(true))
  } finally {
    await cluster.close()
    await close()
  }
})

test('a transaction of a living member is left alone when others come', async () => {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  try {
    await transport.ensureTopics(topics)
    const first = await join(transport, 'g')
    for (let n = 0; n < 5; n += 1) {
      const unit = { inputs: [], outputs: [{ topic: 'out', records: [record(String(n), '')] }], changes: [] }
      await assert.doesNotReject(first.member.commit({ generation: first.generation(), ...unit }))
      const before = first.generation()
      const second = await join(transport, 'g')
      while (first.generation() === before) await systemClock.sleep(5)
      await second.member.leave()
      while (first.owned().length < 4) await systemClock.sleep(5)
    }
  } finally {
    await close()
  }
})

test('the place of a process that has gone silent is given away, and its commits are refused when it comes back', async () => {
  const prefix = freshPrefix()
  // A heartbeat that never comes is what a frozen process looks like to the broker.
  const frozen = await openKafka({ heartbeatMs: 600_000, sessionMs: 600 }, prefix)
  const other = await openKafka({ sessionMs: 2_000 }, prefix)
  try {
    await frozen.transport.ensureTopics(topics)
    await other.transport.ensureTopics(topics)
    const zombie = await join(frozen.transport, 'g')
    await frozen.transport.producer().send('in', [record('a', '')])
    const [batch] = await until(async () => (await zombie.member.fetch(() => 10)).batches)
    const owner = await join(other.transport, 'g')
    assert.equal(owner.owned().length, 4)
    const unit = {
      inputs: [{ topic: 'in', partition: batch?.partition ?? 0, offset: 1 }],
      outputs: [{ topic: 'out', records: [record('doubled', '')] }],
      changes: [],
    }
    await assert.rejects(zombie.member.commit({ generation: zombie.generation(), ...unit }), {
      code: 'TOPO_STALE_MEMBER',
    })
    await owner.member.commit({
      generation: owner.generation(),
      ...unit,
      outputs: [{ topic: 'out', records: [record('once', '')] }],
    })
    assert.deepEqual(await keysIn(other.transport, 'out'), ['once'])
  } finally {
    await frozen.close()
    await other.close()
  }
})

test('results and state for which nothing was read are refused of whoever has lost its place', async () => {
  const prefix = freshPrefix()
  const frozen = await openKafka({ heartbeatMs: 600_000, sessionMs: 600 }, prefix)
  const other = await openKafka({ sessionMs: 2_000 }, prefix)
  try {
    await frozen.transport.ensureTopics(topics)
    await other.transport.ensureTopics(topics)
    const zombie = await join(frozen.transport, 'g')
    await zombie.member.commit({ generation: zombie.generation(), ...unread('before') })
    const owner = await join(other.transport, 'g')
    assert.equal(owner.owned().length, 4)
    await owner.member.commit({ generation: owner.generation(), ...unread('owner') })
    await assert.rejects(zombie.member.commit({ generation: zombie.generation(), ...unread('zombie') }), {
      code: 'TOPO_STALE_MEMBER',
    })
    assert.deepEqual(await keysIn(other.transport, 'out'), ['before', 'owner'])
    assert.deepEqual(await writers(other.transport), ['before', 'owner'])
  } finally {
    await frozen.close()
    await other.close()
  }
})

test('who has lost its name to another process does not take it back to commit', async () => {
  const prefix = freshPrefix()
  const instanceId = `${prefix}instance`
  const frozen = await openKafka({ heartbeatMs: 600_000, instanceId }, prefix)
  const other = await openKafka({ instanceId }, prefix)
  const cluster = await openCluster()
  try {
    await frozen.transport.ensureTopics(topics)
    await other.transport.ensureTopics(topics)
    const zombie = await join(frozen.transport, 'g')
    await zombie.member.commit({ generation: zombie.generation(), ...unread('before') })
    const owner = await join(other.transport, 'g')
    await owner.member.commit({ generation: owner.generation(), ...unread('owner') })
    const epoch = await epochOf(cluster, `${prefix}g/${instanceId}`)
    await assert.rejects(zombie.member.commit({ generation: zombie.generation(), ...unread('zombie') }), {
      code: 'TOPO_INSTANCE_TAKEN',
    })
    assert.equal(await epochOf(cluster, `${prefix}g/${instanceId}`), epoch)
    assert.deepEqual(await keysIn(other.transport, 'out'), ['before', 'owner'])
  } finally {
    await cluster.close()
    await frozen.close()
    await other.close()
  }
})

/** Goes up with each that begins under the name. */
async function epochOf(cluster: Cluster, transactionalId: string): Promise<number | undefined> {
  const broker = await cluster.coordinator('transaction', transactionalId)
  const ids = [transactionalId]
  const answer = await cluster.call('test', broker, 'describe transactions', describeTransactionsV0.api, ids)
  return answer.transactionStates[0]?.producerEpoch
}

async function until<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  for (;;) {
    const found = await ask()
    if (found.length > 0) return found
  }
}
