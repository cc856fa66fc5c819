import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alertCodec, flowCodec } from './codec.ts'
import { FramedCodec, unframedCodec } from './framed-codec.ts'
import { sampleAlert, sampleRecords } from './sample-records.ts'
import { SchemaError } from './schema-error.ts'

function reasonOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    assert.ok(error instanceof SchemaError && error.code === 'SCHEMA_BAD_BYTES', String(error))
    return error.message
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' })
}

describe('a framed codec', () => {
  const codec = new FramedCodec(flowCodec, 258)

  test('puts a zero byte and four bytes of id in front of the bare value', () => {
    for (const record of sampleRecords) {
      const bytes = codec.encode(record)
      assert.deepEqual([...bytes.subarray(0, 5)], [0, 0, 0, 1, 2])
      assert.deepEqual(Buffer.from(bytes.subarray(5)), Buffer.from(flowCodec.encode(record)))
      assert.deepEqual(codec.decode(bytes), record)
    }
  })

  test('knows its own id and asks for every other one once', async () => {
    const reader = new FramedCodec(alertCodec, null)
    const bytes = new FramedCodec(alertCodec, 0xfffffffe).encode(sampleAlert)
    assert.equal(reader.unknownId(bytes), 0xfffffffe)
    await reader.learn(0xfffffffe, JSON.stringify(JSON.parse(alertCodec.schema), null, 2))
    assert.equal(reader.unknownId(bytes), null)
    assert.deepEqual(reader.decode(bytes), sampleAlert)
  })

  test('reads what a schema with a field fewer has written', async () => {
    const older: { fields: { name: string }[] } = JSON.parse(alertCodec.schema)
    const reader = new FramedCodec(alertCodec, 1)
    // What lacks a field without a default cannot be read, and is told so.
    older.fields = older.fields.filter(({ name }) => name !== 'weight')
    await reader.learn(7, JSON.stringify(older))
    assert.match(
      reasonOf(() => reader.decode(new Uint8Array([0, 0, 0, 0, 7, 1]))),
      /^schema 7 of the value cannot be used/,
    )
    const newer: { fields: unknown[] } = JSON.parse(alertCodec.schema)
    newer.fields.push({ name: 'added', type: 'string', default: '' })
    await reader.learn(8, JSON.stringify(newer))
    const bytes = Buffer.concat([
      Buffer.from([0, 0, 0, 0, 8]),
      alertCodec.encode(sampleAlert),
      Buffer.from([2, 0x78]),
    ])
    assert.deepEqual(reader.decode(bytes), sampleAlert)
  })

  test('says what is wrong with values it cannot read', async () => {
    assert.match(
      reasonOf(() => codec.decode(new Uint8Array([]))),
      /no schema id/,
    )
    assert.match(
      reasonOf(() => codec.decode(new Uint8Array([1, 0, 0, 0, 1, 0]))),
      /no schema id/,
    )
    assert.match(
      reasonOf(() => codec.decode(new Uint8Array([0, 0, 0, 0, 9, 0]))),
      /schema 9 .* was not asked for/,
    )
    await codec.learn(9, null)
    assert.match(
      reasonOf(() => codec.decode(new Uint8Array([0, 0, 0, 0, 9, 0]))),
      /schema 9 .* is not in the registry/,
    )
    await codec.learn(10, 'not JSON')
    assert.match(
      reasonOf(() => codec.decode(new Uint8Array([0, 0, 0, 0, 10, 0]))),
      /schema 10 .* cannot be used/,
    )
  })

  test('does not write without an id', () => {
    assert.throws(
      () => new FramedCodec(alertCodec, null).encode(sampleAlert),
      (error) => error instanceof SchemaError && error.code === 'SCHEMA_NOT_ENCODABLE',
    )
  })

  test('and the bare one say of values of the other which side has no registry', () => {
    const bare = unframedCodec(flowCodec)
    for (const record of sampleRecords) {
      assert.deepEqual(bare.decode(bare.encode(record)), record)
      assert.match(
        reasonOf(() => bare.decode(codec.encode(record))),
        /^it was written with a schema registry \(as schema 258\); .* without --registry$/,
      )
      assert.match(
        reasonOf(() => codec.decode(flowCodec.encode(record))),
        /^it was written without a schema registry; .* with --registry$/,
      )
    }
    const neither = Buffer.concat([codec.encode(sampleRecords[0] ?? assert.fail()), Buffer.from([1])])
    assert.doesNotMatch(
      reasonOf(() => bare.decode(neither)),
      /registry/,
    )
  })
})
