import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { zeekParser } from './zeek.ts'

const captures = process.env.WEIR_DATA ?? join(import.meta.dirname, '../../../shared/data')
const absent = existsSync(captures) ? false : `no captures at ${captures}: set WEIR_DATA to run this`

function filesUnder(folder: string): string[] {
  const path = join(captures, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.includes('.log') && !entry.name.includes('corrupt'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

type Ledger = { lines: number; records: number; skips: Map<string, number>; rejects: Map<string, number> }

function ledgerOf(path: string): Ledger {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const parser = zeekParser.open({ site: 'lab', timezoneMinutes: 0, fileName: basename(path) })
  const ledger: Ledger = { lines: lines.length, records: 0, skips: new Map(), rejects: new Map() }
  lines.forEach((line, i) => {
    const parsed = parser.line(line, i + 1)
    if (parsed.kind === 'skip') ledger.skips.set(parsed.reason, (ledger.skips.get(parsed.reason) ?? 0) + 1)
    else if (parsed.kind === 'reject')
      ledger.rejects.set(parsed.reason, (ledger.rejects.get(parsed.reason) ?? 0) + 1)
    else ledger.records++
  })
  return ledger
}

const sum = (counts: Map<string, number>): number => counts.values().reduce((a, b) => a + b, 0)

/** Files that are damaged on purpose, and what of them must be rejected. */
const damagedFiles: Readonly<Record<string, readonly string[]>> = {
  'text_file/conn.log': ['no-header'],
  'truncated/conn.log': ['too-few-columns'],
  // One of its ports is over 65535.
  'truncated/conn_json.log': ['bad-port', 'not-json'],
  'truncated/conn_top.log': ['no-header'],
}

describe('real captures', { skip: absent }, () => {
  for (const folder of ['odd-formats/zat', 'odd-formats/rita', 'labelled']) {
    test(`${folder}: every line has one fate, and no good line is rejected`, () => {
      const files = filesUnder(folder)
      assert.ok(files.length > 0, `${folder} holds no logs`)
      for (const path of files) {
        const ledger = ledgerOf(path)
        assert.equal(ledger.records + sum(ledger.skips) + sum(ledger.rejects), ledger.lines, path)
        const name = join(basename(dirname(path)), basename(path))
        const expected = damagedFiles[name] ?? []
        assert.deepEqual([...ledger.rejects.keys()].sort(), [...expected].sort(), path)
      }
    })
  }

  test('odd-formats/zeek-baseline: every line has one fate', () => {
    const files = filesUnder('odd-formats/zeek-baseline')
    assert.ok(files.length > 0)
    for (const path of files) {
      const ledger = ledgerOf(path)
      assert.equal(ledger.records + sum(ledger.skips) + sum(ledger.rejects), ledger.lines, path)
    }
  })

  test('labelled connections keep their labels', () => {
    const path = join(captures, 'labelled/iot23-34-1/conn.log.labeled')
    const parser = zeekParser.open({ site: 'lab', timezoneMinutes: 0, fileName: basename(path) })
    const labels = new Map<string, number>()
    readFileSync(path, 'utf8')
      .split('\n')
      .forEach((line, i) => {
        const parsed = parser.line(line, i + 1)
        if (parsed.kind === 'conn') labels.set(parsed.label, (labels.get(parsed.label) ?? 0) + 1)
      })
    assert.deepEqual([...labels.keys()].sort(), ['Benign', 'Malicious'])
    assert.equal(sum(labels), 23_145)
  })
})
