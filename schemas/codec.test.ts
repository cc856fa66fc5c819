import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  alertCodec,
  allowRuleCodec,
  bytesCodec,
  type Codec,
  compatible,
  decoderFrom,
  evidenceCodec,
  flowCodec,
  incompatibility,
  indicatorCodec,
  sameOnTheWire,
  suppressedCodec,
} from './codec.ts'
import { type Evidence, type FlowRecord, recordKinds } from './records.ts'
import {
  sampleAlert,
  sampleAllowRule,
  sampleEvidence,
  sampleIndicator,
  sampleRecords,
  sampleSuppressed,
} from './sample-records.ts'
import { SchemaError } from './schema-error.ts'

const history = join(import.meta.dirname, 'avro', 'history')
const versions = readdirSync(history).sort()

describe('codecs', () => {
  test('there is a sample record of every kind', () => {
    assert.deepEqual(
      sampleRecords.map((record) => record.kind),
      [...recordKinds],
    )
  })

  for (const record of sampleRecords) {
    test(`a ${record.kind} record comes back from its bytes as it went in, fields in the same order`, () => {
      const back = flowCodec.decode(flowCodec.encode(record))
      assert.deepEqual(back, record)
      assert.deepEqual(Object.keys(back), [...fieldOrder(record)])
    })
  }

  test('evidence and alerts come back from their bytes as they went in', () => {
    assert.deepEqual(evidenceCodec.decode(evidenceCodec.encode(sampleEvidence)), sampleEvidence)
    assert.deepEqual(alertCodec.decode(alertCodec.encode(sampleAlert)), sampleAlert)
    assert.deepEqual(indicatorCodec.decode(indicatorCodec.encode(sampleIndicator)), sampleIndicator)
    assert.deepEqual(allowRuleCodec.decode(allowRuleCodec.encode(sampleAllowRule)), sampleAllowRule)
    assert.deepEqual(suppressedCodec.decode(suppressedCodec.encode(sampleSuppressed)), sampleSuppressed)
    const bare: Evidence = { ...sampleEvidence, victim: null, src: null, dst: null, facts: {}, uids: [] }
    assert.deepEqual(evidenceCodec.decode(evidenceCodec.encode(bare)), bare)
  })

  test('facts of every type keep their type and their order', () => {
    const facts = { z: 0, a: '', m: false, n: -0.1, t: 'true', big: 2 ** 60, none: Number.MIN_VALUE }
    const back = evidenceCodec.decode(evidenceCodec.encode({ ...sampleEvidence, facts }))
    assert.deepEqual(back.facts, facts)
    assert.deepEqual(Object.keys(back.facts), Object.keys(facts))
  })

  test('texts of every length and alphabet come back', () => {
    const pieces = ['a', 'ä', '漢', '😀', '\u0000', "'"]
    for (const piece of pieces) {
      for (const length of [0, 1, 2, 31, 32, 33, 47, 48, 49, 63, 64, 65, 1000, 70_000]) {
        const description = piece.repeat(length)
        const back = evidenceCodec.decode(evidenceCodec.encode({ ...sampleEvidence, description }))
        assert.equal(back.description, description)
      }
    }
  })

  test('whole numbers to 2^53 come back, at every length they can have on the wire', () => {
    for (let power = 0; power <= 53; power += 1) {
      for (const distance of [-1, 0, 1]) {
        for (const sign of [-1, 1]) {
          const srcBytes = sign * (2 ** power + distance)
          if (!Number.isSafeInteger(srcBytes) || Object.is(srcBytes, -0)) continue
          const back = flowCodec.decode(flowCodec.encode(conn({ srcBytes })))
          assert.deepEqual(back, conn({ srcBytes }))
        }
      }
    }
  })

  test('a time comes back to the very same number for any whole count of microseconds until 2248', () => {
    const random = randomOf(11)
    for (let count = 0; count < 20_000; count += 1) {
      const micros = Math.floor(random() * 8.79e15) * (count % 7 === 0 ? -1 : 1)
      const tsMs = micros / 1000
      assert.equal(flowCodec.decode(flowCodec.encode(conn({ tsMs }))).tsMs, tsMs, String(micros))
    }
  })

  test('an encoded value is not touched by the next encoding', () => {
    const first = flowCodec.encode(conn({ state: 'S0' }))
    const copy = Uint8Array.from(first)
    for (let count = 0; count < 1000; count += 1) flowCodec.encode(conn({ state: 'REJ', srcPkts: count }))
    assert.deepEqual(Uint8Array.from(first), copy)
  })

  test('a value its type does not allow is refused, and the next one is encoded as if nothing had been', () => {
    const before = flowCodec.encode(conn({}))
    for (const wrong of [
      { srcBytes: 0.5 },
      { srcBytes: 2 ** 53 },
      { srcPort: 2 ** 31 },
      { tsMs: Number.NaN },
      { tsMs: Number.POSITIVE_INFINITY },
    ]) {
      assert.throws(
        () => flowCodec.encode(conn(wrong)),
        hasCode('SCHEMA_NOT_ENCODABLE'),
        JSON.stringify(wrong),
      )
    }
    assert.deepEqual(flowCodec.encode(conn({})), before)
  })

  test('an undecodable record passes through the bytes codec as it is', () => {
    const bytes = new Uint8Array([0, 255, 7])
    assert.deepEqual(bytesCodec.decode(bytesCodec.encode(bytes)), bytes)
  })
})

describe('hostile bytes', () => {
  test('a value cut short at any byte, or with a byte too many, is refused', () => {
    for (const record of sampleRecords) {
      const bytes = flowCodec.encode(record)
      for (let end = 0; end < bytes.length; end += 1) {
        assert.throws(() => flowCodec.decode(bytes.subarray(0, end)), hasCode('SCHEMA_BAD_BYTES'))
      }
      assert.throws(
        () => flowCodec.decode(Buffer.concat([bytes, Buffer.alloc(1)])),
        hasCode('SCHEMA_BAD_BYTES'),
      )
    }
  })

  test('what is no number where one must be is refused', () => {
    for (const wrong of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
      for (const record of [conn({ durationMs: wrong }), sample('dns', { ttls: [60, wrong] })]) {
        assert.throws(() => flowCodec.decode(flowCodec.encode(record)), hasCode('SCHEMA_BAD_BYTES'))
      }
    }
  })

  test('counts and lengths far beyond the bytes are refused before anything is made for them', () => {
    // A dns record up to its list of answers, then what a list of 2^49 items begins with.
    const list = flowCodec.encode(sample('dns', { answers: [], ttls: [] })).subarray(0, -2)
    const huge = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])
    for (const count of [huge, Buffer.concat([Buffer.from([0xff]), huge.subarray(1), Buffer.from([2])])]) {
      assert.throws(() => flowCodec.decode(Buffer.concat([list, count])), hasCode('SCHEMA_BAD_BYTES'))
    }
    assert.throws(() => flowCodec.decode(Buffer.alloc(1_000_000, 0xff)), hasCode('SCHEMA_BAD_BYTES'))
  })

  test('a byte that is not UTF-8 reads as U+FFFD, whatever texts were read before', () => {
    for (const state of ['\u00e4', '\ufffd', 'a']) {
      flowCodec.decode(flowCodec.encode(conn({ state })))
      const bytes = Buffer.from(flowCodec.encode(conn({ state: 'a', history: '' })))
      bytes[bytes.indexOf(Buffer.from([2, 0x61]), 100) + 1] = 0xe4
      assert.deepEqual(flowCodec.decode(bytes), conn({ state: '\ufffd', history: '' }), state)
    }
  })

  test('a fact named __proto__ is refused by both sides', () => {
    const facts: Record<string, number> = JSON.parse('{"__proto__": 1}')
    assert.throws(() => evidenceCodec.encode({ ...sampleEvidence, facts }), hasCode('SCHEMA_NOT_ENCODABLE'))
    const bytes = Buffer.from(evidenceCodec.encode({ ...sampleEvidence, facts: { aaaaaaaaa: 1 } }))
    bytes.write('__proto__', bytes.indexOf('aaaaaaaaa'))
    assert.throws(() => evidenceCodec.decode(bytes), hasCode('SCHEMA_BAD_BYTES'))
  })

  for (const [name, fuzz] of Object.entries({
    flow: () => fuzzer(flowCodec, sampleRecords),
    evidence: () => fuzzer(evidenceCodec, [sampleEvidence]),
    alert: () => fuzzer(alertCodec, [sampleAlert]),
    indicator: () => fuzzer(indicatorCodec, [sampleIndicator]),
    'allow rule': () => fuzzer(allowRuleCodec, [sampleAllowRule]),
    suppressed: () => fuzzer(suppressedCodec, [sampleSuppressed]),
  })) {
    test(`damaged ${name} bytes decode to something that encodes again, or throw a SchemaError (seed 20240304)`, () => {
      assert.ok(fuzz() > 100)
    })
  }

  test('bytes of an older version are as distrusted as those of this one', async () => {
    const decode = await decoderFrom(flowCodec, flowCodec.schema)
    const random = randomOf(5)
    let refused = 0
    for (let round = 0; round < 2000; round += 1) {
      const bytes = damaged(flowCodec.encode(sampleRecords[round % sampleRecords.length] ?? conn({})), random)
      const expected = attempt(flowCodec, bytes)
      if (expected === null) {
        refused += 1
        assert.throws(() => decode(bytes), hasCode('SCHEMA_BAD_BYTES'))
      } else assert.deepEqual(decode(bytes), expected)
    }
    assert.ok(refused > 100)
  })
})

test('schemas are the same on the wire by their fields and names, not by their spelling or documentation', async () => {
  const alert: { namespace: string; name: string; doc?: string; fields: unknown[] } = JSON.parse(
    alertCodec.schema,
  )
  const { namespace, name, ...rest } = alert
  const spelt = JSON.stringify({ ...rest, doc: 'other', name: `${namespace}.${name}` }, null, 2)
  assert.ok(await sameOnTheWire(spelt, alertCodec.schema))
  const fewer = JSON.stringify({ ...alert, fields: alert.fields.slice(1) })
  assert.equal(await sameOnTheWire(fewer, alertCodec.schema), false)
})

describe('versions', () => {
  for (const version of versions) {
    const read = (name: string) => readFileSync(join(history, version, name))
    for (const [root, names] of Object.entries({
      flow: recordKinds,
      evidence: ['evidence'],
      alert: ['alert'],
    })) {
      const codec: Codec<object> =
        { flow: flowCodec, evidence: evidenceCodec, alert: alertCodec }[root] ?? flowCodec

      test(`${version} of the ${root} schema can be read with the present one`, async () => {
        assert.equal(await incompatibility(read(`${root}.avsc`).toString(), codec.schema), null)
      })

      for (const name of names) {
        if (!readdirSync(join(history, version)).includes(`${name}.sample.bin`)) continue
        test(`the ${name} that ${version} wrote reads as it was, with defaults for what is new`, async () => {
          const decode = await decoderFrom(codec, read(`${root}.avsc`).toString())
          const decoded = decode(read(`${name}.sample.bin`))
          const sample: object = JSON.parse(read(`${name}.sample.json`).toString())
          assert.deepEqual({ ...decoded, ...sample }, decoded)
        })
      }
    }
  }

  test('while the schemas are those of the last version, its samples encode to the very bytes it wrote', (t) => {
    const last = versions.at(-1) ?? ''
    const frozen: unknown = JSON.parse(readFileSync(join(history, last, 'flow.avsc'), 'utf8'))
    if (JSON.stringify(frozen) !== flowCodec.schema)
      return t.skip('the schemas have moved on since the last release')
    for (const record of sampleRecords) {
      const bytes = readFileSync(join(history, last, `${record.kind}.sample.bin`))
      assert.deepEqual(flowCodec.encode(record), bytes, record.kind)
    }
  })

  test('our bytes are those of the Avro library', async () => {
    // Reading with the library, writing with it and reading with ours only agrees if all three do.
    for (const record of sampleRecords) {
      const decode = await decoderFrom(flowCodec, flowCodec.schema)
      assert.deepEqual(decode(flowCodec.encode(record)), record)
    }
    const decode = await decoderFrom(evidenceCodec, evidenceCodec.schema)
    assert.deepEqual(decode(evidenceCodec.encode(sampleEvidence)), sampleEvidence)
  })

  test('a new field with a default is compatible, and takes that default in old records', async () => {
    const old = withField(alertCodec.schema, (fields) =>
      fields.filter((field) => field.name !== 'description'),
    )
    assert.equal(await compatible(old, alertCodec.schema), true)
    const decode = await decoderFrom(alertCodec, old)
    const bytes = alertCodec.encode({ ...sampleAlert, description: '' }).subarray(0, -1)
    assert.deepEqual(decode(bytes), { ...sampleAlert, description: '' })
  })

  test('a field without a default, another type and a removed symbol are incompatible', async () => {
    const schema = alertCodec.schema
    const added = withField(schema, (fields) => [...fields, { name: 'extra', type: 'string' }])
    const changed = withField(schema, (fields) =>
      fields.map((field) => (field.name === 'revision' ? { ...field, type: 'string' } : field)),
    )
    const fewer = schema.replace('["open","closed"]', '["open"]')
    for (const reader of [added, changed, fewer]) {
      assert.notEqual(reader, schema)
      assert.equal(await compatible(schema, reader), false)
      assert.match((await incompatibility(schema, reader)) ?? '', /./)
    }
    await assert.rejects(
      decoderFrom(alertCodec, schema.replace('"open"', '"new","open"')),
      hasCode('SCHEMA_BAD_SCHEMA'),
    )
    await assert.rejects(decoderFrom(alertCodec, '{'), hasCode('SCHEMA_BAD_SCHEMA'))
  })
})

/** Returns how many of the damaged values were refused. */
function fuzzer<T>(codec: Codec<T>, samples: readonly T[]): number {
  const random = randomOf(20_240_304)
  let refused = 0
  for (let round = 0; round < 8000; round += 1) {
    const sample = samples[round % samples.length]
    if (sample === undefined) continue
    const value = attempt(codec, damaged(codec.encode(sample), random))
    if (value === null) refused += 1
    else assert.deepEqual(codec.decode(codec.encode(value)), value)
  }
  return refused
}

/** `null` when the bytes are refused as they should be; any other error fails the test. */
function attempt<T>(codec: Codec<T>, bytes: Uint8Array): T | null {
  try {
    return codec.decode(bytes)
  } catch (error) {
    if (error instanceof SchemaError && error.code === 'SCHEMA_BAD_BYTES') return null
    throw error
  }
}

function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) {
    copy[Math.floor(random() * copy.length)] = random() < 0.3 ? 0xff : Math.floor(random() * 256)
  }
  return random() < 0.1 ? copy.subarray(0, Math.floor(random() * copy.length)) : copy
}

/** Mulberry32: small, seeded, good enough to damage bytes with. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SchemaError && error.code === code
}

function sample(kind: string, changes: object): FlowRecord {
  const found = sampleRecords.find((record) => record.kind === kind)
  assert.ok(found)
  return { ...found, ...changes }
}

function conn(changes: object): FlowRecord {
  return sample('conn', changes)
}

/** The head's fields, the kind, then the record's own: what every maker of records keeps to, so that shapes are shared. */
function fieldOrder(record: FlowRecord): readonly string[] {
  const keys = Object.keys(record)
  const kindAt = keys.indexOf('kind')
  const own = keys.slice(kindAt + 1).filter((key) => !headKeys.has(key))
  return [...headKeys, 'kind', ...own]
}

const headKeys: ReadonlySet<string> = new Set(Object.keys(sample('weird', {})).slice(0, 13))

type Json = Readonly<Record<string, unknown>>

function withField(schema: string, change: (fields: readonly Json[]) => readonly Json[]): string {
  const json: Json & { fields: readonly Json[] } = JSON.parse(schema)
  return JSON.stringify({ ...json, fields: change(json.fields) })
}
