import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderWith, run, scanLog } from '../testing/weir-run.ts'

test('a database that is missing is said once and stands in the summary, and the analysis goes on', (t) => {
  const folder = folderWith(t, { 'conn.log': scanLog(20) })
  const { status, err } = run(folder, ['analyze', 'conn.log', '--geo', 'none.mmdb'])
  assert.equal(status, 0)
  assert.equal(err.match(/none\.mmdb/g)?.length, 1)
  assert.match(readFileSync(join(folder, 'out/summary.json'), 'utf8'), /"geo": "absent: it does not exist"/)
})

test('what services said of an analysis before does not stand beside the next', (t) => {
  const folder = folderWith(t, { 'conn.log': scanLog(20), 'out/enrichment.jsonl': '{}\n' })
  assert.equal(run(folder, ['analyze', 'conn.log']).status, 0)
  assert.equal(existsSync(join(folder, 'out/enrichment.jsonl')), false)
})

test('a look-up without its key, one that does not exist and none at all are refused before anything is read', (t) => {
  const folder = folderWith(t, { 'conn.log': scanLog(20) })
  for (const parameters of [
    ['analyze', 'conn.log', '--enrich-online', 'virustotal'],
    ['analyze', 'conn.log', '--enrich-online', 'virustotl'],
    ['enrich', 'out'],
  ]) {
    const { status, err } = run(folder, parameters)
    assert.equal(status, 2, err)
    assert.equal(existsSync(join(folder, 'out')), false)
  }
})

test('a server that is none is refused, and one that cannot be reached has no fingerprint', (t) => {
  const folder = folderWith(t)
  assert.equal(run(folder, ['intel', 'jarm', 'not a host']).status, 2)
  const { status, out } = run(folder, ['intel', 'jarm', '127.0.0.1:1'])
  assert.equal(status, 0)
  assert.match(out, /^127\.0\.0\.1:1 {2}cannot be connected to/)
})
