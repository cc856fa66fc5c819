import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Conn, Dns, Evidence } from '@weir/schemas'
import { emptyHostMemory, HostMemory, remember } from './host-memory.ts'
import { readWhitelist } from './whitelist.ts'

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
  for (const record of records) remember(state, record)
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

  test('a MAC covers its host', () => {
    assert.notEqual(drops('mac,02:00:00:00:00:05,src,flows'), null)
    assert.equal(drops('mac,02:00:00:00:00:06,src,flows'), null)
  })
})
