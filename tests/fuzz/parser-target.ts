import assert from 'node:assert/strict'
import type { Draft, InputKind, Parsed } from '@weir/edge-agent'
import { parserOf, parsers } from '@weir/edge-agent'
import { recordKinds } from '@weir/schemas'
import { choice, type Target } from './target.ts'

/** No line may take longer, whatever is in it. */
const longestMs = 1000

const reasonForm = /^[a-z0-9][a-z0-9._-]{0,63}$/
const fileNames = [
  '',
  'conn.log',
  'dns.2023-11-14-22-00-00.log.gz',
  '__proto__.log',
  'other',
  '.log',
  'ssl.log.labeled',
]

/** Every line gets one fate in time, and a record is what its type says. */
export function parserTarget(name: string, kind: InputKind, seeds: readonly Buffer[]): Target {
  return {
    name,
    seeds,
    check(input) {
      const lines = input.toString('utf8').split('\n')
      for (const parser of parsers) parser.recognises(lines.slice(0, 100))
      for (const record of recordsOf(kind, input)) checkRecord(record)
      assert.equal(Reflect.get({}, 'polluted'), undefined, 'a line changed every object')
    },
  }
}

/** The records of all lines; throws when a line takes too long or its fate is none. */
export function recordsOf(kind: InputKind, input: Buffer): Draft[] {
  const parser = parserOf(kind).open({
    site: 'fuzz',
    timezoneMinutes: choice(input, 3) * 90 - 90,
    fileName: fileNames[choice(input, fileNames.length)] ?? '',
  })
  const records: Draft[] = []
  input
    .toString('utf8')
    .split('\n')
    .forEach((line, i) => {
      const start = performance.now()
      const parsed = parser.line(line, i + 1)
      const took = performance.now() - start
      assert.ok(took < longestMs, `line ${i + 1}, ${line.length} characters, took ${took.toFixed(0)} ms`)
      records.push(...fateOf(parsed))
    })
  return records
}

function fateOf(parsed: Parsed): readonly Draft[] {
  if (parsed.kind === 'skip' || parsed.kind === 'reject') {
    assert.match(parsed.reason, reasonForm)
    return []
  }
  if (parsed.kind !== 'several') return [parsed]
  assert.ok(parsed.records.length > 0, 'several records, and none')
  return parsed.records
}

function checkRecord(record: Draft): void {
  assert.ok(recordKinds.includes(record.kind), `kind ${record.kind}`)
  for (const [field, value] of Object.entries(record)) {
    if (typeof value === 'number') assert.ok(Number.isFinite(value), `${field} is ${value}`)
    else if (Array.isArray(value))
      assert.ok(value.every(isScalar), `${field} holds other than text and numbers`)
    else
      assert.ok(
        value === null || typeof value === 'string' || typeof value === 'boolean',
        `${field} is ${typeof value}`,
      )
  }
  checkTime('tsMs', record.tsMs)
  if (record.kind === 'conn') checkTime('durationMs', record.durationMs)
  for (const port of [record.srcPort, record.dstPort]) {
    assert.ok(port === null || (Number.isInteger(port) && port >= 0 && port <= 65_535), `port ${port}`)
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}

function checkTime(field: string, ms: number): void {
  assert.ok(ms >= 0 && ms < 4_102_444_800_000, `${field} is ${ms}`)
  assert.equal(Math.round(ms * 1000) / 1000, ms, `${field} is not whole in microseconds`)
}
