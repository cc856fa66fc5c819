import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { WeirError } from '@weir/topology/kit'
import { folderWith } from '../testing/weir-run.ts'
import { type ImportOptions, importSource } from './import-source.ts'
import { IndicatorStore } from './indicator-store.ts'
import { plainOptions, type SourceOptions } from './source-file.ts'

const given: SourceOptions = { feed: 'lab', ...plainOptions, level: 'high' }
const how: ImportOptions = { headers: {}, timeoutMs: 5_000, nowMs: 1_000, isForced: false }

type After = { after(work: () => void): void }

function values(store: IndicatorStore): string[] {
  const found: string[] = []
  store.each(({ kind, value, feed }) => found.push(`${feed} ${kind} ${value}`))
  return found.sort()
}

function storeFor(t: After): IndicatorStore {
  return new IndicatorStore(join(folderWith(t), 'intel'))
}

/** Answers on a port of its own until the test ends; gives its address. */
async function serve(
  t: After,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return `http://127.0.0.1:${address.port}/list.txt`
}

const hasCode = (code: string) => (error: unknown) => error instanceof WeirError && error.code === code

describe('a file', () => {
  test('what it no longer holds is gone, and what another feed says of it stays', async (t) => {
    const store = storeFor(t)
    const path = join(folderWith(t, { 'a.txt': '93.184.216.34\n44.4.4.4\n' }), 'a.txt')
    assert.equal((await importSource(store, path, given, how)).added, 2)
    await importSource(store, path, { ...given, feed: 'two' }, how)
    writeFileSync(path, '44.4.4.4\n44.4.4.5\n')
    const { added, vanished, isChanged } = await importSource(store, path, given, how)
    assert.deepEqual([added, vanished, isChanged], [1, 1, true])
    assert.deepEqual(values(store), [
      'lab ip 44.4.4.4',
      'lab ip 44.4.4.5',
      'two ip 44.4.4.4',
      'two ip 93.184.216.34',
    ])
  })

  test('what has not changed is not read again, unless it is to be read otherwise', async (t) => {
    const store = storeFor(t)
    const path = join(folderWith(t, { 'a.txt': '44.4.4.4\n' }), 'a.txt')
    await importSource(store, path, given, how)
    assert.equal((await importSource(store, path, given, { ...how, nowMs: 2_000 })).isChanged, false)
    assert.equal(store.headers()[0]?.checkedMs, 2_000)
    assert.equal((await importSource(store, path, { ...given, level: 'low' }, how)).isChanged, true)
    assert.equal(store.load().table.address('44.4.4.4', 0)?.level, 'low')
  })

  test('a file that was damaged is made anew by the next import of its source, and the error says so', async (t) => {
    const store = storeFor(t)
    const path = join(folderWith(t, { 'a.txt': '44.4.4.4\n' }), 'a.txt')
    const { header } = await importSource(store, path, given, how)
    const file = store.pathOf('lab', path)
    const whole = readFileSync(file, 'utf8')
    for (const damaged of ['', 'no JSON\n', `${whole}{"kind":\n`]) {
      writeFileSync(file, damaged)
      assert.throws(
        () => store.load(),
        (error) =>
          error instanceof WeirError &&
          error.code === 'CONSOLE_INDICATORS_DAMAGED' &&
          /Import its source again, under the same --feed/.test(error.fix),
      )
      const again = await importSource(store, path, given, how)
      assert.deepEqual([again.isChanged, again.added], [true, 1])
      assert.deepEqual(store.header('lab', path), header)
      assert.deepEqual(values(store), ['lab ip 44.4.4.4'])
    }
  })

  test('of a damaged file nothing is lost where its source cannot be had', async (t) => {
    const store = storeFor(t)
    const path = join(folderWith(t, { 'a.txt': '44.4.4.4\n' }), 'a.txt')
    await importSource(store, path, given, how)
    const file = store.pathOf('lab', path)
    appendFileSync(file, '?\n')
    const before = readFileSync(file, 'utf8')
    rmSync(path)
    await assert.rejects(importSource(store, path, given, how), { code: 'CONSOLE_UNREADABLE' })
    assert.equal(readFileSync(file, 'utf8'), before)
  })

  test('what is still listed when it is asked for again lives on', async (t) => {
    const store = storeFor(t)
    const path = join(folderWith(t, { 'a.txt': '44.4.4.4\n' }), 'a.txt')
    const mortal = { ...given, lifetimeMs: 500 }
    await importSource(store, path, mortal, how)
    assert.notEqual(store.load().table.address('44.4.4.4', 1_499), null)
    assert.equal(store.load().table.address('44.4.4.4', 1_500), null)
    assert.equal((await importSource(store, path, mortal, { ...how, nowMs: 1_400 })).isChanged, false)
    assert.notEqual(store.load().table.address('44.4.4.4', 1_500), null)
    assert.equal(store.load().table.address('44.4.4.4', 1_900), null)
  })

  test('two sources of one feed do not take away from each other', async (t) => {
    const store = storeFor(t)
    const folder = folderWith(t, {
      'domains.txt': 'evil.example.com\n',
      'v2_domains.txt': 'worse.example.com\n',
    })
    for (const name of ['domains.txt', 'v2_domains.txt', 'domains.txt']) {
      await importSource(store, join(folder, name), given, { ...how, isForced: true })
    }
    assert.equal(values(store).length, 2)
  })

  test('a page that is no list leaves what was known, as does a list of nothing unless that is allowed', async (t) => {
    const store = storeFor(t)
    const path = join(folderWith(t, { 'a.txt': '44.4.4.4\n' }), 'a.txt')
    await importSource(store, path, given, how)
    writeFileSync(path, '<html>Service unavailable</html>')
    await assert.rejects(importSource(store, path, given, how), hasCode('CONSOLE_FEED_EMPTY'))
    assert.deepEqual(values(store), ['lab ip 44.4.4.4'])
    for (const text of ['# nothing today\n', '', ' \n', '[]', '{"objects":[]}']) {
      writeFileSync(path, text)
      await assert.rejects(importSource(store, path, given, how), hasCode('CONSOLE_FEED_EMPTY'))
    }
    assert.deepEqual(values(store), ['lab ip 44.4.4.4'])
    writeFileSync(path, '# nothing today\n')
    await importSource(store, path, given, { ...how, allowsEmpty: true })
    assert.deepEqual(values(store), [])
    writeFileSync(path, '# nothing today either\n')
    assert.equal((await importSource(store, path, given, how)).isChanged, true)
  })

  test('a list of nothing at all, a wrong format and a file that is cut are refused the first time as well', async (t) => {
    const store = storeFor(t)
    const whole = gzipSync(Array.from({ length: 500 }, (_, i) => `44.4.${i >> 8}.${i & 255}\n`).join(''))
    const folder = folderWith(t, { 'empty.txt': '', 'a.txt': '44.4.4.4\n' })
    await assert.rejects(
      importSource(store, join(folder, 'empty.txt'), given, how),
      hasCode('CONSOLE_FEED_EMPTY'),
    )
    for (const format of ['stix', 'misp', 'json']) {
      await assert.rejects(
        importSource(store, join(folder, 'a.txt'), { ...given, format }, how),
        hasCode('CONSOLE_FEED_EMPTY'),
      )
    }
    writeFileSync(join(folder, 'cut.gz'), whole.subarray(0, whole.length - 9))
    await assert.rejects(importSource(store, join(folder, 'cut.gz'), given, how))
    assert.deepEqual(store.headers(), [])
  })

  test('an answer without a body leaves what was known', async (t) => {
    const store = storeFor(t)
    let status = 200
    let body = '44.4.4.4\n'
    const url = await serve(t, (_, response) => {
      response.writeHead(status)
      response.end(body)
    })
    await importSource(store, url, given, how)
    body = ''
    for (status of [200, 204]) {
      await assert.rejects(importSource(store, url, given, how), hasCode('CONSOLE_FEED_EMPTY'))
    }
    assert.deepEqual(values(store), ['lab ip 44.4.4.4'])
  })

  test('compressed lists are read, and what is not there is an error', async (t) => {
    const store = storeFor(t)
    const folder = folderWith(t)
    writeFileSync(join(folder, 'a.gz'), gzipSync('44.4.4.4\n'))
    await importSource(store, join(folder, 'a.gz'), given, how)
    assert.deepEqual(values(store), ['lab ip 44.4.4.4'])
    await assert.rejects(importSource(store, join(folder, 'b'), given, how), hasCode('CONSOLE_UNREADABLE'))
  })
})

describe('over HTTP', () => {
  test('a list with an entity tag is sent once', async (t) => {
    const store = storeFor(t)
    const asked: (string | undefined)[] = []
    const url = await serve(t, (request, response) => {
      asked.push(request.headers['if-none-match'])
      if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end()
      else response.writeHead(200, { etag: '"v1"' }).end('44.4.4.4\n')
    })
    assert.equal((await importSource(store, url, given, how)).isChanged, true)
    assert.equal((await importSource(store, url, given, how)).isChanged, false)
    assert.equal((await importSource(store, url, given, how)).isChanged, false)
    assert.deepEqual(asked, [undefined, '"v1"', '"v1"'])
    assert.deepEqual(values(store), ['lab ip 44.4.4.4'])
  })

  test('a list with a date alone is asked for by it', async (t) => {
    const store = storeFor(t)
    const date = 'Mon, 05 Jan 2026 10:00:00 GMT'
    const url = await serve(t, (request, response) => {
      if (request.headers['if-modified-since'] === date) response.writeHead(304).end()
      else response.writeHead(200, { 'last-modified': date }).end('44.4.4.4\n')
    })
    await importSource(store, url, given, how)
    assert.equal((await importSource(store, url, given, how)).isChanged, false)
  })

  test('a list with neither is loaded, and compared by what it holds', async (t) => {
    const store = storeFor(t)
    let text = '44.4.4.4\n'
    const url = await serve(t, (_, response) => response.end(text))
    assert.equal((await importSource(store, url, given, how)).added, 1)
    assert.equal((await importSource(store, url, given, how)).isChanged, false)
    text = '44.4.4.5\n'
    const { added, vanished } = await importSource(store, url, given, how)
    assert.deepEqual([added, vanished], [1, 1])
  })

  test('errors, error pages and silence leave what was known', async (t) => {
    const store = storeFor(t)
    let step = 0
    const url = await serve(t, (_, response) => {
      step += 1
      if (step === 1) response.end('44.4.4.4\n')
      else if (step === 2) response.writeHead(503).end('44.4.4.5\n')
      else if (step === 3) response.end('<!DOCTYPE html><p>44.4.4.5')
      else response.destroy()
    })
    await importSource(store, url, given, how)
    await assert.rejects(importSource(store, url, given, how), hasCode('CONSOLE_FEED_UNREACHABLE'))
    await assert.rejects(importSource(store, url, given, how), hasCode('CONSOLE_FEED_EMPTY'))
    await assert.rejects(importSource(store, url, given, how), hasCode('CONSOLE_FEED_UNREACHABLE'))
    assert.deepEqual(values(store), ['lab ip 44.4.4.4'])
  })

  test('all pages of a TAXII collection are asked for, with the key that was given', async (t) => {
    const store = storeFor(t)
    const object = (ip: string) => ({
      type: 'indicator',
      id: 'indicator--1',
      pattern_type: 'stix',
      pattern: `[ipv4-addr:value = '${ip}']`,
    })
    const asked: string[] = []
    const url = await serve(t, (request, response) => {
      asked.push(`${request.headers.accept} ${request.headers['x-key']} ${request.url}`)
      const isLast = (request.url ?? '').includes('next=2')
      response.setHeader('content-type', 'application/taxii+json;version=2.1')
      response.end(
        JSON.stringify(
          isLast
            ? { more: false, objects: [object('44.4.4.5')] }
            : { more: true, next: '2', objects: [object('44.4.4.4')] },
        ),
      )
    })
    await importSource(store, url, { ...given, format: 'taxii' }, { ...how, headers: { 'x-key': 'secret' } })
    assert.deepEqual(values(store), ['lab ip 44.4.4.4', 'lab ip 44.4.4.5'])
    const accept = 'application/taxii+json;version=2.1 secret /list.txt?match%5Btype%5D=indicator'
    assert.deepEqual(asked, [accept, `${accept}&next=2`])
    assert.ok(!JSON.stringify(store.headers()).includes('secret'))
  })
})

describe('the folder', () => {
  test('what was removed by hand is not listed, and can be again', async (t) => {
    const store = storeFor(t)
    const path = join(folderWith(t, { 'a.txt': '44.4.4.4\n44.4.4.5\n' }), 'a.txt')
    await importSource(store, path, given, how)
    const before = store.load().digest
    store.setRemoved(new Set(['ip 44.4.4.4']))
    assert.deepEqual(values(store), ['lab ip 44.4.4.5'])
    assert.equal(store.load().table.address('44.4.4.4', 0), null)
    assert.notEqual(store.load().digest, before)
    store.setRemoved(new Set())
    assert.equal(store.load().digest, before)
    assert.ok(store.removeFeed('lab'))
    assert.ok(!store.removeFeed('lab'))
    assert.ok(store.load().table.isEmpty)
  })

  test('a file that Weir did not write is an error', (t) => {
    const folder = folderWith(t, { 'lab/x.jsonl': '44.4.4.4\n' })
    assert.throws(() => new IndicatorStore(folder).load(), hasCode('CONSOLE_INDICATORS_DAMAGED'))
  })
})
