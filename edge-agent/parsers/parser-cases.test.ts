import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { argusParser } from './argus.ts'
import { nfdumpCsvParser } from './nfdump-csv.ts'
import { nfdumpTextParser } from './nfdump-text.ts'
import type { Parsed, Parser } from './parser.ts'
import { suricataParser } from './suricata.ts'

/**
 * Cases as data: `testdata/<id>/<case>/input.log`, and in `expected.jsonl` what becomes of each of its lines, in JSON; a list
 * where a line tells of several messages. A parser joins by its name here.
 */
const parsers: readonly Parser[] = [argusParser, suricataParser, nfdumpCsvParser, nfdumpTextParser]

const options = { site: 'lab', timezoneMinutes: 0, fileName: 'input.log' }

function linesOf(file: URL): string[] {
  return readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
}

function casesOf(id: string): { name: string; input: string[]; expected: string[] }[] {
  const folder = new URL(`testdata/${id}/`, import.meta.url)
  return readdirSync(folder).map((name) => ({
    name,
    input: linesOf(new URL(`${name}/input.log`, folder)),
    expected: linesOf(new URL(`${name}/expected.jsonl`, folder)),
  }))
}

/** Through JSON, so that what is compared is what is shipped. */
function told(parsed: Parsed): unknown {
  return JSON.parse(JSON.stringify(parsed.kind === 'several' ? parsed.records : parsed))
}

/** Two rounds of xorshift a number: the same mutations in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const scraps = [
  '',
  ',',
  '\t',
  '"',
  '{',
  '}',
  '[',
  ':',
  '-1',
  '1e999',
  'NaN',
  '0x',
  '%',
  '\u0000',
  '🦊',
  '9'.repeat(40),
]

function mutated(line: string, random: (below: number) => number): string {
  const at = random(line.length + 1)
  const length = random(6)
  const scrap = scraps[random(scraps.length)] ?? ''
  switch (random(4)) {
    case 0:
      return line.slice(0, at)
    case 1:
      return line.slice(0, at) + scrap + line.slice(at + length)
    case 2:
      return line.slice(0, at) + line.slice(random(line.length + 1))
    default:
      return line.slice(0, at) + String.fromCharCode(random(0x250)) + line.slice(at)
  }
}

function assertIsFate(parsed: Parsed, line: string): void {
  const records = parsed.kind === 'several' ? parsed.records : [parsed]
  assert.ok(records.length > 0, line)
  for (const record of records) {
    if (record.kind === 'skip' || record.kind === 'reject') {
      assert.match(record.reason, /^[a-z0-9]+(?:-[a-z0-9]+)*$/, line)
      continue
    }
    assert.ok(record.tsMs >= 0 && Number.isFinite(record.tsMs), line)
    assert.ok(record.srcIp !== '' && record.uid !== '', line)
    for (const port of [record.srcPort, record.dstPort]) {
      assert.ok(port === null || (Number.isInteger(port) && port >= 0 && port <= 65_535), line)
    }
    if (record.kind === 'conn') {
      for (const number of [record.srcPkts, record.dstPkts, record.srcBytes, record.dstBytes]) {
        assert.ok(Number.isSafeInteger(number) && number >= 0, line)
      }
      assert.ok(record.durationMs >= 0 && Number.isFinite(record.durationMs), line)
    }
  }
}

for (const parser of parsers) {
  const cases = casesOf(parser.id)

  describe(parser.id, () => {
    for (const { name, input, expected } of cases) {
      it(`gives each line of ${name} the fate written down for it`, () => {
        const reader = parser.open(options)
        assert.equal(input.length, expected.length)
        input.forEach((line, i) => {
          assert.deepEqual(told(reader.line(line, i + 1)), JSON.parse(expected[i] ?? ''), line)
        })
      })

      it(`is alone in recognising ${name}`, () => {
        const by = parsers.filter((other) => other.recognises(input)).map((other) => other.id)
        assert.deepEqual(by, [parser.id])
      })
    }

    it('makes the kinds of record it says it makes, and no other', () => {
      const made = new Set<string>()
      for (const line of cases.flatMap(({ expected }) => expected)) {
        const fate: unknown = JSON.parse(line)
        for (const one of Array.isArray(fate) ? fate : [fate]) {
          if (one.kind !== 'skip' && one.kind !== 'reject') made.add(one.kind)
        }
      }
      assert.deepEqual([...made].sort(), [...parser.makes].sort())
    })

    it('recognises nothing that is not its own', () => {
      const strangers: readonly (readonly string[])[] = [
        [],
        [''],
        ['# nothing but a remark'],
        ['Dear all,', 'the flows went from a -> b, then to c, d, e, f, g and h, as StartTime was set.'],
        ['name,age,city', 'Ada,36,London'],
        ['version account-id interface-id srcaddr dstaddr srcport dstport protocol'],
        ['#separator \\x09', '#fields\tts\tuid\tid.orig_h', '1.5\tC1\t192.0.2.1'],
        ['{"ts":1.5,"uid":"C1","id.orig_h":"192.0.2.1"}'],
        ['{"event_type":', '{}'],
        ['1.5\tC1\t192.0.2.1\t1\t192.0.2.2\t2\ttcp\t-\t-\t-\t-\tS0\t-\t-\t0\tS\t1\t40\t0\t0\t-'],
        ['\u0000\u0001\u0002'],
        ['Date,Open,High,Low,Close,Volume', '2019-04-04,1,2,3,4,5'],
      ]
      for (const lines of strangers) assert.equal(parser.recognises(lines), false, lines.join('\n'))
    })

    it('never throws and never makes a broken record of a damaged line', () => {
      const random = seeded(20_240_501)
      for (let round = 0; round < 40; round++) {
        for (const { input } of cases) {
          const reader = parser.open(options)
          input.forEach((line, i) => {
            const damaged = random(3) === 0 ? line : mutated(line, random)
            assertIsFate(reader.line(damaged, i + 1), damaged)
          })
          parser.recognises(input.map((line) => mutated(line, random)))
        }
      }
    })

    it('gives the same record for the same line, and another id on another line', () => {
      for (const { input } of cases) {
        const one = parser.open(options)
        const other = parser.open(options)
        assert.deepEqual(
          input.map((line, i) => one.line(line, i + 1)),
          input.map((line, i) => other.line(line, i + 1)),
        )
      }
    })

    it('takes as long a line as comes, in time that grows with its length', () => {
      const reader = parser.open(options)
      for (const stuff of ['1', ',', '\t', '{', '"', ' ', '1 ', '->', '[', 'S_', ':']) {
        assertIsFate(reader.line(stuff.repeat(200_000), 1), stuff)
        assertIsFate(reader.line(`1${stuff.repeat(200_000)}`, 2), stuff)
      }
    })
  })
}

describe('zone-less times', () => {
  it('are read in the zone that the options tell', () => {
    for (const parser of [argusParser, nfdumpCsvParser, nfdumpTextParser]) {
      const [first] = casesOf(parser.id).filter(({ name }) => name !== 'other-columns-and-joined-files')
      assert.ok(first)
      const utc = parser.open(options)
      const east = parser.open({ ...options, timezoneMinutes: 120 })
      let compared = 0
      first.input.forEach((line, i) => {
        const here = utc.line(line, i + 1)
        const there = east.line(line, i + 1)
        if (here.kind !== 'conn' || there.kind !== 'conn' || /^\d{13}|^1,/.test(line)) return
        if (/^\d{4}/.test(line) && !/^\d{10}/.test(line)) {
          assert.equal(here.tsMs - there.tsMs, 7_200_000, line)
          compared++
        }
      })
      assert.ok(compared > 0, parser.id)
    }
  })
})
