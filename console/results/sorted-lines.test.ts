import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { SortedLines, type SortLimits } from './sorted-lines.ts'

const few: SortLimits = { lines: 100, characters: 1000, runs: 4 }

function folderFor(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-sorted-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('sorted lines', () => {
  test('come out in the order of their keys, each key once, over many runs, and leave no file behind', (t) => {
    const folder = folderFor(t)
    const lines = new SortedLines(folder, 'evidence', { lines: 1000, characters: 1_000_000, runs: 64 })
    const count = 20_000
    for (let i = 0; i < count; i++) {
      const n = (i * 7919) % count
      lines.add(String(n).padStart(8, '0'), `line ${n} é`)
    }
    lines.add('00000007', 'the same key again')
    assert.ok(readdirSync(folder).length >= 3)
    const seen: string[] = []
    const surplus: string[] = []
    lines.drain(
      (line) => seen.push(line),
      (line) => surplus.push(line),
    )
    assert.equal(seen.length, count)
    assert.deepEqual(seen.slice(0, 2), ['line 0 é', 'line 1 é'])
    assert.equal(seen[count - 1], `line ${count - 1} é`)
    assert.deepEqual(surplus, ['the same key again'])
    assert.deepEqual(readdirSync(folder), [])
  })

  test('of one key the least is written, whatever came first and wherever it was put aside', (t) => {
    const folder = folderFor(t)
    for (const order of [
      ['b', 'a', 'c'],
      ['c', 'b', 'a'],
      ['a', 'c', 'b'],
    ]) {
      const lines = new SortedLines(folder, 'evidence', few)
      for (const line of order) {
        lines.add('key', line)
        lines.add(`z${line}`, 'x'.repeat(1000))
      }
      const seen: string[] = []
      const surplus: string[] = []
      lines.drain(
        (line) => seen.push(line.slice(0, 10)),
        (line) => surplus.push(line),
      )
      assert.equal(seen[0], 'a')
      assert.deepEqual(surplus, ['b', 'c'])
    }
  })

  test('many characters are put aside like many lines, and many runs become one', (t) => {
    const folder = folderFor(t)
    const lines = new SortedLines(folder, 'evidence', few)
    const count = 70
    let most = 0
    for (let i = count; i > 0; i--) {
      lines.add(String(i).padStart(4, '0'), `${i} ${'x'.repeat(600)}`)
      lines.add(String(i).padStart(4, '0'), `${i} ${'x'.repeat(600)}`)
      most = Math.max(most, readdirSync(folder).length)
    }
    assert.ok(most > 1 && most < few.runs, `${most} runs`)
    const seen: number[] = []
    lines.drain((line) => seen.push(Number.parseInt(line, 10)))
    assert.deepEqual(
      seen,
      Array.from({ length: count }, (_, i) => i + 1),
    )
    assert.deepEqual(readdirSync(folder), [])
  })

  test('nothing in, nothing out', () => {
    const seen: string[] = []
    new SortedLines(tmpdir(), 'nothing').drain((line) => seen.push(line))
    assert.deepEqual(seen, [])
  })

  test('discarded, they leave no file and take no more', (t) => {
    const folder = folderFor(t)
    const lines = new SortedLines(folder, 'evidence', few)
    for (let i = 0; i < 120; i++) lines.add(String(i), 'x')
    assert.equal(readdirSync(folder).length, 1)
    lines.discard()
    for (let i = 0; i < 120; i++) lines.add(String(i), 'x')
    assert.deepEqual(readdirSync(folder), [])
  })

  test('say in a sentence that there is no room to put them aside', () => {
    const lines = new SortedLines(join(tmpdir(), 'weir-no-such-folder'), 'evidence', few)
    assert.throws(
      () => {
        for (let i = 0; i < 120; i++) lines.add(String(i), 'x')
      },
      (error) => error instanceof WeirError && error.code === 'CONSOLE_UNWRITABLE',
    )
  })
})
