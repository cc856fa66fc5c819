import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { LineFile } from './line-file.ts'

const isUnwritable = (error: unknown): boolean =>
  error instanceof WeirError && error.code === 'CONSOLE_UNWRITABLE'

describe('a file of lines', () => {
  test('holds every line once it is closed, and takes no more', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-lines-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'x')
    const file = LineFile.create(path)
    const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} é`)
    for (const line of lines) file.write(line)
    file.close()
    file.write('late')
    file.close()
    file.discard()
    assert.equal(readFileSync(path, 'utf8'), `${lines.join('\n')}\n`)
  })

  test('is gone when it is discarded', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-lines-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'x')
    const file = LineFile.create(path)
    file.write('x'.repeat(100_000))
    file.discard()
    file.write('late')
    file.close()
    assert.equal(existsSync(path), false)
  })

  test('says in a sentence that the disk is full', {
    skip: !existsSync('/dev/full') && 'needs /dev/full',
  }, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-lines-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'full')
    symlinkSync('/dev/full', path)
    const file = LineFile.create(path)
    file.write('x')
    assert.throws(
      () => file.close(),
      (error) => isUnwritable(error) && error instanceof Error && error.message.endsWith('the disk is full'),
    )
    file.discard()
    assert.equal(existsSync(path), false)
    assert.ok(existsSync('/dev/full'))
  })

  test('cannot be made where there is no folder', () => {
    assert.throws(() => LineFile.create(join(tmpdir(), 'weir-no-such-folder', 'x')), isUnwritable)
  })
})
