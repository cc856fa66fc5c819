import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { listGroupsV5 } from '@platformatic/kafka'
import {
  alertCodec,
  alertLine,
  evidenceCodec,
  evidenceLine,
  flowCodec,
  suppressedCodec,
  suppressedLine,
  topics,
} from '@weir/schemas'
import { encodeInputMark, Runner, TopologyBuilder } from '@weir/topology'
import { kafkaTopics } from '@weir/topology/transport'
import { plainCodecs } from '../../console/kafka/record-codecs.ts'
import { type Tailed, tail } from '../../console/kafka/tail.ts'
import { sampleAlert, sampleEvidence, sampleRecords, sampleSuppressed } from '../../schemas/sample-records.ts'
import { brokers, freshPrefix, openCluster, openKafka } from './broker-under-test.ts'
import { openTransaction } from './open-transaction.ts'

const kafka = await kafkaTopics({ brokers })
after(() => kafka.close())

type Told = { readonly lines: string[]; readonly undecodable: string[] }

async function tailed(
  prefix: string,
  what: Tailed,
  options: { from?: 'beginning' | 'now'; json?: boolean } = {},
): Promise<Told> {
  const told: Told = { lines: [], undecodable: [] }
  const { from = 'beginning', json = true } = options
  const output = {
    line: (text: string) => told.lines.push(text),
    undecodable: (place: string, why: string) => told.undecodable.push(`${place}: ${why}`),
  }
  await tail(
    what,
    kafka,
    plainCodecs,
    { from, json, untilEnd: true, prefix },
    output,
    new AbortController().signal,
  )
  return told
}

/** Values on a topic of their own. */
async function holding(
  name: string,
  values: readonly (Uint8Array | null)[],
  partitions = 1,
): Promise<string> {
  const prefix = freshPrefix()
  const { transport, close } = await openKafka({}, prefix)
  await transport.ensureTopics([{ name, partitions, encode: null, keep: 'all' }])
  const records = values.map((value, at) => ({ key: `k${at}`, value, timestampMs: at, streamTimeMs: at }))
  await transport.producer().send(name, records)
  await close()
  return prefix
}

describe('weir tail', () => {
  test('gives evidence and alerts in canonical form, each record once', async () => {
    const alerts = await holding(topics.alerts.name, Array(30).fill(alertCodec.encode(sampleAlert)), 4)
    assert.deepEqual((await tailed(alerts, 'alerts')).lines, Array(30).fill(alertLine(sampleAlert)))
    const evidence = await holding(topics.evidence.name, [evidenceCodec.encode(sampleEvidence)])
    assert.deepEqual((await tailed(evidence, 'evidence')).lines, [evidenceLine(sampleEvidence)])
  })

  test('tells which rule held back what', async () => {
    const prefix = await holding(topics.suppressed.name, [suppressedCodec.encode(sampleSuppressed)])
    assert.deepEqual((await tailed(prefix, 'suppressed')).lines, [suppressedLine(sampleSuppressed)])
    const [line = ''] = (await tailed(prefix, 'suppressed', { json: false })).lines
    assert.ok(line.includes(sampleSuppressed.evidence.profile) && line.includes(sampleSuppressed.rule), line)
  })

  test('gives flow records as they are, and skips deletions', async () => {
    const values = [...sampleRecords.map((record) => flowCodec.encode(record)), null]
    const { lines } = await tailed(await holding(topics.flows.name, values), 'flows')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      sampleRecords,
    )
  })

  for (const json of [true, false]) {
    test(`shows no marks of writers, and does not stumble over them, ${json ? 'as JSON' : 'to read'}`, async () => {
      const prefix = freshPrefix()
      const { transport, close } = await openKafka({}, prefix)
      const name = topics.flows.name
      await transport.ensureTopics([{ name, partitions: 2, encode: null, keep: 'all' }])
      const producer = transport.producer()
      const [first, ...others] = sampleRecords
      assert.ok(first !== undefined)
      const send = (flows: readonly (typeof first)[]) =>
        producer.send(
          name,
          flows.map((flow, at) => ({
            key: `k${at}`,
            value: flowCodec.encode(flow),
            timestampMs: at,
            streamTimeMs: at,
          })),
        )
      const mark = (says: 'begin' | 'end') =>
        producer.sendToAll(name, encodeInputMark({ writer: 'site/abc', says }, 1_700_000_000_000))
      await mark('begin')
      await send([first])
      await mark('end')
      await mark('begin')
      await send(others)
      await mark('end')
      await close()
      const { lines, undecodable } = await tailed(prefix, 'flows', { json })
      assert.deepEqual(undecodable, [])
      assert.equal(lines.length, sampleRecords.length)
      assert.ok(lines.every((line) => !line.includes('site/abc')))
      assert.deepEqual((await tailed(prefix, 'flows', { json, from: 'now' })).lines, [])
    })
  }

  test('gives lines to read that no record can break', async () => {
    const nasty = { ...sampleAlert, description: 'a\u001b[2J\nb' }
    const prefix = await holding(topics.alerts.name, [alertCodec.encode(nasty)])
    const [line = '', ...more] = (await tailed(prefix, 'alerts', { json: false })).lines
    assert.deepEqual(more, [])
    assert.ok(line.includes(sampleAlert.profile) && line.endsWith('a\\x1b[2J\\x0ab'), line)
  })

  test('says where a record lies that cannot be decoded, and goes on', async () => {
    const values = [new Uint8Array([255]), alertCodec.encode(sampleAlert)]
    const prefix = await holding(topics.alerts.name, values)
    const { lines, undecodable } = await tailed(prefix, 'alerts')
    assert.equal(lines.length, 1)
    assert.equal(undecodable.length, 1)
    assert.ok(
      undecodable[0]?.startsWith(`${prefix}${topics.alerts.name} partition 0 offset 0: `),
      undecodable[0],
    )
  })

  test('shows nothing that is not committed, and ends all the same', async () => {
    const prefix = await holding(topics.alerts.name, [alertCodec.encode(sampleAlert)])
    const name = `${prefix}${topics.alerts.name}`
    const cluster = await openCluster()
    try {
      await cluster.refresh([name])
      const value = alertCodec.encode({ ...sampleAlert, revision: 99 })
      const record = { key: 'k', value, timestampMs: 1, streamTimeMs: 1 }
      const open = await openTransaction(cluster, name)
      await open.write(name, 0, [record])
      assert.equal((await tailed(prefix, 'alerts')).lines.length, 1)
      await open.end(false)
      assert.equal((await tailed(prefix, 'alerts')).lines.length, 1)
      const kept = await openTransaction(cluster, name)
      await kept.write(name, 0, [record])
      await kept.end(true)
      assert.equal((await tailed(prefix, 'alerts')).lines.length, 2)
    } finally {
      await cluster.close()
    }
  })

  test('from now on shows what comes later alone, until it is told to stop', async () => {
    const prefix = await holding(topics.alerts.name, [alertCodec.encode(sampleAlert)])
    assert.deepEqual((await tailed(prefix, 'alerts', { from: 'now' })).lines, [])
    const { transport, close } = await openKafka({}, prefix)
    const own = await kafkaTopics({ brokers })
    const stop = new AbortController()
    const lines: string[] = []
    const output = {
      line: (text: string) => {
        lines.push(text)
        stop.abort()
      },
      undecodable: assert.fail,
    }
    await transport.ensureTopics([{ name: topics.alerts.name, partitions: 1, encode: null, keep: 'all' }])
    const options = { from: 'now', json: true, untilEnd: false, prefix } as const
    let isTailing = true
    const tailing = tail('alerts', own, plainCodecs, options, output, stop.signal).finally(() => {
      isTailing = false
    })
    // When it has found its place cannot be told from outside.
    for (let revision = 100; isTailing; revision += 1) {
      const value = alertCodec.encode({ ...sampleAlert, revision })
      await transport
        .producer()
        .send(topics.alerts.name, [{ key: 'k', value, timestampMs: 1, streamTimeMs: 1 }])
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await tailing
    await close()
    assert.equal(lines.length, 1)
    assert.ok(Number(JSON.parse(lines[0] ?? '').revision) >= 100)
  })

  test('shows of a dead letter where it was, why it is there, and its bytes', async () => {
    const bytes = new Uint8Array([255, 0, 1])
    const prefix = await holding(topics.alerts.name, [alertCodec.encode(sampleAlert), bytes])
    const { transport, close } = await openKafka({}, prefix)
    const builder = new TopologyBuilder('reader')
    builder.stream({ name: topics.alerts.name, codec: alertCodec }).to({ name: 'out', codec: alertCodec })
    const plan = builder.build({ deadLetters: topics.deadLetters.name })
    const runner = new Runner(plan, transport, { stores: 'memory' })
    await runner.start()
    await runner.runUntilIdle()
    await runner.stop()
    await close()
    const [line = '', ...more] = (await tailed(prefix, 'dead-letters')).lines
    assert.deepEqual(more, [])
    const { reason, ...letter } = JSON.parse(line)
    assert.ok(String(reason).length > 5, line)
    assert.deepEqual(letter, {
      ts: '1970-01-01T00:00:00.001000Z',
      topic: topics.alerts.name,
      partition: 0,
      offset: 1,
      key: 'k1',
      value: Buffer.from(bytes).toString('base64'),
    })
    const [text = ''] = (await tailed(prefix, 'dead-letters', { json: false })).lines
    assert.ok(text.includes(`${topics.alerts.name} 0@1`) && text.includes('3 bytes'), text)
  })

  test('leaves no group behind', async () => {
    const cluster = await openCluster()
    const groups = async () => {
      const [broker = -1] = cluster.brokerIds
      const answer = await cluster.call('test', broker, 'list groups', listGroupsV5.api, [], [])
      return answer.groups.map(({ groupId }) => groupId).sort()
    }
    try {
      const before = await groups()
      const prefix = await holding(topics.alerts.name, [alertCodec.encode(sampleAlert)])
      await tailed(prefix, 'alerts')
      assert.deepEqual(await groups(), before)
    } finally {
      await cluster.close()
    }
  })

  test('names a topic that is not there', async () => {
    await assert.rejects(tailed(freshPrefix(), 'alerts'), /topic '.*weir\.alerts\.v1' does not exist/)
  })
})
