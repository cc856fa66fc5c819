import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Conn, Dns, Evidence } from '@weir/schemas'
import { http, tls } from '../testing/flows.ts'
import { formatAllowRule, readAllowRules } from './allow-rule.ts'
import { emptyHostMemory, HostMemory, remember } from './host-memory.ts'
import { Network } from './network.ts'
import { joinWhitelists, RuleWhitelist, readWhitelist } from './whitelist.ts'

const head = {
  tsMs: 1_000,
  observedMs: 1_000,
  site: 'default',
  sensor: 'zeek',
  source: 'zeek',
  uid: 'C1',
  srcIp: '10.0.0.5',
  srcPort: 5000,
  dstIp: '93.184.216.34',
  dstPort: 443,
  proto: 'tcp',
  label: '',
  labelDetail: '',
} as const
const conn: Conn = {
  ...head,
  kind: 'conn',
  durationMs: 1,
  service: '',
  state: 'SF',
  history: 'SF',
  established: true,
  srcPkts: 1,
  dstPkts: 1,
  srcBytes: 1,
  dstBytes: 1,
  srcMac: '02:00:00:00:00:05',
  dstMac: '',
  icmpType: null,
  icmpCode: null,
}
const lookup: Dns = {
  ...head,
  dstIp: '10.0.0.1',
  kind: 'dns',
  query: 'www.example.com',
  qclass: 'IN',
  qtype: 'A',
  rcode: 'NOERROR',
  answers: ['93.184.216.34'],
  ttls: [60],
}
const evidence: Evidence = {
  id: 'e',
  type: 'LONG_CONNECTION',
  detector: 'long-connection',
  detectorVersion: 1,
  level: 'low',
  confidence: 1,
  tsMs: 2_000,
  observedMs: 2_000,
  site: 'default',
  profile: '10.0.0.5',
  window: { startMs: 0, endMs: 3_600_000 },
  attacker: { direction: 'src', type: 'ip', value: '10.0.0.5' },
  victim: { direction: 'dst', type: 'ip', value: '93.184.216.34' },
  src: null,
  dst: null,
  proto: 'tcp',
  uids: [],
  communityId: '',
  techniques: [],
  description: '',
  facts: {},
  related: [],
}

function hostWith(...records: readonly (Conn | Dns)[]): HostMemory {
  const state = emptyHostMemory()
  for (const record of records) remember(state, record, new Network([]))
  const host = new HostMemory()
  host.attach(state)
  return host
}

describe('a whitelist', () => {
  const drops = (rule: string, record: Conn | Dns = conn, host = hostWith()) =>
    readWhitelist('w', rule).drops(record, host)

  test('passes over comments, the header, disabled rules and blank lines, and names every wrong line', () => {
    const good =
      '; comment\n"IoCType","IoCValue","Direction","IgnoreType"\n# organization,google,both,flows\n# English text.\n\n'
    assert.equal(readWhitelist('w', good).drops(conn, hostWith()), null)
    assert.throws(
      () => readWhitelist('my.conf', 'ip,10.0.0.300,both,flows\ndomain,example.com,both\nip,::1,src,alerts'),
      (error: Error) =>
        error.message.includes('my.conf') &&
        error.message.includes('line 1') &&
        error.message.includes('line 2') &&
        !error.message.includes('line 3'),
    )
  })

  test('refuses names on the side where names never stand', () => {
    for (const rule of ['domain,example.com,src,both', 'organization,google,src,flows']) {
      assert.throws(() => readWhitelist('w', rule), /a name only stands on the dst side/)
    }
    assert.equal(
      readWhitelist('w', 'domain,example.com,both,flows').drops(lookup, hostWith()),
      'domain,example.com,both,flows',
    )
  })

  test('rules of flows leave alerts alone, and the other way round', () => {
    const flows = readWhitelist('w', 'ip,10.0.0.5,src,flows')
    assert.equal(flows.drops(conn, hostWith()), 'ip,10.0.0.5,src,flows')
    assert.equal(flows.suppresses(evidence, hostWith()), null)
    const alerts = readWhitelist('w', 'IP , 10.0.0.5 , SRC , Alerts')
    assert.equal(alerts.drops(conn, hostWith()), null)
    assert.equal(alerts.suppresses(evidence, hostWith()), 'ip,10.0.0.5,src,alerts')
  })

  test('looks only at the side it names', () => {
    assert.equal(drops('ip,10.0.0.5,dst,flows'), null)
    assert.notEqual(drops('ip,93.184.216.34,dst,flows'), null)
    assert.notEqual(drops('ip,93.184.216.34,both,both'), null)
  })

  test('takes ranges of both families', () => {
    assert.notEqual(drops('ip,10.0.0.0/24,src,flows'), null)
    assert.equal(drops('ip,10.0.1.0/24,src,flows'), null)
    assert.notEqual(drops('ip,2001:db8::/32,src,flows', { ...conn, srcIp: '2001:db8::7' }), null)
  })

  test('a domain covers itself and what is below, never its parent, by query, by resolution and by organisation', () => {
    assert.notEqual(drops('domain,example.com,dst,flows', lookup), null)
    assert.equal(drops('domain,www.example.com.cdn.net,dst,flows', lookup), null)
    assert.equal(drops('domain,a.www.example.com,dst,flows', lookup), null)
    assert.equal(drops('domain,example.com,dst,flows'), null)
    assert.notEqual(drops('domain,example.com,dst,flows', conn, hostWith(lookup)), null)
    assert.notEqual(drops('organization,google,both,flows', { ...lookup, query: 'fonts.gstatic.com' }), null)
    assert.equal(drops('organization,google,both,flows', { ...lookup, query: 'notgstatic.com' }), null)
  })

  test('evidence goes by the names its victim was resolved from', () => {
    assert.equal(
      readWhitelist('w', 'domain,example.com,dst,alerts').suppresses(evidence, hostWith(lookup)),
      'domain,example.com,dst,alerts',
    )
  })

  test('takes what is in any form of an address or a range for the same', () => {
    assert.equal(drops('ip,10.0.0.77/24,src,flows'), 'ip,10.0.0.0/24,src,flows')
    assert.equal(
      drops('ip,2001:DB8:0::/32,src,flows', { ...conn, srcIp: '2001:db8::7' }),
      'ip,2001:db8::/32,src,flows',
    )
  })

  test('no longer counts from the time it expires, which is a time of the records', () => {
    const at = (tsMs: number, rule: string) => drops(rule, { ...conn, tsMs })
    const day = Date.parse('2030-12-31')
    assert.notEqual(at(day - 1, 'ip,10.0.0.5,src,flows,2030-12-31'), null)
    assert.equal(at(day, 'ip,10.0.0.5,src,flows,2030-12-31'), null)
    assert.equal(
      at(day, 'ip,10.0.0.5,src,flows,2030-12-31\nip,10.0.0.0/8,src,flows'),
      'ip,10.0.0.0/8,src,flows',
    )
    assert.equal(
      at(day, 'ip,10.0.0.5,src,flows,2030-12-31\nip,10.0.0.5,both,flows'),
      'ip,10.0.0.5,both,flows',
    )
    assert.equal(
      at(day, 'ip,10.0.0.0/24,src,flows,2030-12-31\nip,10.0.0.0/8,src,flows'),
      'ip,10.0.0.0/8,src,flows',
    )
    assert.throws(() => readWhitelist('w', 'ip,10.0.0.5,src,flows,tomorrow'), /line 1: 'tomorrow' is no day/)
  })

  test('a rule is the same line again, comment and expiry included', () => {
    const line = 'ip,10.0.0.0/24,src,flows,2030-12-31T00:00:00.000Z,the scanner, until it moves'
    const [rule] = readAllowRules('w', line)
    assert.ok(rule !== undefined)
    assert.equal(rule.comment, 'the scanner, until it moves')
    assert.equal(formatAllowRule(rule), line)
    assert.deepEqual(readAllowRules('w', 'ip,10.0.0.5,src,flows,,why')[0]?.comment, 'why')
  })

  test('rules that come and go count from one record to the next, whatever the order they came in', () => {
    const [wide, narrow] = readAllowRules('w', 'ip,10.0.0.0/8,src,flows\nip,10.0.0.0/24,src,flows')
    assert.ok(wide !== undefined && narrow !== undefined)
    const host = hostWith()
    const one = new RuleWhitelist([wide, narrow])
    const other = new RuleWhitelist([narrow, wide])
    assert.equal(one.drops(conn, host), 'ip,10.0.0.0/24,src,flows')
    assert.equal(other.drops(conn, host), 'ip,10.0.0.0/24,src,flows')
    one.remove('ip,10.0.0.0/24,src,flows')
    assert.equal(one.drops(conn, host), 'ip,10.0.0.0/8,src,flows')
    one.clear()
    assert.equal(one.drops(conn, host), null)
    one.put({ ...wide, ignore: 'alerts' })
    assert.equal(one.drops(conn, host), null)
    assert.equal(joinWhitelists(one, other).drops(conn, host), 'ip,10.0.0.0/24,src,flows')
  })

  const suppresses = (rule: string, more: Partial<Evidence>, host = hostWith()) =>
    readWhitelist('w', rule).suppresses({ ...evidence, victim: null, ...more }, host)
  const end = (ip: string, names: readonly string[] = []) => ({ ip, port: 443, names, mac: '' })

  test('reaches evidence that has no victim by the destination it is about, its names and its network card', () => {
    const upload = { type: 'DATA_UPLOAD', dst: end('93.184.216.34', ['backup.example.com']) }
    assert.equal(
      suppresses('ip,93.184.216.34,dst,alerts', upload),
      'ip,93.184.216.34,dst,alerts',
      'not the half of the server alone',
    )
    assert.notEqual(suppresses('domain,example.com,dst,alerts', upload), null)
    assert.notEqual(
      suppresses('mac,02:00:00:00:00:09,dst,alerts', {
        ...upload,
        dst: { ...end('10.0.0.9'), mac: '02:00:00:00:00:09' },
      }),
      null,
    )
    assert.equal(suppresses('ip,93.184.216.34,src,alerts', upload), null)
    assert.equal(suppresses('ip,93.184.216.35,dst,alerts', upload), null)
  })

  test('does not hide a scan by one of the hosts it went to, nor what is asked of a resolver by the resolver', () => {
    const dst = end('93.184.216.34', ['www.example.com'])
    for (const type of ['HORIZONTAL_PORT_SCAN', 'DGA_NXDOMAINS', 'DNS_TUNNEL', 'PASSWORD_GUESSING']) {
      assert.equal(suppresses('ip,93.184.216.34,dst,alerts', { type, dst }), null, type)
      assert.equal(suppresses('domain,example.com,dst,alerts', { type, dst }), null, type)
    }
    const facts = { serverName: 'www.example.com' }
    assert.equal(
      suppresses('domain,example.com,dst,alerts', { type: 'INCOMPATIBLE_USER_AGENT', facts }),
      null,
    )
  })

  test('goes by the names in facts: of the server, of what a host turned to, of the domain that carries data', () => {
    const rule = 'domain,example.com,dst,alerts'
    for (const [type, facts] of [
      ['BEACON', { destination: 'relay.example.com', names: 'relay.example.com' }],
      ['BEACON', { destination: '93.184.216.34', names: 'a.example.net relay.EXAMPLE.com.' }],
      ['SELF_SIGNED_CERTIFICATE', { serverName: 'nas.example.com' }],
      ['EXECUTABLE_MIME_TYPE', { host: 'example.com:8080' }],
      ['DNS_TUNNEL', { domain: 'example.com' }],
    ] as const) {
      assert.equal(suppresses(rule, { type, facts }), rule, JSON.stringify(facts))
      assert.equal(suppresses('domain,example.org,dst,alerts', { type, facts }), null)
    }
    assert.notEqual(
      suppresses('ip,93.184.216.0/24,dst,alerts', {
        type: 'EXECUTABLE_MIME_TYPE',
        facts: { server: '93.184.216.34' },
      }),
      null,
    )
  })

  test('goes by the host of a URL, whatever stands around it', () => {
    for (const value of [
      'example.com/bad.exe',
      'http://www.example.com:8080/bad.exe?a=b',
      'https://user:word@example.com#x',
      'http://93.184.216.34/x',
      'http://[2606:4700::1]:80/x',
    ]) {
      const url = { victim: { direction: 'dst', type: 'url', value } } as const
      const rules = 'domain,example.com,dst,alerts\nip,93.184.216.34,dst,alerts\nip,2606:4700::1,dst,alerts'
      assert.notEqual(suppresses(rules, url), null, value)
      assert.equal(suppresses('domain,bad.exe,dst,alerts', url), null, value)
    }
    const mirror = { type: 'THREAT_INTELLIGENCE_MALICIOUS_URL', facts: { url: 'example.com/bad.exe' } }
    assert.notEqual(suppresses('domain,example.com,dst,alerts', mirror), null, 'the half of the server')
  })

  test('a Host with a port is that host', () => {
    const rules = readWhitelist('w', 'domain,example.com,dst,flows')
    assert.notEqual(rules.drops(http({ host: 'example.com:8080' }), hostWith()), null)
    assert.equal(rules.drops(http({ host: 'example.com.evil.net:80' }), hostWith()), null)
  })

  test('an IPv4 address that is written as IPv6 is that address, in rules and in records', () => {
    assert.equal(drops('ip,::ffff:93.184.216.34,dst,flows'), 'ip,93.184.216.34,dst,flows')
    assert.equal(drops('ip,64:ff9b::5db8:d822,dst,flows'), 'ip,93.184.216.34,dst,flows')
    assert.equal(drops('ip,::ffff:93.184.216.0/120,dst,flows'), 'ip,93.184.216.0/24,dst,flows')
    const translated = { ...conn, srcIp: '2606:4700::5', dstIp: '64:ff9b::5db8:d822' }
    assert.notEqual(drops('ip,93.184.216.34,dst,flows', translated), null)
    assert.notEqual(drops('ip,93.184.0.0/16,dst,flows', translated), null)
  })

  test('an organisation does not cover names that its customers may take, a rule for such a name does', () => {
    const host = new HostMemory()
    const rules = readWhitelist('w', 'organization,microsoft,both,both\norganization,google,both,both\n')
    for (const query of [
      'evil.eastus.cloudapp.azure.com',
      'evil.azureedge.net',
      'evil.storage.googleapis.com',
    ])
      assert.equal(rules.drops({ ...lookup, query, answers: [] }, host), null, query)
    for (const query of ['login.windows.net', 'www.googleapis.com'])
      assert.notEqual(rules.drops({ ...lookup, query, answers: [] }, host), null, query)
    const own = readWhitelist('w', 'domain,azureedge.net,both,both\n')
    assert.notEqual(own.drops({ ...lookup, query: 'evil.azureedge.net', answers: [] }, host), null)
  })

  test('an organisation covers its own ranges, and its AS numbers where a database knows them', () => {
    const rule = 'organization,google,both,both'
    const rules = readWhitelist('w', rule)
    const to = (dstIp: string) => ({ ...conn, dstIp })
    assert.equal(rules.drops(to('8.8.8.8'), hostWith()), rule)
    assert.equal(rules.drops(to('93.184.216.34'), hostWith()), null)
    const own = 'organization,facebook,dst,flows'
    const asns = { placeOf: () => ({ country: '', asn: 32934, asName: 'Facebook' }) }
    const rented = { placeOf: () => ({ country: '', asn: 396982, asName: 'Google Cloud' }) }
    assert.equal(readWhitelist('w', own).drops(to('198.18.5.5'), hostWith(), asns), own)
    assert.equal(
      readWhitelist('w', rule).drops(to('198.18.5.5'), hostWith(), rented),
      null,
      'addresses let to anybody are not its own',
    )
    assert.equal(
      rules.suppresses({ ...evidence, victim: null, type: 'DATA_UPLOAD', dst: end('8.8.8.8') }, hostWith()),
      rule,
    )
  })

  test('a name that is only said counts where DNS, the address or a proxy of the place bears it out', () => {
    const rules = readWhitelist('w', 'organization,google,both,both\ndomain,example.com,both,both')
    const resolving = hostWith({ ...lookup, query: 'www.other.org', answers: ['93.184.216.99'] })
    const google = { host: 'www.google.com', serverName: 'www.google.com', tsMs: 1_500 }
    for (const record of [http(google), tls(google)]) {
      assert.equal(rules.drops(record, resolving), null, record.kind)
      assert.notEqual(rules.drops(record, hostWith()), null, 'no DNS of the host is in sight')
      assert.notEqual(rules.drops({ ...record, dstIp: '10.0.0.8' }, resolving), null, 'a proxy')
      assert.notEqual(rules.drops({ ...record, dstIp: '142.250.1.1' }, resolving), null, 'its own address')
      const named = hostWith({ ...lookup, query: 'www.google.com' })
      assert.notEqual(rules.drops(record, named), null, 'DNS')
    }
    assert.equal(rules.drops(tls({ serverName: '', subject: 'CN=*.example.com' }), resolving), null)
    const other = readWhitelist('w', 'domain,example.com,both,both')
    assert.equal(other.drops(http({ host: 'example.com', dstIp: '142.250.1.1' }), resolving), null)
  })

  test('a name that is only said hides no evidence of the server either', () => {
    const rule = 'domain,example.com,dst,alerts'
    const resolving = hostWith({ ...lookup, query: 'www.other.org', answers: ['93.184.216.99'] })
    const page = {
      type: 'EXECUTABLE_MIME_TYPE',
      facts: { host: 'example.com', server: '45.77.1.9' },
      dst: end('45.77.1.9'),
    }
    assert.equal(suppresses(rule, page, resolving), null)
    assert.equal(suppresses(rule, { ...page, dst: end('45.77.1.9', ['example.com']) }, resolving), rule)
    assert.equal(suppresses(rule, { ...page, dst: end('10.0.0.8') }, resolving), rule)
    const url = { type: 'url', direction: 'dst', value: 'http://example.com/a' } as const
    const listed = { type: 'THREAT_INTELLIGENCE_MALICIOUS_URL', victim: url, dst: end('45.77.1.9') }
    assert.equal(suppresses(rule, listed, resolving), null)
    const tunnel = { type: 'DNS_TUNNEL', facts: { domain: 'example.com' }, dst: end('9.9.9.9') }
    assert.equal(suppresses(rule, tunnel, resolving), rule, 'a name that was asked for')
  })

  test('answers of DNS let no question through', () => {
    const asked = { ...lookup, query: 'f00d.t.evil-tun.com', answers: ['8.8.8.8'] }
    assert.equal(drops('organization,google,both,both', asked), null)
    assert.equal(drops('ip,8.8.8.8,both,flows', asked), null)
    assert.notEqual(drops('domain,evil-tun.com,both,flows', asked), null)
  })

  test('a MAC covers its host', () => {
    assert.notEqual(drops('mac,02:00:00:00:00:05,src,flows'), null)
    assert.equal(drops('mac,02:00:00:00:00:06,src,flows'), null)
  })
})
