import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attackVersion, techniques } from './attack.ts'
import {
  alertLine,
  type CanonicalEvidence,
  evidenceLine,
  parseAlertLine,
  parseEvidenceLine,
} from './canonical.ts'
import { alertCodec, evidenceCodec } from './codec.ts'
import { formatIsoTime, parseIsoTime } from './iso-time.ts'
import { sampleAlert, sampleEvidence } from './sample-records.ts'
import { SchemaError } from './schema-error.ts'

const { observedMs: _, ...evidence } = sampleEvidence
const { observedMs: __, ...alert } = sampleAlert

describe('evidence lines', () => {
  test('the fields come in the published order, without observedMs', () => {
    assert.equal(
      Object.keys(JSON.parse(evidenceLine(sampleEvidence))).join(' '),
      'id type detector detectorVersion level confidence ts site profile window attacker victim src dst proto uids ' +
        'communityId techniques attackVersion description facts related',
    )
  })

  test('a line is read back as the evidence it was written from, and written again as the same bytes', () => {
    const bare: CanonicalEvidence = {
      ...evidence,
      victim: null,
      src: null,
      dst: null,
      facts: {},
      techniques: [],
    }
    for (const original of [evidence, bare]) {
      const back = parseEvidenceLine(evidenceLine(original))
      assert.deepEqual(back, original)
      assert.equal(evidenceLine(back), evidenceLine(original))
    }
  })

  test('evidence that has been through its bytes gives the same line', () => {
    const back = evidenceCodec.decode(evidenceCodec.encode(sampleEvidence))
    assert.equal(evidenceLine(back), evidenceLine(sampleEvidence))
  })

  test('the order in which the fields and facts were set does not show', () => {
    const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse())
    const facts: CanonicalEvidence['facts'] = reversed(evidence.facts)
    const attacker = { value: evidence.attacker.value, type: 'ip', direction: 'src' } as const
    assert.equal(evidenceLine({ ...evidence, facts, attacker }), evidenceLine(evidence))
  })

  test('a technique has its name and tactic, and an unknown one its id and an empty name', () => {
    const line = JSON.parse(evidenceLine({ ...evidence, techniques: ['T1595.001', 'T9999'] }))
    assert.deepEqual(line.techniques, [
      { id: 'T1595.001', name: 'Active Scanning: Scanning IP Blocks', tactic: 'reconnaissance' },
      { id: 'T9999', name: '' },
    ])
    assert.equal(line.attackVersion, attackVersion)
  })

  test('a number that JSON cannot hold is refused instead of becoming null', () => {
    for (const wrong of [{ confidence: Number.NaN }, { facts: { rate: Number.POSITIVE_INFINITY } }]) {
      assert.throws(() => evidenceLine({ ...evidence, ...wrong }), hasCode('SCHEMA_NOT_ENCODABLE'))
    }
  })

  test('a line without one of its fields, or with one of another type, is refused by its name', () => {
    const line: Record<string, unknown> = JSON.parse(evidenceLine(evidence))
    for (const name of Object.keys(line)) {
      if (name === 'attackVersion') continue
      const { [name]: ___, ...rest } = line
      for (const broken of [rest, { ...rest, [name]: { never: [] } }, { ...rest, [name]: 1.5 }]) {
        if (name === 'confidence' && broken[name] === 1.5) continue
        assert.throws(
          () => parseEvidenceLine(JSON.stringify(broken)),
          hasCode('SCHEMA_BAD_LINE'),
          JSON.stringify({ [name]: broken[name] }),
        )
      }
    }
    for (const text of ['', 'null', '[]', '{', '7']) {
      assert.throws(() => parseEvidenceLine(text), hasCode('SCHEMA_BAD_LINE'), text)
    }
  })

  test('a fact named __proto__ is refused', () => {
    const line = evidenceLine({ ...evidence, facts: { x: 1 } }).replace('"x":1', '"__proto__":1')
    assert.throws(() => parseEvidenceLine(line), hasCode('SCHEMA_BAD_LINE'))
  })
})

describe('alert lines', () => {
  test('the fields come in the published order, without observedMs', () => {
    assert.equal(
      Object.keys(JSON.parse(alertLine(sampleAlert))).join(' '),
      'id revision status ts site profile window weight threshold level confidence evidence techniques attackVersion ' +
        'description',
    )
  })

  test('a line is read back as the alert it was written from, and written again as the same bytes', () => {
    const back = parseAlertLine(alertLine(alert))
    assert.deepEqual(back, alert)
    assert.equal(
      alertLine(alertCodec.decode(alertCodec.encode({ ...back, observedMs: 0 }))),
      alertLine(alert),
    )
  })

  test('a line with an unknown status or a broken window is refused', () => {
    const line = alertLine(alert)
    for (const [from, to] of [
      ['"open"', '"new"'],
      ['"start":"2024-03-04', '"start":"2024-02-30'],
      ['"revision":3', '"revision":3.5'],
    ] as const) {
      const broken = line.replace(from, to)
      assert.notEqual(broken, line)
      assert.throws(() => parseAlertLine(broken), hasCode('SCHEMA_BAD_LINE'), to)
    }
  })
})

describe('ISO times', () => {
  test('a time has six decimals and comes back to the same number, before 1970 and after 2100 as well', () => {
    for (const [micros, text] of [
      [1_709_510_400_123_456, '2024-03-04T00:00:00.123456Z'],
      [0, '1970-01-01T00:00:00.000000Z'],
      [-1, '1969-12-31T23:59:59.999999Z'],
      [4_417_084_800_000_001, '2109-12-21T16:00:00.000001Z'],
    ] as const) {
      assert.equal(formatIsoTime(micros / 1000), text)
      assert.equal(parseIsoTime(text), micros / 1000)
    }
  })

  test('any other way to write a time is not one of ours', () => {
    for (const text of [
      '2024-03-04T00:00:00.123Z',
      '2024-03-04T00:00:00.123456+00:00',
      '2024-03-04 00:00:00.123456Z',
      '2024-02-30T00:00:00.123456Z',
      '2024-03-04T24:00:00.000000Z',
      '',
    ]) {
      assert.equal(parseIsoTime(text), null, text)
    }
  })

  test('a time outside the years 0 to 9999 is refused', () => {
    for (const ms of [Date.parse('9999-12-31T23:59:59Z') + 1000, -62_167_219_200_001, Number.NaN, 1e300]) {
      assert.throws(() => formatIsoTime(ms), hasCode('SCHEMA_NOT_ENCODABLE'), String(ms))
    }
  })
})

test('the technique table is sorted, and a sub-technique begins with the name of its parent', () => {
  const ids = [...techniques.keys()]
  assert.deepEqual(ids, [...ids].sort())
  for (const [id, { name }] of techniques) {
    assert.match(id, /^T\d{4}(\.\d{3})?$/)
    assert.equal(id.includes('.'), name.includes(': '), id)
    const parent = techniques.get(id.slice(0, 5))
    if (id.includes('.') && parent !== undefined) assert.ok(name.startsWith(`${parent.name}: `), id)
  }
})

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SchemaError && error.code === code
}
