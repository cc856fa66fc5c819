import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogRecord, Transport } from '@weir/topology/transport'
import { systemClock } from '../../topology/kit/clock.ts'
import { ensureTopics } from '../../topology/transport/kafka/admin.ts'
import { committedOffsets } from '../../topology/transport/kafka/committed-inputs.ts'
import { KafkaTransport } from '../../topology/transport/kafka/kafka-transport.ts'
import { IdempotentProducer, Sequences } from '../../topology/transport/kafka/producer.ts'
import { RecordLimits } from '../../topology/transport/kafka/record-limits.ts'
import { type Place, TransactionalProducer } from '../../topology/transport/kafka/transaction.ts'
import { freshPrefix, hasty, openCluster, openKafka } from './broker-under-test.ts'
import { openTransaction, outboxOf, record } from './open-transaction.ts'
import { shrinkTopic } from './shrink-topic.ts'

async function readAll(
  transport: Transport,
  topic: string,
  partitions: number,
  count: number,
): Promise<LogRecord[]> {
  const found: LogRecord[] = []
  const member = await transport.join('reader', [{ topics: [topic], partitions }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  for (let quiet = 0; quiet < 3; ) {
    const { batches, pending } = await member.fetch(() => 100_000)
    for (const { records } of batches) found.push(...records)
    if (batches.length === 0 && !pending) {
      quiet = found.length >= count ? quiet + 1 : quiet
      await systemClock.sleep(5)
    }
  }
  await member.leave()
  return found
}

for (const compression of ['none', 'lz4', 'gzip', 'snappy', 'zstd'] as const) {
  test(`times far apart, headers and deletions come back as they were sent, ${compression}`, async () => {
    const { transport, close } = await openKafka({ compression })
    try {
      await transport.ensureTopics([{ name: 'one', partitions: 1, encode: null, keep: 'all' }])
      const binary = new Uint8Array([0, 1, 255, 0])
      const sent: LogRecord[] = [
        {
          ...record('a', 'x', 1_700_000_000_000),
          headers: [
            ['h', binary],
            ['h', new Uint8Array()],
          ],
        },
        record('b', 'y', 1_700_000_000_000 + 2 ** 31),
        record('c', null, 1_700_000_000_000 - 2 ** 33),
        { ...record('d', '', 12.75), streamTimeMs: Number.NaN },
        { ...record('e', 'z', -3_600_000), streamTimeMs: Number.NEGATIVE_INFINITY },
        record('f', 'z'.repeat(5_000), 4_102_444_800_000),
      ]
      const beforeMs = Date.now()
      await transport.producer().send('one', sent)
      const found = await readAll(transport, 'one', 1, sent.length)
      assert.deepEqual(
        found.map(({ producedMs: _, ...each }) => each),
        sent,
      )
      for (const { producedMs = 0 } of found) assert.ok(beforeMs <= producedMs && producedMs <= Date.now())
    } finally {
      await close()
    }
  })
}

const placeOf = (generation: number, memberId: string): Place => ({
  generation,
  memberId,
  movedFrom: async () => false,
  confirm: async () => {},
})

test('sends that are not waited for are all stored, once each and in their order', async () => {
  const { transport, close } = await openKafka()
  try {
    await transport.ensureTopics([{ name: 'many', partitions: 3, encode: null, keep: 'all' }])
    const producer = transport.producer()
    const sending = []
    for (let n = 0; n < 200; n += 1)
      sending.push(producer.send('many', [record(`k${n % 7}`, String(n)), record('k', '')]))
    await Promise.all(sending)
    const found = await readAll(transport, 'many', 3, 400)
    assert.equal(found.length, 400)
    for (let key = 0; key < 7; key += 1) {
      const values = found
        .filter((each) => each.key === `k${key}`)
        .map((each) => Number(new TextDecoder().decode(each.value as Uint8Array)))
      assert.deepEqual(
        values,
        values.toSorted((a, b) => a - b),
      )
    }
  } finally {
    await close()
  }
})

test('more than a batch and more than a request hold arrives whole and in order', async () => {
  const { transport, close } = await openKafka()
  try {
    await transport.ensureTopics([{ name: 'big', partitions: 1, encode: null, keep: 'all' }])
    const sent = Array.from({ length: 60 }, (_, n) => record(String(n), 'x'.repeat(400_000)))
    await transport.producer().send('big', sent)
    const found = await readAll(transport, 'big', 1, sent.length)
    assert.deepEqual(
      found.map(({ key }) => key),
      sent.map(({ key }) => key),
    )
  } finally {
    await close()
  }
})

test('a record the broker refuses fails its own send, and those after it are stored', async () => {
  const cluster = await openCluster()
  const topic = `${freshPrefix()}small`
  try {
    await ensureTopics(cluster, [{ name: topic, partitions: 2, configs: { 'max.message.bytes': '2000' } }])
    const limits = new RecordLimits(cluster)
    const producer = new IdempotentProducer(cluster, systemClock, {
      compression: 'none',
      purpose: 'test',
      limits,
    })
    const of = (partition: number, value: string) => [
      { topic, partition, record: record('k', value), value: new TextEncoder().encode(value) },
    ]
    const results = await Promise.allSettled([
      producer.send(of(0, 'first')),
      producer.send(of(1, 'x'.repeat(5_000))),
      producer.send(of(0, 'second')),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.equal(results[1]?.status === 'rejected' && results[1].reason.code, 'TOPO_RECORD_TOO_LARGE')
    // Sequences of the old producer are in doubt: a client that went on with them would be acknowledged and store nothing.
    await producer.send(of(0, 'third'))
    await producer.send(of(1, 'fourth'))
    const { Fetcher } = await import('../../topology/transport/kafka/fetcher.ts')
    const fetcher = new Fetcher(cluster, 'test')
    assert.equal(await fetcher.offsetOf(topic, 0, -1, true), 3)
    assert.equal(await fetcher.offsetOf(topic, 1, -1, true), 1)
  } finally {
    await cluster.close()
  }
})

test('a topic that takes small batches gets more records than one of them holds', async () => {
  const name = `${freshPrefix()}small`
  const topicConfigs = new Map([[name, { 'max.message.bytes': '100000' }]])
  const transport = new KafkaTransport({ ...hasty, topicConfigs })
  try {
    await transport.ensureTopics([{ name, partitions: 1, encode: null, keep: 'all' }])
    const sent = Array.from({ length: 500 }, (_, n) => record(`k${n}`, 'x'.repeat(500)))
    const tooLarge = transport.producer().send(name, [record('large', 'x'.repeat(200_000))])
    await assert.rejects(tooLarge, { code: 'TOPO_RECORD_TOO_LARGE' })
    await transport.producer().send(name, sent)
    assert.deepEqual(
      await keysIn(transport, name),
      sent.map(({ key }) => key),
    )
  } finally {
    await transport.close()
  }
})

test('what a topic refuses since it takes less goes in smaller batches, and nothing goes twice', async () => {
  const name = `${freshPrefix()}smaller`
  const transport = new KafkaTransport(hasty)
  const cluster = await openCluster()
  try {
    await transport.ensureTopics([{ name, partitions: 1, encode: null, keep: 'all' }])
    await cluster.refresh([name])
    await shrinkTopic(cluster, name, 500_000)
    // The first batch is the first record; the second holds the others, and is refused.
    const sent = [
      record('first', 'x'.repeat(450_000)),
      record('second', 'x'.repeat(460_000)),
      ...Array.from({ length: 200 }, (_, n) => record(`k${n}`, 'x'.repeat(500))),
    ]
    await transport.producer().send(name, sent)
    assert.deepEqual(
      await keysIn(transport, name),
      sent.map(({ key }) => key),
    )
  } finally {
    await transport.close()
    await cluster.close()
  }
})

async function keysIn(transport: Transport, topic: string): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const portion of transport.changelog(topic, 0)) keys.push(...portion.map(([key]) => key))
  return keys
}

test('whoever begins under a transactional id takes it from whoever had it, whose open transaction is gone', async () => {
  const cluster = await openCluster()
  const topic = `${freshPrefix()}fenced`
  try {
    await ensureTopics(cluster, [{ name: topic, partitions: 1, configs: {} }])
    const old = await openTransaction(cluster, `${topic}-id`)
    await old.write(topic, 0, [record('old', '')])
    const fresh = await openTransaction(cluster, `${topic}-id`)
    await assert.rejects(old.write(topic, 0, [record('late', '')]))
    await assert.rejects(old.end(true))
    await fresh.write(topic, 0, [record('new', '')])
    await fresh.end(true)
  } finally {
    await cluster.close()
  }
})

test('transactions follow each other without a pause that anyone would notice', async () => {
  const cluster = await openCluster()
  const topic = `${freshPrefix()}quick`
  try {
    await ensureTopics(cluster, [{ name: topic, partitions: 4, configs: {} }])
    const producer = new TransactionalProducer(cluster, {
      transactionalId: `${topic}-id`,
      timeoutMs: 60_000,
      compression: 'none',
    })
    const group = `${topic}-group`
    const startMs = performance.now()
    for (let n = 1; n <= 20; n += 1) {
      const offsets = [0, 1, 2, 3].map((partition) => ({ topic, partition, offset: n }))
      // No member and generation -1: a group that assigns nothing.
      const of = { group, place: placeOf(-1, ''), instanceId: null, offsets }
      await producer.commit(outboxOf(topic, n % 4, [record(String(n), '')]), of)
    }
    const each = (performance.now() - startMs) / 20
    assert.ok(each < 500, `${each} ms each`)
    const found = await committedOffsets(
      cluster,
      group,
      [0, 1, 2, 3].map((partition) => ({ topic, partition })),
    )
    assert.deepEqual([...found.values()], [20, 20, 20, 20])
  } finally {
    await cluster.close()
  }
})

test('a commit of a generation that is not there leaves nothing, and the producer goes on', async () => {
  const cluster = await openCluster()
  const topic = `${freshPrefix()}stale`
  try {
    await ensureTopics(cluster, [{ name: topic, partitions: 1, configs: {} }])
    const producer = new TransactionalProducer(cluster, {
      transactionalId: `${topic}-id`,
      timeoutMs: 60_000,
      compression: 'none',
    })
    const offsets = [{ topic, partition: 0, offset: 7 }]
    const stale = { group: topic, place: placeOf(3, 'nobody'), instanceId: null, offsets }
    await assert.rejects(producer.commit(outboxOf(topic, 0, [record('a', '')]), stale), {
      code: 'TOPO_STALE_MEMBER',
    })
    assert.equal((await committedOffsets(cluster, topic, [{ topic, partition: 0 }])).size, 0)
    await producer.commit(outboxOf(topic, 0, [record('b', '')]), { ...stale, place: placeOf(-1, '') })
    assert.deepEqual([...(await committedOffsets(cluster, topic, [{ topic, partition: 0 }])).values()], [7])
  } finally {
    await cluster.close()
  }
})

test('every beginning without a transactional id is another producer', async () => {
  const cluster = await openCluster()
  try {
    const options = {
      transactionalId: null,
      transactionTimeoutMs: 0,
      compression: 'none',
      purpose: 'test',
    } as const
    const ids = [await Sequences.begin(cluster, options), await Sequences.begin(cluster, options)]
    assert.notEqual(ids[0]?.identity.id, ids[1]?.identity.id)
  } finally {
    await cluster.close()
  }
})
