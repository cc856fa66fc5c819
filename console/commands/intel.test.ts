import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { IndicatorStore } from '../intel/indicator-store.ts'
import { folderWith, linesOf, run, scanLog } from '../testing/weir-run.ts'

describe('weir intel', () => {
  test('says all that is wrong with an import at once', (t) => {
    const { status, err } = run(folderWith(t), [
      'intel',
      'import',
      'x',
      '--level',
      'bad',
      '--confidence',
      '2',
      '--expires',
      'soon',
    ])
    assert.equal(status, 2)
    for (const part of ['--feed is missing', "--level 'bad'", "--confidence '2'", "--expires 'soon'"])
      assert.ok(err.includes(part), err)
  })

  test('feeds that Weir fills itself are no names for lists', (t) => {
    const folder = folderWith(t, { 'list.txt': '44.4.4.4\n' })
    for (const feed of ['jarm', 'JARM', 'lookup-urlhaus']) {
      const { status, err } = run(folder, ['intel', 'import', 'list.txt', '--feed', feed])
      assert.equal(status, 2)
      assert.ok(err.includes(`--feed '${feed}' is the name of what Weir finds itself`), err)
    }
    assert.equal(run(folder, ['intel', 'import', 'list.txt', '--feed', 'jarm-list']).status, 0)
  })

  test('commands that need a folder say when there is none', (t) => {
    const folder = folderWith(t)
    for (const words of [['list'], ['refresh'], ['explain', '44.4.4.4'], ['remove', '44.4.4.4']]) {
      const { status, err } = run(folder, ['intel', ...words])
      assert.equal(status, 2)
      assert.ok(err.includes('there is no folder of indicators intel'), err)
    }
    assert.equal(run(folder, ['analyze', 'x', '--intel', 'nowhere']).status, 2)
  })

  test('imports, lists, explains and removes', (t) => {
    const folder = folderWith(t, {
      'list.csv': '93.184.216.34,high,Bot\n44.4.4.0/24,low,Net\n10.0.0.1,low,home\n',
    })
    const weir = (...words: string[]) => {
      const { status, out, err } = run(folder, ['intel', ...words])
      assert.equal(status, 0, err)
      return out
    }
    const imported = weir('import', 'list.csv', '--feed', 'lab')
    assert.ok(
      imported.includes('2 indicators, 2 new, 0 gone') && imported.includes('1 not a public address'),
      imported,
    )
    assert.ok(weir('list').startsWith('lab  2 indicators, 1 refused'))
    assert.equal(
      weir('list', '--feed', 'lab'),
      'ip 93.184.216.34  high 1  Bot\nrange 44.4.4.0/24  low 1  Net\n',
    )
    assert.ok(weir('explain', '44.4.4.9').startsWith('lab: range 44.4.4.0/24, low, confidence 1; Net'))
    assert.equal(weir('explain', '44.4.5.9'), '44.4.5.9 (ip) is not listed\n')
    weir('remove', '93.184.216.34')
    const gone = weir('explain', '93.184.216.34')
    assert.ok(gone.startsWith('93.184.216.34 (ip) is not listed\nlab: ip 93.184.216.34'), gone)
    assert.ok(gone.includes('removed by hand'), gone)
    assert.ok(weir('refresh').includes('unchanged'))
    weir('remove', '93.184.216.34', '--undo')
    assert.equal(weir('list', '--feed', 'lab').split('\n').length, 3)
    weir('remove', '--feed', 'lab')
    assert.equal(weir('list'), '')
  })

  test('a file that is known to be good is listed by no feed, in whatever order they come', (t) => {
    const md5 = 'b386946a5a44d1ddcc843bc75336dfce'
    const folder = folderWith(t, {
      'good.csv': `Some tool, ${md5}\nA site, 44.4.4.4\n`,
      'bad.txt': `${md5}\n`,
    })
    const weir = (...words: string[]) => run(folder, ['intel', ...words])
    assert.equal(weir('import', 'bad.txt', '--feed', 'early').status, 0)
    const { out } = weir('import', 'good.csv', '--feed', 'known', '--known-good')
    assert.ok(out.includes('1 indicator,') && out.includes('1 not the hash of a file'), out)
    const late = weir('import', 'bad.txt', '--feed', 'late', '--level', 'high')
    assert.ok(late.out.includes('0 indicators') && late.out.includes('1 known to be good'), late.out)
    assert.equal(new IndicatorStore(join(folder, 'intel')).load().table.exact('file_md5', md5, 0), null)
    assert.equal(weir('import', 'bad.txt', '--feed', 'x', '--tag', 'known-good').status, 2)
  })

  test('a file of ours that is named like a list of known good files is one, unless told otherwise', (t) => {
    const md5 = 'b386946a5a44d1ddcc843bc75336dfce'
    const folder = folderWith(t, {
      'known_fp_md5_hashes.csv': `Some tool, ${md5}\n`,
      'own_malicious_JA3.csv': `${md5}, high, Bot\n`,
      'bad.txt': `${md5}\n`,
    })
    const weir = (...words: string[]) => run(folder, ['intel', ...words])
    assert.equal(weir('import', 'bad.txt', '--feed', 'bad').status, 0)
    assert.ok(
      weir('import', 'known_fp_md5_hashes.csv', '--feed', 'sites', '--level', 'high').out.includes('1 new'),
    )
    const table = () => new IndicatorStore(join(folder, 'intel')).load().table
    assert.deepEqual(table().exact('file_md5', md5, 0)?.feeds, ['bad', 'sites'])
    const { err } = weir('import', 'known_fp_md5_hashes.csv', '--feed', 'sites')
    assert.ok(err.includes('known to be good'), err)
    assert.equal(table().exact('file_md5', md5, 0), null)
    assert.equal(weir('import', 'own_malicious_JA3.csv', '--feed', 'own').err, '')
    assert.deepEqual(table().exact('ja3', md5, 0)?.feeds, ['own'])
  })

  test('a folder with lists kept by hand is imported list by list, and any other says what is missing', (t) => {
    const [good, ja3] = ['b386946a5a44d1ddcc843bc75336dfce', 'e7d705a3286e19ea42f587b344ee6865']
    const folder = folderWith(t, {
      'local/own_malicious_iocs.csv': `93.184.216.34, critical, box\n44.4.4.4, hihg, typo\n${good}, high, x\n`,
      'local/own_malicious_JA3.csv': `${ja3}, high, Bot\n`,
      'local/known_fp_md5_hashes.csv': `Some tool, ${good}\n`,
      'local/notes.txt': '44.4.4.9\n',
      'other/notes.txt': '44.4.4.9\n',
    })
    const weir = (...words: string[]) => run(folder, ['intel', ...words])
    assert.match(weir('import', 'other', '--feed', 'own').err, /manifest\.json/)
    for (const more of [['--level', 'low'], []]) {
      const { status, out, err } = weir('import', 'local', '--feed', 'own', ...more)
      assert.equal(status, 0, err)
      assert.ok(out.includes('1 known to be good'), out)
    }
    const { table } = new IndicatorStore(join(folder, 'intel')).load()
    assert.equal(table.exact('file_md5', good, 0), null)
    assert.equal(table.exact('ja3', ja3, 0)?.level, 'high')
    assert.equal(table.address('93.184.216.34', 0)?.level, 'critical')
    assert.equal(table.address('44.4.4.4', 0), null)
    assert.equal(table.address('44.4.4.9', 0), null)
  })

  test('brokers of the environment are meant unless a folder is typed, and it says so', (t) => {
    const folder = folderWith(t, { 'a.txt': '44.4.4.4\n' })
    const weir = (...words: string[]) =>
      run(folder, ['intel', ...words], '', undefined, { WEIR_BROKERS: 'nowhere' })
    const imported = weir('import', 'a.txt', '--feed', 'lab', '--intel', 'mine')
    assert.equal(imported.status, 0, imported.err)
    assert.ok(imported.out.includes('1 indicator, 1 new'), imported.out)
    assert.ok(imported.err.includes('about the folder mine alone'), imported.err)
    assert.ok(weir('explain', '44.4.4.4', '--intel', 'mine').out.startsWith('lab: ip 44.4.4.4'))
    for (const words of [['list'], ['explain', '44.4.4.4'], ['import', 'a.txt', '--feed', 'lab']]) {
      const { status, err } = weir(...words)
      assert.equal(status, 2)
      assert.ok(
        err.includes('about weir.intel.v1') && err.includes("broker 'nowhere' is not of the form"),
        err,
      )
    }
    assert.equal(run(folder, ['intel', 'list', '--intel', 'mine']).err, '')
  })

  test('a folder that cannot be written is told of by itself, and with no option that the command has not', (t) => {
    const folder = folderWith(t, { 'list.txt': '44.4.4.4\n', intel: 'a file' })
    const { status, err } = run(folder, ['intel', 'import', 'list.txt', '--feed', 'lab'])
    assert.equal(status, 1)
    assert.match(err, /intel cannot be written: .*permissions, or name another folder/)
    assert.ok(!err.includes('--out'), err)
  })

  test('one source that is wrong does not keep the others from being taken, and each is named', (t) => {
    const folder = folderWith(t, { 'a.txt': '44.4.4.4\n', 'b.txt': '<html>', 'c.txt': '44.4.4.5\n' })
    const { status, out, err } = run(folder, [
      'intel',
      'import',
      'a.txt',
      'b.txt',
      'gone.txt',
      'c.txt',
      '--feed',
      'lab',
    ])
    assert.equal(status, 1)
    assert.equal(out.match(/1 new/g)?.length, 2, out)
    const other = run(folder, ['intel', 'import', 'ftp://example.org/a.txt', '--feed', 'lab'])
    assert.equal(other.status, 2)
    assert.match(other.err, /only http and https are asked for, not ftp/)
    for (const part of ['b.txt: 1 a web page', 'gone.txt cannot be read', '2 of 4 sources'])
      assert.ok(err.includes(part), err)
  })

  test('a plain connection to a listed address, with no look-up before it, is evidence', (t) => {
    const folder = folderWith(t, {
      'list.txt': '44.4.4.0/24\n',
      'conn.log': scanLog(3).replaceAll('10.0.0.9', '44.4.4.9'),
    })
    assert.equal(run(folder, ['intel', 'import', 'list.txt', '--feed', 'lab', '--level', 'high']).status, 0)
    assert.equal(run(folder, ['analyze', 'conn.log', '--intel', 'intel', '--quiet']).status, 0)
    const found = linesOf(join(folder, 'out/evidence.jsonl')).filter((line) =>
      line.includes('TO_BLACKLISTED_IP'),
    )
    assert.equal(found.length, 2)
    assert.equal(run(folder, ['analyze', 'conn.log', '--quiet']).status, 0)
    assert.ok(!linesOf(join(folder, 'out/evidence.jsonl')).some((line) => line.includes('BLACKLISTED')))
  })

  test('a session of many hours with a listed address is evidence, from Zeek and from Suricata', (t) => {
    const started = 1_715_587_200
    const zeek = (uid: string, dstIp: string, atSeconds: number, durationSeconds: number) =>
      JSON.stringify({
        ts: started + atSeconds,
        uid,
        'id.orig_h': '10.0.0.5',
        'id.orig_p': 40_000,
        'id.resp_h': dstIp,
        'id.resp_p': 443,
        proto: 'tcp',
        duration: durationSeconds,
        orig_bytes: 900,
        resp_bytes: 900,
        conn_state: 'SF',
        history: 'ShADadFf',
        orig_pkts: 9,
        resp_pkts: 9,
      })
    const isoAt = (hour: number) =>
      `${new Date((started + hour * 3_600) * 1_000).toISOString().slice(0, 23)}+0000`
    const flow = {
      timestamp: isoAt(7),
      flow_id: 1,
      event_type: 'flow',
      src_ip: '10.0.0.5',
      src_port: 40_000,
      dest_ip: '44.4.4.9',
      dest_port: 443,
      proto: 'TCP',
      app_proto: 'tls',
      flow: {
        pkts_toserver: 9,
        pkts_toclient: 9,
        bytes_toserver: 900,
        bytes_toclient: 900,
        start: isoAt(0),
        end: isoAt(7),
        age: 25_200,
        state: 'closed',
        reason: 'timeout',
      },
    }
    const folder = folderWith(t, {
      'list.txt': '44.4.4.9\n',
      'zeek/conn.log': `${zeek('C1', '93.184.216.34', 10, 1)}\n${zeek('C2', '44.4.4.9', 20, 43_200)}\n`,
      'eve.json': `${JSON.stringify(flow)}\n`,
    })
    assert.equal(run(folder, ['intel', 'import', 'list.txt', '--feed', 'lab']).status, 0)
    for (const input of ['zeek', 'eve.json']) {
      const { status, err } = run(folder, ['analyze', input, '--intel', 'intel', '--quiet'])
      assert.equal(status, 0, err)
      const found = linesOf(join(folder, 'out/evidence.jsonl')).filter((line) =>
        line.includes('TO_BLACKLISTED_IP'),
      )
      assert.equal(found.length, 2, `${input}: ${found.length}`)
    }
  })
})
