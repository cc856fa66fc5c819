import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { zeekParser } from './zeek.ts'

const cases = join(import.meta.dirname, 'testdata', 'zeek')

function linesOf(text: string): string[] {
  return text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
}

/** What a file becomes, one JSON line for each of its lines; `observedMs` is the reader's. */
function parsedLines(text: string, fileName: string): string[] {
  const lines = zeekParser.open({ site: 'lab', timezoneMinutes: 0, fileName })
  return linesOf(text).map((line, i) =>
    JSON.stringify(lines.line(line, i + 1), (key, value: unknown) =>
      key === 'observedMs' ? undefined : value,
    ),
  )
}

describe('each case under testdata/zeek comes out as expected, line by line', () => {
  for (const name of readdirSync(cases)) {
    test(name, () => {
      const input = readFileSync(join(cases, name, 'input.log'), 'utf8')
      const expected = join(cases, name, 'expected.jsonl')
      assert.ok(existsSync(expected), `${expected} is missing: write down what must come out`)
      assert.deepEqual(
        parsedLines(input, 'input.log').map((line): unknown => JSON.parse(line)),
        linesOf(readFileSync(expected, 'utf8')).map((line): unknown => JSON.parse(line)),
      )
    })
  }
})

test('the cases show every kind of record it says it makes, and no other', () => {
  const made = new Set<string>()
  for (const name of readdirSync(cases)) {
    for (const line of linesOf(readFileSync(join(cases, name, 'expected.jsonl'), 'utf8'))) {
      const { kind }: { kind: string } = JSON.parse(line)
      if (kind !== 'skip' && kind !== 'reject') made.add(kind)
    }
  }
  assert.deepEqual([...made].sort(), [...zeekParser.makes].sort())
})

describe('recognises', () => {
  test('a Zeek log by its header or its first object, whatever stands before it', () => {
    for (const lines of [
      ['#separator \\x09', '#fields\tts'],
      ['#fields\tts\tuid'],
      ['#fields  ts  uid'],
      ['', '# a comment', '#separator |'],
      ['\ufeff#separator \\x09'],
      ['{"ts":1.5,"uid":"C1"}'],
      ['### made by a tool', '{"_path":"conn"}'],
      ['  {"ts":null}'],
    ]) {
      assert.equal(zeekParser.recognises(lines), true, lines.join('\n'))
    }
  })

  test('nothing else', () => {
    for (const lines of [
      [],
      [''],
      ['# only a comment'],
      ['Lorem ipsum'],
      ['StartTime,Dur,Proto'],
      ['{"event_type":"flow","timestamp":"2024-03-04T00:00:00Z"}'],
      ['{"event_type":"flow","ts":1}'],
      ['{"a":1}'],
      ['[{"ts":1}]'],
      ['{"ts":1'],
      ['1709510400.5\tC1\t10.0.0.5'],
      ['ts,sa,da'],
    ]) {
      assert.equal(zeekParser.recognises(lines), false, lines.join('\n'))
    }
  })
})

test('the file name tells the kind of rows that do not', () => {
  const row = '{"ts":1.5,"uid":"C1","id.orig_h":"10.0.0.5","id.resp_h":"10.0.0.1"}'
  const kindOf = (fileName: string): string => {
    const parsed: unknown = JSON.parse(parsedLines(row, fileName)[0] ?? '')
    return typeof parsed === 'object' && parsed !== null && 'kind' in parsed ? String(parsed.kind) : ''
  }
  assert.equal(kindOf('conn.2022-05-11-14-43-20.log'), 'conn')
  assert.equal(kindOf('conn.log.labeled'), 'conn')
  assert.equal(kindOf('ssl.00:00:00-01:00:00.log.gz'), 'tls')
  assert.equal(kindOf('labeled-dns.log'), 'dns')
  assert.equal(kindOf('pe.log'), 'skip')
  assert.equal(kindOf('%%%...'), 'skip')
  assert.equal(kindOf(''), 'skip')
})

test('labels come through from a labelled, rotated log', () => {
  const text =
    '#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tconn_state\tlabel\tdetailedlabel\n1.5\tC1\t10.0.0.5\t10.0.0.1\tSF\tMalicious\tC&C\n'
  const parsed: unknown = JSON.parse(parsedLines(text, 'conn.log.labeled')[2] ?? '')
  assert.partialDeepStrictEqual(parsed, { kind: 'conn', label: 'Malicious', labelDetail: 'C&C' })
})

test('the record is stamped with its own time until the reader knows better', () => {
  const lines = zeekParser.open({ site: 'lab', timezoneMinutes: 0, fileName: 'conn.log' })
  const parsed = lines.line('{"ts":1.5,"id.orig_h":"10.0.0.5","id.resp_h":"10.0.0.1"}', 1)
  assert.partialDeepStrictEqual(parsed, { kind: 'conn', tsMs: 1500, observedMs: 1500 })
})

test('times without a zone are read in the zone of the sensor', () => {
  const lines = zeekParser.open({ site: 'lab', timezoneMinutes: 120, fileName: 'conn.log' })
  const parsed = lines.line('{"ts":"2024-03-04T02:00:00","id.orig_h":"10.0.0.5","id.resp_h":"10.0.0.1"}', 1)
  assert.partialDeepStrictEqual(parsed, { tsMs: Date.UTC(2024, 2, 4) })
})

test('two files read at once do not share a header', () => {
  const options = { site: 'lab', timezoneMinutes: 0, fileName: 'conn.log' }
  const one = zeekParser.open(options)
  const other = zeekParser.open(options)
  one.line('#fields\tts\tid.orig_h\tid.resp_h', 1)
  assert.equal(other.line('1.5\t10.0.0.5\t10.0.0.1', 1).kind, 'reject')
  assert.equal(one.line('1.5\t10.0.0.5\t10.0.0.1', 2).kind, 'conn')
})

test('a header of more columns than any log has is refused, and so are its rows, until a good one', () => {
  const lines = zeekParser.open({ site: 'lab', timezoneMinutes: 0, fileName: 'conn.log' })
  const many = Array.from({ length: 10_001 }, (_, i) => `c${i}`).join('\t')
  assert.deepEqual(lines.line(`#fields\tts\t${many}`, 1), { kind: 'reject', reason: 'bad-header' })
  assert.deepEqual(lines.line(`1.5\t${many}`, 2), { kind: 'reject', reason: 'no-header' })
  assert.equal(lines.line('#fields\tts\tid.orig_h\tid.resp_h', 3).kind, 'skip')
  assert.equal(lines.line('1.5\t10.0.0.5\t10.0.0.1', 4).kind, 'conn')
})

test('deep nesting, NUL bytes and very long lines are values like any other', () => {
  const lines = zeekParser.open({ site: 'lab', timezoneMinutes: 0, fileName: 'conn.log' })
  const head = '{"ts":1.5,"id.orig_h":"10.0.0.5","id.resp_h":"10.0.0.1"'
  assert.notEqual(lines.line(`${head},"x":${'['.repeat(500_000)}`, 1).kind, 'conn')
  assert.notEqual(lines.line(`${head},"x":${'{"x":'.repeat(200_000)}1`, 2).kind, 'conn')
  assert.equal(lines.line(`${head},"uid":"a\\u0000b","history":"${'S'.repeat(1_000_000)}"}`, 3).kind, 'conn')
  assert.equal(lines.line('\0'.repeat(1_000_000), 4).kind, 'reject')
})
