import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { alertCodec, FramedCodec, flowCodec, sameOnTheWire, topics } from '@weir/schemas'
import { Runner, TopologyBuilder } from '@weir/topology'
import { WeirError } from '@weir/topology/kit'
import { readSettings } from '../../console/analyze/settings.ts'
import { allSetAside, endSentence } from '../../console/kafka/end-sentence.ts'
import { runProcessors } from '../../console/kafka/processors.ts'
import { openCodecs, plainCodecs } from '../../console/kafka/record-codecs.ts'
import { SchemaRegistry } from '../../console/kafka/schema-registry.ts'
import { ship } from '../../console/kafka/ship.ts'
import { sampleAlert } from '../../schemas/sample-records.ts'
import { writeLogs } from '../generate/logs.ts'
import { play } from '../generate/play.ts'
import { analyzePaths, Workspace } from '../scenarios/analysis.ts'
import { scenario as scan } from '../scenarios/vertical-scan-of-a-file-server/scenario.ts'
import { registryUrl } from './broker/registry.ts'
import { readSettings as readBrokerSettings } from './broker/settings.ts'
import { freshPrefix, openKafka } from './broker-under-test.ts'

const root = join(import.meta.dirname, '..', '..')
const url = process.env.WEIR_REGISTRY ?? registryUrl(readBrokerSettings(process.env, root))
const settings = { url, ca: null, login: null }
const registry = new SchemaRegistry(settings, 10_000)
const never = new AbortController().signal
const workspace = new Workspace()
after(() => workspace[Symbol.dispose]())

describe('the schema registry', () => {
  test('gives one id for a schema however often it is registered, and the schema for the id', async () => {
    const subject = `${freshPrefix()}alerts-value`
    const id = await registry.register(subject, alertCodec.schema)
    assert.equal(await registry.register(subject, alertCodec.schema), id)
    assert.ok(await sameOnTheWire((await registry.schemaOf(id)) ?? '', alertCodec.schema))
    assert.equal(await registry.schemaOf(2_000_000_000), null)
  })

  test('takes the union of all flow records as one schema', async () => {
    const id = await registry.register(`${freshPrefix()}flows-value`, flowCodec.schema)
    assert.ok(await sameOnTheWire((await registry.schemaOf(id)) ?? '', flowCodec.schema))
  })

  test('refuses a schema that could not read what is there', async () => {
    const subject = `${freshPrefix()}alerts-value`
    await registry.register(subject, alertCodec.schema)
    await assert.rejects(
      registry.register(subject, withField({ name: 'added', type: 'string' })),
      isError('CONSOLE_SCHEMA_REFUSED'),
    )
    await registry.register(subject, withField({ name: 'added', type: 'string', default: '' }))
  })

  test('that is not there is named with its address', async () => {
    const away = new SchemaRegistry({ ...settings, url: 'http://127.0.0.1:1/x' }, 100)
    await assert.rejects(away.schemaOf(1), isError('CONSOLE_REGISTRY_FAILED'))
  })
})

test('shipped and processed with schema ids, logs give what analyze gives', async () => {
  const logs = workspace.folder('logs')
  writeLogs(play(scan), logs, { sensor: 'zeek' })
  const expected = await analyzePaths([logs], { out: workspace.folder('expected') })
  const codecs = await openCodecs({ registry: settings }, 'write')
  const { transport, close } = await openKafka({ prepare: codecs.prepare })
  try {
    const options = readSettings({ out: 'out', partitions: '2' })
    await ship([logs], options, transport, { stdin: nothing(), interruption: never, final: 'logs' }, codecs)
    const run = {
      commitMs: 100,
      untilIdleMs: 1_000,
      idleMs: Number.POSITIVE_INFINITY,
      interruption: never,
      codecs,
    }
    const { deadLetters } = await runProcessors(options, transport, run)
    assert.equal(deadLetters, 0)
    // Who only reads registers nothing and knows no id beforehand.
    const reading = await openCodecs({ registry: settings }, 'read')
    const ids: string[] = []
    for (let partition = 0; partition < 2; partition += 1) {
      for await (const portion of transport.changelog(topics.evidence.name, partition)) {
        for (const [, value] of portion) {
          assert.ok(value !== null)
          await reading.prepare([batchOf(topics.evidence.name, value)])
          ids.push(reading.evidence.decode(value).id)
        }
      }
    }
    const wanted = expected.evidence
      .trim()
      .split('\n')
      .map((line) => String(JSON.parse(line).id))
    assert.ok(wanted.length > 0)
    assert.deepEqual(ids.sort(), wanted.sort())
  } finally {
    await close()
  }
})

for (const side of ['ships', 'reads'] as const) {
  test(`where only the one who ${side} has a registry, that is the reason of every dead letter and of the end`, async () => {
    const logs = workspace.folder(`logs-of-one-that-${side}`)
    writeLogs(play(scan), logs, { sensor: 'zeek' })
    const framed = await openCodecs({ registry: settings }, 'write')
    const [shipping, reading] = side === 'ships' ? [framed, plainCodecs] : [plainCodecs, framed]
    const { transport, close } = await openKafka({ prepare: reading.prepare })
    try {
      const options = readSettings({ out: 'out', partitions: '2' })
      const { records } = await ship(
        [logs],
        options,
        transport,
        { stdin: nothing(), interruption: never, final: null },
        shipping,
      )
      const totals = await runProcessors(options, transport, {
        commitMs: 100,
        untilIdleMs: 1_000,
        idleMs: Number.POSITIVE_INFINITY,
        interruption: never,
        codecs: reading,
      })
      assert.equal(totals.deadLetters, records)
      const error = allSetAside(totals)
      const why =
        side === 'ships'
          ? /with a schema registry \(as schema \d+\); this process was started without --registry$/
          : /without a schema registry; this process was started with --registry$/
      assert.match(error?.message ?? '', why)
      assert.match(error?.message ?? '', new RegExp(`^not one of the ${records} flows `))
      assert.match(endSentence(totals, totals.last), /\nnothing is left unread\n$/)
    } finally {
      await close()
    }
  })
}

test('values of other versions are read by their ids; those of unknown ids become dead letters, whole', async () => {
  const subject = `${freshPrefix()}alerts-value`
  const older = await registry.register(subject, alertCodec.schema)
  const newerSchema = withField({ name: 'added', type: 'string', default: '' })
  const newer = await registry.register(subject, newerSchema)
  assert.notEqual(newer, older)
  const codecs = await openCodecs({ registry: settings }, 'read')
  const { transport, close } = await openKafka({ prepare: codecs.prepare })
  try {
    const topic = { name: topics.alerts.name, codec: codecs.alerts }
    const builder = new TopologyBuilder('reader')
    const seen: string[] = []
    builder
      .stream(topic)
      .filter((alert) => seen.push(alert.id) > 0)
      .to({ name: 'out', codec: alertCodec })
    const runner = new Runner(builder.build(), transport, { stores: 'memory' })
    const bare = alertCodec.encode(sampleAlert)
    const framed = (id: number, ...more: readonly number[]) =>
      Buffer.concat([Buffer.from([0, id >>> 24, id >>> 16, id >>> 8, id]), bare, Buffer.from(more)])
    const lost = framed(2_000_000_000)
    await transport.ensureTopics([{ name: topics.alerts.name, partitions: 1, encode: null, keep: 'all' }])
    const values = [
      framed(older),
      framed(newer, 2, 0x78),
      lost,
      new FramedCodec(alertCodec, older).encode(sampleAlert),
    ]
    await transport.producer().send(
      topics.alerts.name,
      values.map((value, at) => ({
        key: `k${at}`,
        value,
        timestampMs: 1_000 + at,
        streamTimeMs: 1_000 + at,
      })),
    )
    await runner.start()
    await runner.runUntilIdle()
    assert.equal(runner.totals.deadLetters, 1)
    await runner.stop()
    assert.deepEqual(seen, [sampleAlert.id, sampleAlert.id, sampleAlert.id])
    const letters: Uint8Array[] = []
    for await (const portion of transport.changelog('reader-dead-letters', 0)) {
      for (const [, value] of portion) if (value !== null) letters.push(value)
    }
    assert.deepEqual(
      letters.map((each) => Buffer.from(each)),
      [lost],
    )
  } finally {
    await close()
  }
})

function withField(field: object): string {
  const schema: { fields: object[] } = JSON.parse(alertCodec.schema)
  return JSON.stringify({ ...schema, fields: [...schema.fields, field] })
}

function isError(code: string) {
  return (error: unknown) => error instanceof WeirError && error.code === code
}

function batchOf(topic: string, value: Uint8Array) {
  const record = { key: '', value, timestampMs: 0, streamTimeMs: 0 }
  const place = { topic, partition: 0, firstOffset: 0, nextOffset: 1, offsets: null, more: false }
  return { ...place, records: [record], encoded: true }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
