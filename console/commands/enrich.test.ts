import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ManualClock } from '@weir/topology/kit'
import { folderWith, run, scanLog } from '../testing/weir-run.ts'
import { progressOf } from './enrich.ts'

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

test('what was met is kept when it is asked for, and what an analysis before kept is gone when not', (t) => {
  const folder = folderWith(t, {
    'dns.log': `${JSON.stringify({
      ts: 1_709_546_410,
      uid: 'C1',
      'id.orig_h': '10.0.0.5',
      'id.orig_p': 40_000,
      'id.resp_h': '10.0.0.1',
      'id.resp_p': 53,
      proto: 'udp',
      query: 'www.example.com',
      qtype_name: 'A',
      rcode_name: 'NOERROR',
      answers: ['93.184.216.34'],
    })}\n`,
  })
  assert.equal(run(folder, ['analyze', 'dns.log', '--enrich-met']).status, 0)
  assert.match(
    readFileSync(join(folder, 'out/met.jsonl'), 'utf8'),
    /^\{"kind":"domain","value":"example\.com",/,
  )
  assert.equal(run(folder, ['analyze', 'dns.log']).status, 0)
  assert.equal(existsSync(join(folder, 'out/met.jsonl')), false)
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

test('input of which every line is rejected is no network without findings', (t) => {
  const folder = folderWith(t, { 'conn.log': scanLog(20) })
  for (const more of [['--quiet'], []]) {
    const { status, err } = run(folder, ['analyze', 'conn.log', '--input-kind', 'argus', ...more])
    assert.equal(status, 2)
    assert.match(err, /not one line of the inputs was read as a record: \d+ were rejected.*--input-kind/)
  }
  assert.ok(existsSync(join(folder, 'out/rejects.jsonl')))
})

test('neither is input of no log that is known; a quiet hour of a sensor is', (t) => {
  const lines = (fields: object) => `${JSON.stringify({ ts: 1_700_000_000.5, ...fields })}\n`.repeat(3)
  const folder = folderWith(t, {
    'sparse.json': lines({ uid: 'C1', version: 'TLSv12' }),
    'stats.log': lines({ peer: 'zeek', mem: 1 }),
    'blank.log': '#separator \\x09\n#path\tconn\n#fields\tts\tuid\n',
  })
  for (const more of [['--quiet'], []]) {
    const { status, err } = run(folder, ['analyze', 'sparse.json', ...more])
    assert.equal(status, 2)
    assert.match(err, /not one line of the inputs was read as a record: 3 are of no log that is known/)
  }
  for (const quiet of [['stats.log'], ['blank.log'], ['stats.log', 'sparse.json']]) {
    const { status, err } = run(folder, ['analyze', ...quiet])
    assert.equal(status, 0, err)
  }
})

test('a wrong name of a look-up points to the command and the option that were typed', (t) => {
  const { err } = run(folderWith(t, { 'conn.log': scanLog(2) }), ['enrich', 'out', '--online', 'virustotl'])
  assert.match(err, /--online 'virustotl'.*weir enrich --help/s)
  assert.doesNotMatch(err, /analyze|--enrich-online/)
})

test('a line now and then says how far slow look-ups are, and nothing is said of quick ones', () => {
  const clock = new ManualClock(0)
  let said = ''
  const tell = progressOf(
    {
      err: {
        write: (text) => {
          said += text
        },
      },
    },
    clock,
  )
  tell('reverse-dns', 0, 5, 600)
  tell('virustotal', 0, 100, 4)
  tell('virustotal', 1, 100, 4)
  clock.moveBy(45_000)
  tell('virustotal', 4, 100, 4)
  assert.equal(
    said,
    'weir: virustotal: 0 of 100 done, 4 a minute at most, 25 minutes to go at that\n' +
      'weir: virustotal: 4 of 100 done, 4 a minute at most, 24 minutes to go at that\n',
  )
})
