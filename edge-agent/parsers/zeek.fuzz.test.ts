import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Parsed } from './parser.ts'
import { zeekParser } from './zeek.ts'

const seed = Number(process.env.WEIR_SEED ?? 20_240_304)
const cases = join(import.meta.dirname, 'testdata', 'zeek')

/** Mulberry32: whole numbers below a bound. */
function randoms(from: number): (below: number) => number {
  let state = from >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const pieces = [
  '\t',
  '  ',
  '-',
  '(empty)',
  ',',
  '\0',
  '\\x',
  '\\xff',
  '\\',
  '"',
  '{',
  '}',
  '[',
  ']',
  ':',
  '#',
  '#fields\t',
  '#separator ',
  '\ufeff',
  '\ud800',
  'ü',
  '漢',
  '__proto__',
  '"__proto__":{"ts":1}',
  'constructor',
  '1e999',
  '-1',
  '-0',
  '99999999999999999999',
  '253402300799',
  'NaN',
  'null',
  'true',
  '::',
  '1.2.3.4',
  '::ffff:1.2.3.4%x',
  '\r',
  '\u2028',
]

function mutated(line: string, random: (below: number) => number): string {
  let text = line
  for (let i = random(4); i >= 0; i--) {
    const from = random(text.length + 1)
    const to = Math.min(text.length, from + random(random(4) === 0 ? text.length + 1 : 4))
    const piece = random(3) === 0 ? String.fromCharCode(random(256)) : (pieces[random(pieces.length)] ?? '')
    text =
      text.slice(0, from) + piece.repeat(random(10) === 0 ? 50 : 1) + text.slice(random(2) === 0 ? to : from)
  }
  return text
}

/** What every record promises, whatever the line was. */
function check(parsed: Parsed, line: string): void {
  if (parsed.kind === 'skip' || parsed.kind === 'reject') {
    assert.match(parsed.reason, /^[a-z0-9_-]{1,40}$/, line)
    return
  }
  assert.notEqual(parsed.kind, 'several', line)
  if (parsed.kind === 'several') return
  const micros = Math.round(parsed.tsMs * 1000)
  assert.ok(parsed.tsMs >= 0 && parsed.tsMs < 4_102_444_800_000 && micros / 1000 === parsed.tsMs, line)
  // A certificate is of no host.
  assert.equal(parsed.srcIp === '', parsed.kind === 'certificate', line)
  assert.notEqual(parsed.uid, '', line)
  assert.equal(parsed.proto, parsed.proto.toLowerCase(), line)
  for (const value of Object.values(parsed)) {
    assert.notEqual(value, undefined, line)
    if (typeof value === 'number')
      assert.ok(Number.isFinite(value) && value >= 0 && !Object.is(value, -0), line)
  }
}

test(`no line makes the parser throw or break a record's promises (WEIR_SEED=${seed})`, () => {
  const random = randoms(seed)
  const reasons = new Set<string>()
  let records = 0
  for (const name of readdirSync(cases)) {
    const original = readFileSync(join(cases, name, 'input.log'), 'utf8').split('\n')
    for (let round = 0; round < 40; round++) {
      const lines = zeekParser.open({
        site: 'lab',
        timezoneMinutes: 0,
        fileName: mutated('conn.log', random),
      })
      original.forEach((line, i) => {
        // A header is left whole mostly: without one nothing else is tried.
        const changes = line.startsWith('#') ? random(20) === 0 : random(3) > 0
        const text = changes ? mutated(line, random) : line
        const parsed = lines.line(text, i + 1)
        check(parsed, text)
        if (parsed.kind === 'skip' || parsed.kind === 'reject') reasons.add(parsed.reason)
        else records++
      })
    }
  }
  assert.ok(records > 1000, `${records} records`)
  assert.ok(reasons.size < 40, [...reasons].join(' '))
})

test(`neither does a file of noise (WEIR_SEED=${seed})`, () => {
  const random = randoms(seed + 1)
  for (let file = 0; file < 200; file++) {
    const lines = zeekParser.open({ site: 'lab', timezoneMinutes: 0, fileName: '' })
    for (let n = 1; n <= 20; n++) {
      let text = random(3) === 0 ? '#' : ''
      for (let i = random(30); i > 0; i--) text += pieces[random(pieces.length)] ?? ''
      assert.equal(typeof zeekParser.recognises([text]), 'boolean')
      check(lines.line(text, n), text)
    }
  }
})
