import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DnsServer } from '../../testing/dns-server.ts'
import { serve } from '../../testing/http-server.ts'
import { domainAge } from './domain-age.ts'
import { hashlookup } from './hashlookup.ts'
import type { Door, Subject } from './look-up.ts'
import { passiveDns } from './passive-dns.ts'
import { reverseDns } from './reverse-dns.ts'
import { spamhaus } from './spamhaus.ts'
import { urlhaus } from './urlhaus.ts'
import { virustotal } from './virustotal.ts'

function door(given: Partial<Door> = {}): Door {
  return {
    url: 'http://127.0.0.1:1',
    key: '',
    timeoutMs: 5_000,
    dnsServers: [],
    interruption: new AbortController().signal,
    ...given,
  }
}

const ip = (value: string): Subject => ({ kind: 'ip', value })
const domain = (value: string): Subject => ({ kind: 'domain', value })
const url = (value: string): Subject => ({ kind: 'url', value })
const hash = (value: string): Subject => ({ kind: 'hash', value })
const json = (value: unknown) => ({ body: JSON.stringify(value) })

describe('reverse DNS', () => {
  test('gives the names of an address, and leaves out those that are addresses', async (t) => {
    const server = await DnsServer.start(t, {
      '34.216.184.93.in-addr.arpa': ['B.example.com', 'a.example.com', '93.184.216.34'],
      '1.0.0.9.in-addr.arpa': ['9.0.0.1'],
    })
    const own = door({ dnsServers: [server.address] })
    assert.deepEqual(await reverseDns.ask(ip('93.184.216.34'), own), {
      kind: 'known',
      facts: { names: 'a.example.com, b.example.com' },
    })
    assert.deepEqual(await reverseDns.ask(ip('9.0.0.1'), own), { kind: 'unknown' })
    assert.deepEqual(await reverseDns.ask(ip('93.184.216.35'), own), { kind: 'unknown' })
    assert.equal(server.asked[0], '34.216.184.93.in-addr.arpa')
  })
})

describe('Spamhaus', () => {
  test('tells lists of attackers from lists of homes, and a refusal from an answer', async (t) => {
    const server = await DnsServer.start(t, {
      '34.216.184.93.zen.test': ['127.0.0.4', '127.0.0.10', '127.0.0.2'],
      '35.216.184.93.zen.test': ['127.0.0.11'],
      '36.216.184.93.zen.test': ['127.255.255.254'],
    })
    const own = door({ url: 'zen.test', dnsServers: [server.address] })
    assert.deepEqual(await spamhaus.ask(ip('93.184.216.34'), own), {
      kind: 'known',
      facts: { lists: 'SBL, XBL', level: 'medium' },
    })
    assert.deepEqual(await spamhaus.ask(ip('93.184.216.35'), own), { kind: 'unknown' })
    const refused = await spamhaus.ask(ip('93.184.216.36'), own)
    assert.ok(refused.kind === 'failed' && refused.isFinal)
    assert.deepEqual(await spamhaus.ask(ip('2a00:1450::1'), own), { kind: 'unknown' })
    assert.equal(server.asked.length, 3)
  })
})

describe('the age of a domain', () => {
  test('is that of what was registered, with who did it', async (t) => {
    const service = await serve(t, ({ path }) =>
      path === '/domain/example.co.uk'
        ? json({
            events: [
              { eventAction: 'expiration', eventDate: '2027-01-01T00:00:00Z' },
              { eventAction: 'registration', eventDate: '2026-01-01T10:00:00+02:00' },
            ],
            entities: [
              {
                roles: ['registrar'],
                vcardArray: [
                  'vcard',
                  [
                    ['version', {}, 'text', '4.0'],
                    ['fn', {}, 'text', 'Names Ltd'],
                  ],
                ],
              },
              { roles: ['registrant'], vcardArray: ['vcard', [['fn', {}, 'text', 'Somebody']]] },
            ],
          })
        : undefined,
    )
    const own = door({ url: service.url })
    assert.deepEqual(await domainAge.ask(domain('www.example.co.uk'), own), {
      kind: 'known',
      facts: {
        domain: 'example.co.uk',
        registered: '2026-01-01T08:00:00.000Z',
        registrant: 'Somebody',
        registrar: 'Names Ltd',
      },
    })
    assert.deepEqual(await domainAge.ask(domain('unknown.com'), own), { kind: 'unknown' })
    assert.equal(service.asked.length, 2)
    assert.deepEqual(await domainAge.ask(domain('printer.local'), own), { kind: 'unknown' })
    assert.equal(service.asked.length, 2, 'a name of the house was asked about')
  })
})

describe('VirusTotal', () => {
  test('is asked by kind, with the key, and its counts are taken as they are', async (t) => {
    const stats = { malicious: 9, suspicious: 1, harmless: 60, undetected: 20, timeout: 5 }
    const service = await serve(t, () =>
      json({
        data: {
          attributes: { last_analysis_stats: stats, reputation: -5, as_owner: 'Edgecast', country: 'US' },
        },
      }),
    )
    const own = door({ url: `${service.url}/`, key: 'secret' })
    assert.deepEqual(await virustotal.ask(ip('93.184.216.34'), own), {
      kind: 'known',
      facts: {
        malicious: 9,
        suspicious: 1,
        scanners: 90,
        maliciousShare: 0.1,
        reputation: -5,
        asOwner: 'Edgecast',
        country: 'US',
      },
    })
    await virustotal.ask(domain('example.com'), own)
    await virustotal.ask(hash('0'.repeat(32)), own)
    await virustotal.ask(url('http://example.com/a?b'), own)
    assert.deepEqual(
      service.asked.map(({ path }) => path),
      [
        '/api/v3/ip_addresses/93.184.216.34',
        '/api/v3/domains/example.com',
        `/api/v3/files/${'0'.repeat(32)}`,
        `/api/v3/urls/${Buffer.from('http://example.com/a?b').toString('base64url')}`,
      ],
    )
    assert.ok(service.asked.every(({ headers }) => headers['x-apikey'] === 'secret'))
  })

  test('that refuses the key, or has had enough, is not asked again', async (t) => {
    for (const status of [401, 403, 429, 204]) {
      const service = await serve(t, () => ({ status }))
      const answer = await virustotal.ask(ip('93.184.216.34'), door({ url: service.url, key: 'x' }))
      assert.ok(answer.kind === 'failed' && answer.isFinal, `${status}`)
    }
    const service = await serve(t, () => ({ status: 500 }))
    const answer = await virustotal.ask(ip('93.184.216.34'), door({ url: service.url, key: 'x' }))
    assert.ok(answer.kind === 'failed' && !answer.isFinal)
  })

  test('cannot have its key sent elsewhere', async (t) => {
    const other = await serve(t, () => json({}))
    const service = await serve(t, () => ({ status: 302, headers: { location: other.url } }))
    const answer = await virustotal.ask(ip('93.184.216.34'), door({ url: service.url, key: 'secret' }))
    assert.equal(answer.kind, 'failed')
    assert.equal(other.asked.length, 0)
  })
})

describe('passive DNS', () => {
  const records = [
    { rrname: 'Old.example.com.', rrtype: 'A', rdata: '93.184.216.34', time_first: 100, time_last: 200 },
    { rrname: 'new.example.com', rrtype: 'A', rdata: '93.184.216.35', time_first: 300, time_last: 400 },
    { rrname: 'example.com', rrtype: 'SOA', rdata: 'ns', time_first: 1, time_last: 900 },
  ]

  test('gives the names of an address and the addresses of a name, the latest first', async (t) => {
    const service = await serve(t, () => ({
      body: records.map((record) => JSON.stringify(record)).join('\n'),
    }))
    const own = door({ url: service.url, key: 'user:password' })
    assert.deepEqual(await passiveDns.ask(ip('93.184.216.34'), own), {
      kind: 'known',
      facts: {
        records: 2,
        names: 'new.example.com, old.example.com',
        firstSeen: '1970-01-01T00:01:40.000Z',
        lastSeen: '1970-01-01T00:06:40.000Z',
      },
    })
    const named = await passiveDns.ask(domain('example.com'), own)
    assert.ok(named.kind === 'known')
    assert.equal(named.facts.addresses, '93.184.216.35, 93.184.216.34')
    assert.equal(
      service.asked[0]?.headers.authorization,
      `Basic ${Buffer.from('user:password').toString('base64')}`,
    )
  })

  test('is understood as one list as well, and nothing is made of nonsense', async (t) => {
    const list = await serve(t, () => json(records))
    assert.equal((await passiveDns.ask(ip('93.184.216.34'), door({ url: list.url }))).kind, 'known')
    const none = await serve(t, () => ({ body: '' }))
    assert.deepEqual(await passiveDns.ask(ip('93.184.216.34'), door({ url: none.url })), { kind: 'unknown' })
    const nonsense = await serve(t, () => ({ body: '<html>' }))
    assert.equal((await passiveDns.ask(ip('93.184.216.34'), door({ url: nonsense.url }))).kind, 'failed')
  })
})

describe('URLhaus', () => {
  test('says what a URL serves and how grave that is', async (t) => {
    const service = await serve(t, ({ path }) =>
      path === '/url/'
        ? json({
            query_status: 'ok',
            threat: 'malware_download',
            url_status: 'online',
            tags: ['elf', 'Mozi'],
            payloads: [
              {
                file_type: 'elf',
                filename: 'x',
                response_md5: '1'.repeat(32),
                signature: 'Mozi',
                virustotal: { percent: '75.00' },
              },
            ],
          })
        : json({ query_status: 'ok', file_type: 'exe', signature: null, url_count: '3' }),
    )
    const own = door({ url: service.url, key: 'secret' })
    assert.deepEqual(await urlhaus.ask(url('http://example.com/x'), own), {
      kind: 'known',
      facts: {
        threat: 'malware_download',
        status: 'online',
        tags: 'elf, Mozi',
        fileType: 'elf',
        fileName: 'x',
        md5: '1'.repeat(32),
        signature: 'Mozi',
        virustotalPercent: 75,
        level: 'high',
      },
    })
    const file = await urlhaus.ask(hash('1'.repeat(32)), own)
    assert.deepEqual(file, { kind: 'known', facts: { fileType: 'exe', urls: 3, level: 'high' } })
    assert.equal(service.asked[0]?.body, `url=${encodeURIComponent('http://example.com/x')}`)
    assert.equal(service.asked[0]?.headers['auth-key'], 'secret')
    assert.equal(service.asked[1]?.body, `md5_hash=${'1'.repeat(32)}`)
  })

  test('knows a URL without payloads, and says when it knows nothing', async (t) => {
    const bare = await serve(t, () =>
      json({ query_status: 'ok', threat: 'malware_download', payloads: null }),
    )
    const answer = await urlhaus.ask(url('http://example.com/x'), door({ url: bare.url, key: 'x' }))
    assert.deepEqual(answer, { kind: 'known', facts: { threat: 'malware_download', level: 'medium' } })
    for (const [status, kind] of [
      ['no_results', 'unknown'],
      ['invalid_url', 'unknown'],
      ['http_post_expected', 'failed'],
    ] as const) {
      const service = await serve(t, () => json({ query_status: status }))
      assert.equal((await urlhaus.ask(ip('93.184.216.34'), door({ url: service.url }))).kind, kind, status)
    }
    // It has no SHA-1 to be asked for.
    assert.deepEqual(await urlhaus.ask(hash('1'.repeat(40)), door()), { kind: 'unknown' })
  })
})

describe('hashlookup', () => {
  test('calls malicious only what somebody names so, the surer the more do', async (t) => {
    const service = await serve(t, ({ path }) =>
      path.startsWith('/lookup/md5/')
        ? json({ FileName: 'x.exe', KnownMalicious: 'a b', 'hashlookup:trust': 20 })
        : json({ FileName: 'ls', source: 'NSRL', 'hashlookup:trust': 100 }),
    )
    const own = door({ url: service.url })
    assert.deepEqual(await hashlookup.ask(hash('1'.repeat(32)), own), {
      kind: 'known',
      facts: {
        isMalicious: true,
        knownMalicious: 'a, b',
        fileName: 'x.exe',
        trust: 20,
        threat: 0.8,
        confidence: 0.7,
      },
    })
    assert.deepEqual(await hashlookup.ask(hash('1'.repeat(40)), own), {
      kind: 'known',
      facts: { isMalicious: false, fileName: 'ls', source: 'NSRL', trust: 100 },
    })
    assert.equal(service.asked[1]?.path, `/lookup/sha1/${'1'.repeat(40)}`)
  })
})

describe('a service', () => {
  test('that is not there, answers nonsense or too much has failed, and nothing is thrown', async (t) => {
    const nobody = await hashlookup.ask(hash('1'.repeat(32)), door())
    assert.ok(nobody.kind === 'failed' && !nobody.isFinal)
    const nonsense = await serve(t, () => ({ body: 'not JSON' }))
    assert.equal((await hashlookup.ask(hash('1'.repeat(32)), door({ url: nonsense.url }))).kind, 'failed')
    const flood = await serve(t, () => ({ body: ' '.repeat(5 * 1024 * 1024) }))
    assert.deepEqual(await hashlookup.ask(hash('1'.repeat(32)), door({ url: flood.url })), {
      kind: 'failed',
      why: 'the answer is too large',
      isFinal: false,
    })
    for (const odd of ['null', '[]', '5', '"x"', '{"data":[],"events":{},"payloads":5}']) {
      const service = await serve(t, () => ({ body: odd }))
      for (const lookUp of [domainAge, virustotal, hashlookup]) {
        const answer = await lookUp.ask(
          {
            kind: lookUp === domainAge ? 'domain' : 'hash',
            value: lookUp === domainAge ? 'example.com' : '1'.repeat(32),
          },
          door({ url: service.url }),
        )
        assert.notEqual(answer.kind, 'failed', odd)
      }
    }
  })

  test('that does not answer in time has failed', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    t.after(() => resolve())
    const { createServer } = await import('node:http')
    const server = createServer(() => void promise)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    const answer = await hashlookup.ask(
      hash('1'.repeat(32)),
      door({ url: `http://127.0.0.1:${address.port}`, timeoutMs: 200 }),
    )
    assert.ok(answer.kind === 'failed')
    assert.match(answer.why, /in time/)
  })
})
