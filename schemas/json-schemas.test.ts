import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { techniques } from './attack.ts'
import { alertLine, evidenceLine, suppressedLine } from './canonical.ts'
import { cutText, rejectLine, rejectTextBytes } from './reject-line.ts'
import { sampleAlert, sampleEvidence, sampleSuppressed } from './sample-records.ts'
import { type Summary, summaryText } from './summary.ts'

const folder = join(import.meta.dirname, 'json')
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true })
addFormats.default(ajv)

const summary: Summary = {
  version: '0.1.0',
  inputs: [
    {
      path: 'conn.log',
      kind: 'zeek',
      passedOver: null,
      lines: 12,
      accepted: { conn: 9 },
      skipped: { header: 2 },
      rejected: { 'bad-time': 1 },
    },
  ],
  records: 9,
  late: { 'port-scan': 1 },
  suppressed: {},
  suppressedUnwritten: {},
  whitelisted: { 'ip,10.0.0.5,both,flows': 3 },
  flooded: {},
  outsiders: 0,
  repeated: 0,
  lateEvidence: 0,
  deadLetters: 0,
  resumed: false,
  recordsPerSecond: 1_000_000.5,
  wallSeconds: 0.25,
  cpuSeconds: 0.3,
  peakMemoryBytes: 120_000_000,
  evidence: { total: 1, byDetector: { b: 1, a: 1 }, byLevel: { high: 1, info: 2 }, byType: { GRE_SCAN: 1 } },
  alerts: { total: 1, byHost: [{ site: 'default', profile: '192.168.1.5', alerts: 1, weight: 15.25 }] },
  detectorErrors: {},
  settings: { windowMinutes: 60, homeNetworks: ['10.0.0.0/8'], detectors: { 'port-scan': { minPorts: 5 } } },
}

const lines: Readonly<Record<string, readonly string[]>> = {
  evidence: [
    evidenceLine(sampleEvidence),
    evidenceLine({
      ...sampleEvidence,
      victim: null,
      src: null,
      dst: null,
      communityId: '',
      facts: {},
      uids: [],
    }),
    evidenceLine({ ...sampleEvidence, techniques: [...techniques.keys(), 'T9999.001'] }),
  ],
  alert: [
    alertLine(sampleAlert),
    alertLine({ ...sampleAlert, evidence: [], techniques: [], status: 'closed' }),
  ],
  reject: [rejectLine({ path: 'conn.log', line: 1, reason: 'not-json', text: 'ä'.repeat(9000) })],
  summary: [summaryText(summary)],
  suppressed: [suppressedLine(sampleSuppressed)],
}

for (const file of readdirSync(folder).sort()) {
  // Generated from the detectors' settings, and tested with them.
  if (file === 'config.schema.json') continue
  const name = file.replace('.schema.json', '')
  const schema: Json = JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const validate: ValidateFunction = ajv.compile(schema)

  describe(file, () => {
    test('what Weir writes is valid', () => {
      const written = lines[name] ?? []
      assert.ok(written.length > 0)
      for (const line of written) {
        assert.ok(validate(JSON.parse(line)), `${JSON.stringify(validate.errors)} in ${line}`)
      }
    })

    test('every object of it is closed or says what its values are, and every field is described', () => {
      const open = undescribed(schema, file)
      assert.deepEqual(open, [])
    })

    test('a line with a field missing, a field too many or a field of another type is not valid', () => {
      const line: Json = JSON.parse(lines[name]?.[0] ?? '{}')
      assert.equal(validate({ ...line, extra: 1 }), false)
      for (const key of Object.keys(line)) {
        const { [key]: _, ...rest } = line
        assert.equal(validate(rest), false, `without ${key}`)
        assert.equal(validate({ ...rest, [key]: [[]] }), false, `${key} a list of lists`)
      }
    })
  })
}

describe('broken values', () => {
  for (const [name, from, to] of [
    ['evidence', '"level":"high"', '"level":"grave"'],
    ['evidence', '"confidence":0.8125', '"confidence":1.01'],
    ['evidence', '.123456Z', '.123Z'],
    ['evidence', '.123456Z', '.123456+01:00'],
    ['evidence', '"direction":"src"', '"direction":"both"'],
    ['evidence', '"port":443', '"port":65536'],
    ['evidence', '"id":"T1046"', '"id":"TA0007"'],
    ['evidence', '"tactic":"discovery"', '"tactic":"Discovery"'],
    ['evidence', '"hosts":60', '"hosts":null'],
    ['evidence', '"type":"HORIZONTAL_PORT_SCAN"', '"type":"horizontal scan"'],
    ['evidence', '"communityId":"1:', '"communityId":"2:'],
    ['alert', '"status":"open"', '"status":"new"'],
    ['alert', '"weight":15.25', '"weight":-1'],
    ['alert', '"revision":3', '"revision":1.5'],
    ['reject', '"line":1', '"line":0'],
    ['summary', '"outsiders": 0', '"outsiders": -1'],
    ['summary', '"high": 1', '"grave": 1'],
    ['summary', '"GRE_SCAN": 1', '"GRE_SCAN": "1"'],
  ] as const) {
    test(`${name}: ${from} may not be ${to}`, () => {
      const validate = ajv.getSchema(`urn:weir:schema:${name}`)
      const line = lines[name]?.[0] ?? ''
      const broken = line.replace(from, to)
      assert.notEqual(broken, line)
      assert.equal(validate?.(JSON.parse(broken)), false)
    })
  }
})

describe('rejected text', () => {
  test('is cut to the longest beginning within 1 KiB of UTF-8 that splits no character', () => {
    assert.equal(rejectTextBytes, 1024)
    for (const piece of ['a', 'ä', '漢', '😀', 'x😀', '\ud800']) {
      const text = piece.repeat(2000)
      const cut = cutText(text, rejectTextBytes)
      const size = Buffer.byteLength(cut)
      assert.ok(text.startsWith(cut) && size <= 1024 && size > 1024 - 4, piece)
      assert.equal(Buffer.from(cut).toString().endsWith('�'), piece === '\ud800', piece)
    }
  })

  test('stays whole when it fits to the byte', () => {
    assert.equal(cutText('ä'.repeat(512), 1024), 'ä'.repeat(512))
    assert.equal(cutText('', 1024), '')
  })
})

test('counts and settings of a summary are sorted by name, and levels by gravity', () => {
  const text = summaryText(summary)
  assert.deepEqual(Object.keys(JSON.parse(text).evidence.byDetector), ['a', 'b'])
  assert.deepEqual(Object.keys(JSON.parse(text).evidence.byLevel), ['info', 'high'])
  assert.deepEqual(Object.keys(JSON.parse(text).settings), ['detectors', 'homeNetworks', 'windowMinutes'])
  assert.ok(text.endsWith('}\n'))
})

type Json = Readonly<Record<string, unknown>>

/** The places in a JSON Schema where a field is not described, or an object allows anything. */
function undescribed(schema: Json, path: string): readonly string[] {
  const found: string[] = []
  if (schema.type === 'object' && schema.additionalProperties === undefined) found.push(`${path} is open`)
  for (const [key, group] of Object.entries(schema)) {
    if (key === 'properties' || key === '$defs') {
      for (const [name, part] of Object.entries(asObject(group))) {
        const inner = asObject(part)
        if (typeof inner.description !== 'string') found.push(`${path}/${name} is not described`)
        found.push(...undescribed(inner, `${path}/${name}`))
      }
    } else if (key === 'items' || key === 'additionalProperties') {
      found.push(...undescribed(asObject(group), `${path}/${key}`))
    }
  }
  return found
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
