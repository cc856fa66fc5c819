import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { probeTag } from '@weir/processors'
import { type CanonicalEvidence, evidenceLine, parseEvidenceLine } from '@weir/schemas'
import { IndicatorStore } from '../intel/indicator-store.ts'
import { keepProbes, probeIndicator } from '../intel/keep-probes.ts'
import { evidence, startMs } from '../testing/findings.ts'
import { tlsServer } from '../testing/tls-server.ts'
import { folderWith, linesOf, type Ran, run, start } from '../testing/weir-run.ts'

const jarm = `29d29d${'0'.repeat(24)}${'3'.repeat(32)}`
const dayMs = 86_400_000

/** The command while servers of this process answer it. */
async function runBeside(folder: string, parameters: readonly string[]): Promise<Ran> {
  const child = start(folder, parameters)
  let [out, err] = ['', '']
  child.stdout?.on('data', (piece) => {
    out += piece
  })
  child.stderr?.on('data', (piece) => {
    err += piece
  })
  const [status] = await once(child, 'close')
  return { status: typeof status === 'number' ? status : null, out, err }
}

function keep(folder: string, ip: string, port: number, found = jarm): void {
  const indicator = probeIndicator({ ip, port, jarm: found }, { atMs: startMs, lifetimeMs: 3_650 * dayMs })
  assert.ok(typeof indicator !== 'string', String(indicator))
  keepProbes(new IndicatorStore(join(folder, 'intel')), [indicator], startMs)
}

function callLog(ip: string): string {
  const call = {
    ts: startMs / 1000 + 5,
    uid: 'C1',
    'id.orig_h': '10.0.0.5',
    'id.orig_p': 40_000,
    'id.resp_h': ip,
    'id.resp_p': 443,
    proto: 'tcp',
    duration: 2.5,
    orig_bytes: 700,
    resp_bytes: 4_000,
    conn_state: 'SF',
    history: 'ShADadFf',
    orig_pkts: 8,
    resp_pkts: 8,
  }
  return `${JSON.stringify(call)}\n`
}

function suspect(ip: string, given: Partial<CanonicalEvidence> = {}): string {
  const dst = { ip, port: 443, names: [], mac: '' }
  return `${evidenceLine(evidence({ id: 'a'.repeat(32), type: 'BEACON', ...given, dst }))}\n`
}

describe('weir intel jarm', () => {
  test('refuses a server that is none, no server at all, and times and numbers that are none', (t) => {
    const folder = folderWith(t)
    for (const words of [
      ['not a host'],
      [],
      ['127.0.0.1:1', '--expires', 'soon'],
      ['127.0.0.1:1', '--most', '0'],
      ['--from', 'nowhere'],
      ['127.0.0.1:1', '--intel', 'nowhere'],
      ['--from', '.', '--home-net', 'x'],
    ]) {
      const { status, err, out } = run(folder, ['intel', 'jarm', ...words])
      assert.deepEqual([status, out], [2, ''], words.join(' ') + err)
    }
  })

  test('what cannot be reached, answers nothing or is of no public address is not kept', async (t) => {
    const folder = folderWith(t)
    const unreached = run(folder, ['intel', 'jarm', '127.0.0.1:1', '--keep'])
    assert.equal(unreached.status, 0)
    assert.match(unreached.out, /^127\.0\.0\.1:1 {2}cannot be connected to\n$/)
    const port = await tlsServer(t)
    const { status, out } = await runBeside(folder, ['intel', 'jarm', `127.0.0.1:${port}`, '--keep'])
    assert.equal(status, 0)
    assert.match(out, /^127\.0\.0\.1:\d+ {2}[0-9a-f]{62} {2}not kept: it has no public address\n$/)
    assert.ok(!existsSync(join(folder, 'intel')))
  })

  test('whoever interrupts it is told how far it came, and no further server is called', async (t) => {
    const called: string[] = []
    const silent = async (name: string) => {
      const server = createServer((socket) => {
        called.push(name)
        socket.on('error', () => {}).resume()
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      t.after(() => server.close())
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      return { server, name: `127.0.0.1:${port}` }
    }
    const [first, second] = [await silent('first'), await silent('second')]
    const child = start(folderWith(t), ['intel', 'jarm', first.name, second.name])
    let err = ''
    child.stderr?.on('data', (piece) => {
      err += piece
    })
    await once(first.server, 'connection')
    child.kill('SIGINT')
    await once(child, 'close')
    assert.match(err, /interrupted: 0 of 2 servers probed\n$/)
    assert.deepEqual(called, ['first'])
  })

  test('the servers that evidence suspects are told, the gravest first, but for those that are kept', (t) => {
    const folder = folderWith(t, {
      'out/evidence.jsonl': [
        suspect('44.4.4.1', { level: 'low' }),
        suspect('44.4.4.2', { level: 'high' }),
        suspect('44.4.4.3', { level: 'medium' }),
        suspect('44.4.4.4', { level: 'critical' }),
        suspect('45.9.9.9', { level: 'critical' }),
        suspect('10.0.0.77', { level: 'critical' }),
        suspect('44.4.4.5', { level: 'critical', type: 'VERTICAL_PORT_SCAN' }),
        suspect('44.4.4.6', { level: 'critical', profile: '46.9.9.9' }),
      ].join(''),
      'out/summary.json': '{"settings":{"homeNetworks":["45.9.9.0/24"]}}',
    })
    keep(folder, '44.4.4.4', 443)
    const told = run(folder, ['intel', 'jarm', '--from', 'out', '--most', '2', '--dry-run'])
    assert.deepEqual(
      [told.status, told.out],
      [0, '44.4.4.2:443  high  BEACON of 10.0.0.5\n44.4.4.3:443  medium  BEACON of 10.0.0.5\n'],
    )
    assert.match(
      told.err,
      /4 servers in out: 2 to be probed, 1 kept already or removed by hand, 1 left out beyond --most 2\n/,
    )
    assert.match(
      told.err,
      /1 server besides, that hosts of no home network called, is left out; .*--home-net\n$/,
    )
    assert.equal(run(folder, ['intel', 'remove', '44.4.4.2:443']).status, 0)
    const fewer = run(folder, ['intel', 'jarm', '--from', 'out', '--most', '1', '--dry-run'])
    assert.equal(fewer.out, '44.4.4.3:443  medium  BEACON of 10.0.0.5\n')
    const more = run(folder, ['intel', 'jarm', '--from', 'out', '--home-net', '44.4.0.0/16', '--dry-run'])
    assert.equal(more.out, '')
  })

  test('a fingerprint that was found and kept becomes evidence once it is listed, and not before', async (t) => {
    const ip = '93.184.216.34'
    const folder = folderWith(t, { 'conn.log': callLog(ip) })
    const port = await tlsServer(t)
    const server = `127.0.0.1:${port}`
    const { out } = await runBeside(folder, ['intel', 'jarm', server])
    const found = /[0-9a-f]{62}/.exec(out)?.[0] ?? ''
    // As if that server had stood on the internet.
    keep(folder, ip, 443, found)
    const analysed = (): readonly CanonicalEvidence[] => {
      const { status, err } = run(folder, ['analyze', 'conn.log', '--intel', 'intel', '--quiet'])
      assert.equal(status, 0, err)
      const all = linesOf(join(folder, 'out/evidence.jsonl')).map(parseEvidenceLine)
      return all.filter(({ type }) => type === 'MALICIOUS_JARM')
    }
    assert.deepEqual(analysed(), [])
    const list = folderWith(t, { 'own_malicious_JARM.csv': `\n${found}, medium, Command framework\n` })
    const imported = run(folder, ['intel', 'import', join(list, 'own_malicious_JARM.csv'), '--feed', 'own'])
    assert.equal(imported.status, 0, imported.err)
    assert.deepEqual(
      analysed()
        .map(({ profile, level, confidence, dst }) => [profile, level, confidence, dst?.port])
        .sort(),
      [
        ['10.0.0.5', 'low', 0.7, 443],
        [ip, 'medium', 0.7, 443],
      ],
    )
    const again = await runBeside(folder, ['intel', 'jarm', server, '--intel', 'intel'])
    assert.ok(again.out.endsWith(`${found}  listed by own, medium: Command framework\n`), again.out)
  })
})

test('weir intel list, explain and remove know what is kept', (t) => {
  const folder = folderWith(t, { 'jarm.txt': `${jarm}\n` })
  keep(folder, '93.184.216.34', 443)
  keep(folder, '93.184.216.34', 8443, jarm.replaceAll('3', '4'))
  const weir = (...words: string[]) => {
    const { status, out, err } = run(folder, ['intel', ...words])
    assert.equal(status, 0, err)
    return out
  }
  weir('import', 'jarm.txt', '--feed', 'lab')
  assert.ok(weir('list').includes('jarm  2 indicators'), weir('list'))
  const listed = weir('list', '--feed', 'jarm').split('\n')
  assert.ok(listed[0]?.startsWith('tls_server 93.184.216.34:443  info 1 until '), listed[0])
  assert.ok(listed[0]?.endsWith(probeTag({ jarm, atMs: startMs })), listed[0])
  const [none, first, second, third] = weir('explain', '93.184.216.34').split('\n')
  assert.equal(none, '93.184.216.34 (ip) is not listed')
  assert.match(first ?? '', /^jarm: tls_server 93\.184\.216\.34:443, info.*; its fingerprint is listed$/)
  assert.match(second ?? '', /^jarm: tls_server 93\.184\.216\.34:8443, .*; its fingerprint is not listed$/)
  assert.match(third ?? '', /^lab: jarm 29d29d/)
  assert.match(weir('explain', jarm), /^jarm: tls_server 93\.184\.216\.34:443, .*\nlab: jarm /)
  weir('remove', '93.184.216.34:443')
  assert.match(weir('explain', '93.184.216.34'), /:443, .*removed by hand/)
  assert.equal(weir('list', '--feed', 'jarm').split('\n').length, 2)
  weir('remove', '93.184.216.34:443', '--undo')
  assert.equal(weir('list', '--feed', 'jarm').split('\n').length, 3)
  weir('remove', '--feed', 'jarm')
  assert.equal(weir('explain', '93.184.216.34'), '93.184.216.34 (ip) is not listed\n')
})
