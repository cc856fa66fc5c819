import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connLogs, findMaker, inputFile, type Maker } from './input-file.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'weir-input-'))
after(() => rmSync(folder, { recursive: true }))

test('without captures the generator of the project makes the file, with as many connections as asked for', () => {
  const maker = findMaker(root, join(folder, 'none'), join(folder, 'none'))
  assert.equal(maker.name, 'tests/generate/big-conn.ts')
  const path = inputFile(maker, 500, 20, join(folder, 'cache'))
  const lines = readFileSync(path, 'utf8').split('\n')
  assert.equal(lines.filter((line) => line !== '' && !line.startsWith('#')).length, 500)
})

test('with captures and their script these are used, joined by commas', () => {
  mkdirSync(join(folder, 'data/labelled/one'), { recursive: true })
  mkdirSync(join(folder, 'data/labelled/two/data'), { recursive: true })
  for (const name of ['one/conn.log', 'one/dns.log', 'one/labeled-conn.log', 'two/data/conn.log.labeled']) {
    writeFileSync(join(folder, 'data/labelled', name), '')
  }
  writeFileSync(join(folder, 'make-big-conn.mjs'), '')
  const sources = ['one/conn.log', 'two/data/conn.log.labeled'].map((name) =>
    join(folder, 'data/labelled', name),
  )
  assert.deepEqual(connLogs(join(folder, 'data/labelled')), sources)
  const maker = findMaker(root, folder, join(folder, 'data'))
  assert.match(maker.name, /2 captures/)
  assert.deepEqual(maker.command(5, 2, 'out', 1).slice(2), [sources.join(','), '5', '2', 'out', '1'])
})

test('a file is made once, and not at all when its making fails', () => {
  const cache = join(folder, 'once')
  const script = (code: string): Maker => ({
    name: 'script',
    fingerprint: 'x',
    command: (_count, _hosts, path) => [process.execPath, '-e', code, path],
  })
  const half = "require('fs').writeFileSync(process.argv[1], 'half'); "
  assert.throws(() => inputFile(script(`${half} process.exit(1)`), 1, 1, cache), /script failed/)
  assert.deepEqual(readdirSync(cache), [])
  const path = inputFile(script(half), 1, 1, cache)
  assert.equal(readFileSync(path, 'utf8'), 'half')
  assert.equal(inputFile(script('process.exit(1)'), 1, 1, cache), path)
})
