import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeBigConn } from './big-conn.ts'

function written(count: number, hosts: number, seed: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-big-conn-'))
  try {
    writeBigConn(count, hosts, join(folder, 'conn.log'), seed)
    return readFileSync(join(folder, 'conn.log'), 'latin1')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('the same seed writes the same day, another seed another', () => {
  assert.equal(written(2000, 50, 1), written(2000, 50, 1))
  assert.notEqual(written(2000, 50, 1), written(2000, 50, 2))
})

test('the lines are as many as asked, well-formed, in order of their end, and within one day', () => {
  const lines = written(20_000, 300, 5).trimEnd().split('\n')
  const columns = lines.find((line) => line.startsWith('#fields'))?.split('\t').length ?? 0
  const rows = lines.filter((line) => !line.startsWith('#')).map((line) => line.split('\t'))
  assert.equal(rows.length, 20_000)
  const day = Date.UTC(2024, 4, 13) / 1000
  let last = day
  for (const row of rows) {
    assert.equal(row.length, columns - 1)
    const start = Number(row[0])
    assert.ok(start >= day && start < day + 86_400)
    if (row[8] === '-') continue
    const end = start + Number(row[8])
    assert.ok(end >= last - 1e-5)
    last = end
  }
  assert.equal(new Set(rows.map((row) => row[1])).size, 20_000)
  assert.equal(new Set(rows.map((row) => row[2])).size, 300)
})
