import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { SortedLines } from './sorted-lines.ts'

describe('sorted lines', () => {
  test('come out in the order of their keys, each key once, over many runs, and leave no file behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-sorted-'))
    const lines = new SortedLines(folder, 'evidence')
    const count = 50_000
    for (let i = 0; i < count; i++) {
      const n = (i * 7919) % count
      lines.add(String(n).padStart(8, '0'), `line ${n} é`)
    }
    lines.add('00000007', 'the same key again')
    assert.ok(readdirSync(folder).length >= 3)
    const seen: string[] = []
    lines.drain((line) => seen.push(line))
    assert.equal(seen.length, count)
    assert.deepEqual(seen.slice(0, 2), ['line 0 é', 'line 1 é'])
    assert.equal(seen[count - 1], `line ${count - 1} é`)
    assert.deepEqual(readdirSync(folder), [])
    rmSync(folder, { recursive: true })
  })

  test('nothing in, nothing out', () => {
    const seen: string[] = []
    new SortedLines(tmpdir(), 'nothing').drain((line) => seen.push(line))
    assert.deepEqual(seen, [])
  })
})
