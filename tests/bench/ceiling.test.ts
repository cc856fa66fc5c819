import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { writeBigConn } from '../generate/big-conn.ts'
import { ceiling } from './ceiling.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-ceiling-'))
after(() => rmSync(folder, { recursive: true }))

test('the ceiling reads every line of the generated file, and the same the same way', () => {
  const path = join(folder, 'conn.log')
  writeBigConn(20_000, 300, path, 3)
  const first = ceiling(path)
  assert.equal(first.records, 20_000)
  assert.ok(first.hostHours > 300 && first.hostHours <= 300 * 25)
  assert.ok(first.pairs > 1_000)
  assert.deepEqual(ceiling(path), first)
})
