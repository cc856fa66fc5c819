import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  deadLetterHeaders,
  type KeyedProcessSpec,
  keyedProcess,
  process,
  Runner,
  TopologyBuilder,
  topologyMetrics,
} from '@weir/topology'
import { MetricRegistry, textCodec } from '@weir/topology/kit'
import type { LogRecord, Transport } from '@weir/topology/transport'
import { ensureTopics } from '../../topology/transport/kafka/admin.ts'
import { freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { shrinkTopic } from './shrink-topic.ts'

const utf8 = new TextDecoder()
const record = (key: string, value: string, timeMs: number): LogRecord => ({
  key,
  value,
  timestampMs: timeMs,
  streamTimeMs: timeMs,
})

async function read(transport: Transport, topic: string): Promise<LogRecord[]> {
  const found: LogRecord[] = []
  const member = await transport.join(`read ${topic}`, [{ topics: [topic], partitions: 1 }], {
    revoking: async () => {},
    assigned: async () => {},
  })
  for (;;) {
    const { batches, pending } = await member.fetch(() => 10_000)
    for (const { records } of batches) found.push(...records)
    if (batches.length === 0 && !pending) break
  }
  await member.leave()
  return found
}

const header = (of: LogRecord | undefined, name: string) =>
  utf8.decode(of?.headers?.find(([each]) => each === name)?.[1])
const text = (value: unknown) => (value instanceof Uint8Array ? utf8.decode(value) : '')

/** What every input is turned into: itself, or as long as it says; and what is not a word cannot be decoded. */
function plan() {
  const word = {
    encode: textCodec.encode,
    decode: (bytes: Uint8Array) => {
      const value = textCodec.decode(bytes)
      if (value.startsWith('?')) throw new TypeError('not a word')
      return value
    },
  }
  const builder = new TopologyBuilder('app')
  builder
    .stream({ name: 'in', codec: word })
    .process<string>(
      'grow',
      process<string, string>({
        create: ({ forward, setAside }) => ({
          process: (each) => {
            const length = Number(/^long (\d+)$/.exec(each.value)?.[1] ?? 0)
            if (each.value === 'bug') setAside?.('grower', new Error('a bug'))
            forward(length > 0 ? { ...each, value: 'x'.repeat(length) } : each)
          },
        }),
      }),
    )
    .to({ name: 'out', codec: textCodec })
  return builder.build({ partitions: 1 })
}

for (const guarantee of ['exactly-once', 'at-least-once'] as const) {
  test(`what is undecodable, oversized or failed at goes aside with its place and bytes, and the rest goes on, ${guarantee}`, async () => {
    const prefix = freshPrefix()
    const cluster = await openCluster()
    // Inputs may be larger than results and dead letters.
    const large = { 'max.message.bytes': '4000000' }
    await ensureTopics(cluster, [{ name: `${prefix}in`, partitions: 1, configs: large }])
    await cluster.close()
    const { transport, close } = await openKafka({ guarantee }, prefix)
    try {
      const runner = new Runner(plan(), transport, { stores: 'memory' })
      await runner.start()
      const inputs = ['a', '?', 'bug', `huge ${'h'.repeat(2_000_000)}`, 'long 3000000', 'b']
      await transport.producer().send(
        'in',
        inputs.map((value, at) => record(`k${at}`, value, at)),
      )
      while (runner.totals.records < 4) await runner.poll()
      await runner.runUntilIdle()
      assert.deepEqual(
        (await read(transport, 'out')).map(({ value }) => text(value)),
        ['a', 'bug', 'b'],
      )
      const letters = (await read(transport, 'app-dead-letters')).toSorted((a, b) => (a.key < b.key ? -1 : 1))
      assert.deepEqual(
        letters.map((each) => [
          header(each, deadLetterHeaders.code),
          header(each, deadLetterHeaders.topic).replace(prefix, ''),
          header(each, deadLetterHeaders.offset),
          each.key,
        ]),
        [
          ['UNDECODABLE', 'in', '1', 'k1'],
          ['FAILED', 'in', '2', 'k2'],
          ['TOO_LARGE', 'in', '3', 'k3'],
          ['OUTPUT_TOO_LARGE', 'out', '-1', 'k4'],
        ],
      )
      const byCode = new Map(letters.map((each) => [header(each, deadLetterHeaders.code), each]))
      assert.equal(text(byCode.get('UNDECODABLE')?.value), '?')
      assert.equal(text(byCode.get('FAILED')?.value), 'bug')
      assert.equal(header(byCode.get('FAILED'), deadLetterHeaders.by), 'grower')
      const huge = byCode.get('TOO_LARGE')
      assert.ok(text(huge?.value).startsWith('huge hhh') && text(huge?.value).length > 1_000_000)
      assert.match(header(huge, deadLetterHeaders.cut), /^value 2000005,/)
      assert.match(header(byCode.get('OUTPUT_TOO_LARGE'), deadLetterHeaders.cut), /^value 3000000,/)
      assert.equal(runner.totals.deadLetters, 4)
      await runner.stop()
      assert.equal((await transport.committed('app', 'in', 0)) >= inputs.length, true)
    } finally {
      await close()
    }
  })
}

for (const guarantee of ['exactly-once', 'at-least-once'] as const) {
  test(`a timer that fails is told of with key, time, step and error, and the key's other work goes on, ${guarantee}`, async () => {
    const { transport, close } = await openKafka({ guarantee })
    const builder = new TopologyBuilder('app')
    const step: KeyedProcessSpec<string, string> = {
      options: { windowMs: 1_000, graceMs: 0, silenceMs: 0, keyTtlMs: 60_000, maxLiveKeys: 10 },
      states: [],
      create: ({ forward }) => ({
        onRecord: ({ timestampMs }, entry) => {
          entry.schedule(timestampMs + 5, 'bad')
          entry.schedule(timestampMs + 6, 'good')
        },
        onTimer: ({ key }, name, dueMs) => {
          if (name === 'bad') throw new Error('a bug')
          forward({ key, value: name, timestampMs: dueMs, streamTimeMs: dueMs })
        },
        onWindowClose: () => {},
      }),
    }
    builder
      .stream({ name: 'in', codec: textCodec })
      .process('wait', keyedProcess('wait', step))
      .to({ name: 'out', codec: textCodec })
    const runner = new Runner(builder.build({ partitions: 1 }), transport, { stores: 'memory', tickMs: 1 })
    try {
      await runner.start()
      await transport.producer().send('in', [record('k', 'a', 1_000), record('other', 'b', 2_000)])
      while (runner.totals.records < 2) await runner.poll()
      await runner.finish()
      assert.deepEqual(
        (await read(transport, 'out')).map(({ key }) => key),
        ['k', 'other'],
      )
      const [letter, ...more] = await read(transport, 'app-dead-letters')
      assert.deepEqual(
        more.map(({ key }) => key),
        ['other'],
      )
      assert.equal(letter?.key, 'k')
      assert.deepEqual(
        (['code', 'topic', 'partition', 'offset', 'by', 'step', 'reason'] as const).map((name) =>
          header(letter, deadLetterHeaders[name]),
        ),
        ['DUE_FAILED', 'in', '0', '-1', 'wait', 'wait', 'at what was due at 1970-01-01T00:00:01.005Z: a bug'],
      )
      assert.equal(runner.totals.deadLetters, 2)
    } finally {
      await runner.stop()
      await close()
    }
  })
}

test('where nothing but what is undecodable comes, letters and offsets are committed all the same', async () => {
  const { transport, close } = await openKafka()
  const registry = await MetricRegistry.open()
  const metrics = registry.add(topologyMetrics)
  const runner = new Runner(plan(), transport, { stores: 'memory', commitMs: 100, metrics })
  const stop = new AbortController()
  try {
    await runner.start()
    const running = runner.run(stop.signal)
    for (let sent = 0; sent < 200; sent += 100) {
      const bad = Array.from({ length: 100 }, (_, at) => record(`k${at}`, '?', sent + at))
      await transport.producer().send('in', bad)
    }
    while ((await transport.committed('app', 'in', 0)) < 200) await sleep(50)
    assert.equal((await read(transport, 'app-dead-letters')).length, 200)
    assert.equal(await registry.read('weir_topology_dead_letters_total'), 200)
    stop.abort()
    await running
    await runner.stop()
  } finally {
    await close()
  }
})

test('a topic that takes less than it did does not stop what writes to it', async () => {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  const cluster = await openCluster()
  try {
    const runner = new Runner(plan(), transport, { stores: 'memory' })
    await runner.start()
    const send = (value: string) => transport.producer().send('in', [record('k', value, 0)])
    await send('long 5000')
    await runner.runUntilIdle()
    await shrinkTopic(cluster, `${prefix}out`, 2_000)
    await send('long 5001')
    await send('short')
    while (runner.totals.records < 3) await runner.poll()
    await runner.runUntilIdle()
    assert.deepEqual(
      (await read(transport, 'out')).map(({ value }) => text(value).length),
      [5_000, 5],
    )
    assert.equal(runner.totals.deadLetters, 1)
    await runner.stop()
  } finally {
    await cluster.close()
    await close()
  }
})

test('state may be larger than a record usually is, and what is too large for its changelog is refused by name', async () => {
  const { transport, close } = await openKafka()
  try {
    await transport.ensureTopics([
      { name: 'in', partitions: 1, encode: null, keep: 'all' },
      { name: 'state', partitions: 1, encode: null, keep: 'latest' },
    ])
    let generation = -1
    const member = await transport.join('g', [{ topics: ['in'], partitions: 1, stores: ['state'] }], {
      revoking: async () => {},
      assigned: async (_owned, of) => {
        generation = of
      },
    })
    const commit = (bytes: number) => {
      const entries = new Map([[`${bytes}`, new Uint8Array(bytes).fill(1)]])
      const changes = [{ store: 'state', partition: 0, entries }]
      return member.commit({ generation, inputs: [], outputs: [], changes })
    }
    await commit(10)
    await commit(5_000_000)
    await assert.rejects(commit(17_000_000), { code: 'TOPO_STATE_TOO_LARGE' })
    const sizes: (number | undefined)[] = []
    for await (const portion of transport.changelog('state', 0)) {
      sizes.push(...portion.map(([, value]) => value?.length))
    }
    assert.deepEqual(sizes, [10, 5_000_000])
  } finally {
    await close()
  }
})
