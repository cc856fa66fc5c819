import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { ResultFiles } from './result-files.ts'

let folder = ''
beforeEach((t) => {
  folder = mkdtempSync(join(tmpdir(), 'weir-results-'))
  if ('after' in t) t.after(() => rmSync(folder, { recursive: true, force: true }))
})

const isUnwritable = (error: unknown): boolean =>
  error instanceof WeirError && error.code === 'CONSOLE_UNWRITABLE'

describe('result files', () => {
  test('take the place of the ones before when published, and not sooner', () => {
    writeFileSync(join(folder, 'alerts.jsonl'), 'old\n')
    const results = ResultFiles.create(folder)
    results.open('alerts.jsonl').write('new')
    results.open('rejects.jsonl')
    assert.equal(readFileSync(join(folder, 'alerts.jsonl'), 'utf8'), 'old\n')
    results.publish()
    results.discard()
    assert.equal(readFileSync(join(folder, 'alerts.jsonl'), 'utf8'), 'new\n')
    assert.deepEqual(readdirSync(folder), ['alerts.jsonl', 'rejects.jsonl'])
  })

  test('leave nothing behind when discarded, not even the folders made for them', () => {
    const inner = join(folder, 'a', 'b')
    const results = ResultFiles.create(inner)
    results.open('alerts.jsonl').write('new')
    assert.deepEqual(readdirSync(inner), [`alerts.jsonl.${process.pid}.tmp`])
    results.discard()
    assert.deepEqual(readdirSync(folder), [])
  })

  test('leave a folder alone into which someone else has put something, and one that was there', () => {
    const inner = join(folder, 'a', 'b')
    const results = ResultFiles.create(inner)
    writeFileSync(join(inner, 'notes'), '')
    results.discard()
    assert.deepEqual(readdirSync(inner), ['notes'])
    ResultFiles.create(folder).discard()
    assert.ok(existsSync(folder))
  })

  test('sweep out what a killed analysis left, and nothing else: not what one at work is writing', () => {
    // Above the largest id that Linux gives.
    const gone = 4_194_305
    const kept = [`alerts.jsonl.${process.pid}.tmp`, 'evidence.jsonl.1.tmp.txt', 'my.1.tmp', 'summary.json']
    for (const name of [...kept, `alerts.jsonl.${gone}.tmp`, `evidence.12.run.${gone}.tmp`]) {
      writeFileSync(join(folder, name), '')
    }
    ResultFiles.create(folder)
    assert.deepEqual(readdirSync(folder).sort(), kept.sort())
  })

  test('are refused before any work where a folder bears the name of a file, or a file that of the folder', () => {
    mkdirSync(join(folder, 'alerts.jsonl'))
    assert.throws(() => ResultFiles.create(folder).open('alerts.jsonl'), isUnwritable)
    writeFileSync(join(folder, 'file'), '')
    for (const path of ['file', 'file/out'])
      assert.throws(() => ResultFiles.create(join(folder, path)), isUnwritable)
  })

  test('are refused where the system makes no folders, which Node would try for ever', {
    skip: !existsSync('/proc/self') && 'needs /proc',
  }, () => {
    assert.throws(() => ResultFiles.create('/proc/weir/out'), isUnwritable)
  })
})
