/** `weir allowlist` and `weir intel --brokers`, as they are typed. Their topics are shared: what is put there is taken back. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { evidenceLine } from '@weir/schemas'
import { IndicatorStore } from '../../console/intel/indicator-store.ts'
import { keepProbes, probeIndicator } from '../../console/intel/keep-probes.ts'
import { evidence } from '../../console/testing/findings.ts'
import { folderWith, run } from '../../console/testing/weir-run.ts'
import { brokers } from './broker-under-test.ts'

const where = ['--brokers', brokers.join(',')]

describe('weir allowlist', () => {
  test('adds, lists, exports, imports and removes rules, and refuses what is none', (t) => {
    const folder = folderWith(t)
    const weir = (...words: readonly string[]) => run(folder, ['allowlist', ...words, ...where])
    const line = 'ip,192.0.2.77,src,alerts,2030-12-31T00:00:00.000Z,a scanner, of ours'
    const added = weir(
      'add',
      'ip',
      '192.0.2.77',
      '--direction',
      'src',
      '--expires',
      '2030-12-31',
      '--comment',
      'a scanner, of ours',
    )
    assert.deepEqual([added.status, added.out], [0, `${line}\n`], added.err)
    assert.ok(weir('list').out.split('\n').includes(line))
    assert.match(weir('list', '--json').out, /"comment":"a scanner, of ours"/)
    const bad = weir('add', 'ip', '192.0.2.300')
    assert.equal(bad.status, 2)
    assert.match(bad.err, /'192\.0\.2\.300' is not an address or CIDR/)

    const file = folderWith(t, {
      'quiet.csv': weir('export').out,
      'wrong.csv': 'ip,1.2.3.4,src,alerts\nnonsense\n',
    })
    assert.equal(weir('remove', 'ip', '192.0.2.77').out, `removed ${line}\n`)
    assert.ok(!weir('list').out.includes('192.0.2.77'))
    assert.equal(weir('remove', 'ip', '192.0.2.77').status, 2)
    const wrong = run(file, ['allowlist', 'import', 'wrong.csv', ...where])
    assert.equal(wrong.status, 2)
    assert.match(wrong.err, /wrong\.csv has wrong lines: line 2/)
    assert.ok(!weir('list').out.includes('1.2.3.4'))
    assert.match(
      run(file, ['allowlist', 'import', 'quiet.csv', ...where]).out,
      /1 new or changed, 0 taken back/,
    )
    assert.ok(weir('list').out.split('\n').includes(line))
    assert.equal(weir('remove', 'ip', '192.0.2.77').status, 0)
  })
})

describe('weir intel with brokers', () => {
  test('makes the topic hold what the folder holds of a feed, and explains and takes back what is there', (t) => {
    const folder = folderWith(t, { 'feed.txt': '198.51.101.7\nevil.example.net\n203.0.114.0/24\n' })
    const again = folderWith(t, { 'feed.txt': '198.51.101.7\n' })
    const weir = (...words: readonly string[]) => run(folder, ['intel', ...words, ...where])
    const imported = weir('import', 'feed.txt', '--feed', 'test-of-commands', '--level', 'high')
    assert.match(imported.out, /weir\.intel\.v1: 3 put, 0 taken back, 0 unchanged/, imported.err)
    assert.match(weir('explain', '203.0.114.9').out, /^test-of-commands: range 203\.0\.114\.0\/24, high/m)
    const less = ['import', `${again}/feed.txt`, '--feed', 'test-of-commands', '--level', 'high']
    assert.match(run(again, ['intel', ...less, ...where]).out, /0 put, 2 taken back, 1 unchanged/)
    assert.equal(weir('list', '--feed', 'test-of-commands').out, 'ip 198.51.101.7  high 1\n')
    assert.match(weir('refresh').out, /2 put, 0 taken back, 1 unchanged/)
    assert.match(weir('remove', 'evil.example.net').out, /1 indicator taken back/)
    assert.match(weir('refresh').out, /0 put, 0 taken back, 2 unchanged/)
    assert.match(weir('remove', '--feed', 'test-of-commands').out, /2 indicators taken back/)
    assert.ok(!weir('list').out.includes('test-of-commands'))
  })

  test('what a probe found is put on the topic, told of and taken back, and is not probed again', (t) => {
    const dst = { ip: '93.184.216.34', port: 443, names: [], mac: '' }
    const suspected = evidenceLine(evidence({ id: 'a'.repeat(32), type: 'BEACON', dst }))
    const folder = folderWith(t, { 'out/evidence.jsonl': `${suspected}\n` })
    const weir = (...words: readonly string[]) => run(folder, ['intel', ...words, ...where])
    const jarm = `29d29d${'0'.repeat(24)}${'3'.repeat(32)}`
    const found = probeIndicator({ ...dst, jarm }, { atMs: Date.now(), lifetimeMs: 86_400_000 })
    assert.ok(typeof found !== 'string')
    keepProbes(new IndicatorStore(join(folder, 'intel')), [found], Date.now())
    assert.equal(
      weir('jarm', '--from', 'out', '--dry-run').out,
      '93.184.216.34:443  medium  BEACON of 10.0.0.5\n',
    )
    // Puts all that the folder holds.
    assert.match(weir('remove', '198.51.101.7', '--undo').out, /1 put, 0 taken back/)
    const dry = weir('jarm', '--from', 'out', '--dry-run')
    assert.deepEqual([dry.status, dry.out], [0, ''], dry.err)
    assert.match(dry.err, /1 server in out: 0 to be probed, 1 kept already/)
    assert.match(
      weir('explain', '93.184.216.34').out,
      /not listed\njarm: tls_server 93\.184\.216\.34:443, .*; its fingerprint is not listed\n$/,
    )
    const elsewhere = folderWith(t)
    const other = probeIndicator({ ...dst, port: 8443, jarm }, { atMs: Date.now(), lifetimeMs: 86_400_000 })
    assert.ok(typeof other !== 'string')
    keepProbes(new IndicatorStore(join(elsewhere, 'intel')), [other], Date.now())
    const added = run(elsewhere, ['intel', 'remove', '198.51.101.7', '--undo', ...where])
    assert.match(added.out, /1 put, 0 taken back/, added.err)
    assert.match(weir('remove', '--feed', 'jarm').out, /2 indicators taken back/)
    assert.equal(
      weir('jarm', '--from', 'out', '--dry-run').out,
      '93.184.216.34:443  medium  BEACON of 10.0.0.5\n',
    )
  })
})
