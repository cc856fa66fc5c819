import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scenario } from '../scenarios/office-day/scenario.ts'
import { isLocal } from './network.ts'
import { play } from './play.ts'
import type { Connection, Message, Wire } from './wire.ts'

const wires = [scenario.seed, 2, 3].map((seed) => play(scenario, seed))

/** A multicast, broadcast or otherwise unconnectable address. */
const isGroup = (ip: string) => /^2(2[4-9]|[3-5]\d)\./.test(ip)

function of<K extends Message['kind']>(wire: Wire, kind: K): Extract<Message, { kind: K }>[] {
  return wire.messages.filter((message): message is Extract<Message, { kind: K }> => message.kind === kind)
}

/** The largest number of distinct values of one key in one hour of the clock. */
function mostDistinct<T extends { atUs: number }>(
  items: Iterable<T>,
  key: (item: T) => string,
  value: (item: T) => string,
) {
  const seen = new Map<string, Set<string>>()
  for (const item of items) {
    const bucket = `${key(item)} ${Math.floor(item.atUs / 3.6e9)}`
    const values = seen.get(bucket) ?? new Set()
    seen.set(bucket, values.add(value(item)))
  }
  return Math.max(0, ...[...seen.values()].map((values) => values.size))
}

const timed = (connections: readonly Connection[]) =>
  connections.map((conn) => ({ atUs: conn.startUs, conn }))

test('in an office, a host looks a public address up before it first connects to it', () => {
  for (const wire of wires) {
    const known = new Map<string, number>()
    for (const dns of of(wire, 'dns')) {
      for (const { data } of dns.answers) {
        const key = `${dns.conn.srcIp} ${data}`
        known.set(key, Math.min(known.get(key) ?? Number.POSITIVE_INFINITY, dns.writtenUs))
      }
    }
    let contacts = 0
    for (const conn of wire.connections) {
      if (isLocal(conn.dstIp) || isGroup(conn.dstIp)) continue
      contacts++
      const at = known.get(`${conn.srcIp} ${conn.dstIp}`) ?? Number.POSITIVE_INFINITY
      assert.ok(at < conn.startUs, `${conn.srcIp} to ${conn.dstIp}`)
    }
    assert.ok(contacts > 5000)
  }
})

test('an office looks like one: every kind of work is in it', () => {
  const [wire] = wires
  assert.ok(wire)
  const services = new Set(wire.connections.map((conn) => conn.service))
  for (const service of [
    'dns',
    'tls',
    'quic',
    'http',
    'ntp',
    'dhcp',
    'smb',
    'kerberos',
    'ldap',
    'smtp',
    'stun',
  ]) {
    assert.ok(
      [...services].some((one) => one === service),
      service,
    )
  }
  const outcomes = new Set(wire.connections.map((conn) => conn.outcome))
  assert.deepEqual([...outcomes].sort(), ['finished', 'open', 'rejected', 'reset-by-client', 'unanswered'])
  assert.ok(of(wire, 'dns').some((dns) => dns.qtype === 'TXT'))
  assert.ok(wire.connections.some((conn) => conn.dstBytes > 5e7))
  assert.ok(wire.connections.every((conn) => conn.truth.label === 'Benign'))
})

test('failures of an office stay below what a scan, a retry or a DGA looks like', () => {
  for (const wire of wires) {
    const failed = timed(wire.connections).filter(
      ({ conn }) =>
        ['unanswered', 'rejected'].includes(conn.outcome) && !isGroup(conn.dstIp) && conn.proto !== 'icmp',
    )
    assert.ok(
      mostDistinct(
        failed,
        ({ conn }) => `${conn.srcIp} ${conn.proto} ${conn.dstPort}`,
        ({ conn }) => conn.dstIp,
      ) < 6,
    )
    assert.ok(
      mostDistinct(
        failed,
        ({ conn }) => `${conn.srcIp} ${conn.dstIp}`,
        ({ conn }) => `${conn.dstPort}`,
      ) < 6,
    )
    const refused = failed.filter(({ conn }) => conn.outcome === 'rejected')
    const target = (conn: Connection) => `${conn.srcIp} ${conn.dstIp} ${conn.dstPort}`
    assert.ok(
      mostDistinct(
        refused,
        ({ conn }) => target(conn),
        ({ conn }) => conn.uid,
      ) < 5,
    )
    const unknown = of(wire, 'dns').filter((dns) => dns.rcode === 'NXDOMAIN')
    assert.ok(unknown.length > 0)
    assert.ok(
      mostDistinct(
        unknown,
        (dns) => dns.conn.srcIp,
        (dns) => dns.query,
      ) < 10,
    )
    assert.ok(
      mostDistinct(
        of(wire, 'dhcp'),
        (dhcp) => dhcp.clientIp,
        (dhcp) => dhcp.requestedIp,
      ) < 4,
    )
  }
})

test('an office asks the segment for fewer than five addresses in any thirty seconds of a host', () => {
  for (const wire of wires) {
    const requests = of(wire, 'arp').filter(
      (arp) => arp.operation === 'request' && arp.dstHw === '00:00:00:00:00:00',
    )
    for (const [src, asked] of Map.groupBy(requests, (arp) => arp.srcIp)) {
      if (src === '0.0.0.0') continue
      for (const first of asked) {
        const soon = asked.filter((arp) => arp.atUs >= first.atUs && arp.atUs <= first.atUs + 30e6)
        assert.ok(new Set(soon.map((arp) => arp.dstIp)).size < 5, src)
      }
    }
    assert.ok(
      of(wire, 'arp').every((arp) => arp.operation === 'request' || arp.dstHw !== 'ff:ff:ff:ff:ff:ff'),
    )
  }
})

test('connections of an office are short, modest, on known ports and speak what their port is for', () => {
  const known = new Set([
    ...[53, 67, 80, 88, 123, 389, 443, 445, 587, 631, 993, 1900, 5223, 5353, 5355, 9100, 3479, 3480],
  ])
  const onPort: Record<number, string[]> = { 80: ['http'], 443: ['tls', 'quic'] }
  for (const wire of wires) {
    const sent = new Map<string, number>()
    for (const conn of wire.connections) {
      assert.ok(conn.endUs - conn.startUs <= 1500e6)
      assert.ok(conn.srcBytes < 9e7)
      const key = `${conn.srcIp} ${conn.dstIp} ${Math.floor(conn.startUs / 3.6e9)}`
      sent.set(key, (sent.get(key) ?? 0) + conn.srcBytes)
      if (conn.proto === 'icmp') continue
      assert.ok(known.has(conn.dstPort), `${conn.dstPort}/${conn.proto}`)
      const spoken = onPort[conn.dstPort]
      if (spoken !== undefined && conn.srcBytes + conn.dstBytes > 0) assert.ok(spoken.includes(conn.service))
    }
    assert.ok(Math.max(...sent.values()) < 4e8)
  }
})

test('an empty connection of an office has one beside it that says what the port is for', () => {
  for (const wire of wires) {
    const web = wire.connections.filter((conn) => conn.proto === 'tcp' && [80, 443].includes(conn.dstPort))
    const reached = web.filter((conn) => conn.outcome !== 'unanswered')
    const empty = reached.filter((conn) => conn.service === '')
    assert.ok(empty.length > 0)
    for (const one of empty) {
      const beside = reached.some(
        (conn) =>
          conn.service !== '' &&
          conn.srcIp === one.srcIp &&
          conn.dstIp === one.dstIp &&
          conn.dstPort === one.dstPort &&
          Math.abs(conn.startUs - one.startUs) < 300e6,
      )
      assert.ok(beside, `${one.srcIp} to ${one.dstIp}`)
    }
  }
})

test('nothing an office says is what a detector listens for', () => {
  for (const wire of wires) {
    assert.deepEqual(of(wire, 'ssh'), [])
    assert.deepEqual(of(wire, 'tunnel'), [])
    for (const smtp of of(wire, 'smtp')) assert.doesNotMatch(smtp.lastReply, /^(454|53[045])/)
    for (const http of of(wire, 'http')) {
      assert.doesNotMatch(http.userAgent, /httpsend|chm_msdn|pb|jndi|tesseract/i)
      assert.doesNotMatch(http.mimeType, /octet-stream|x-ms|x-dos|x-exe|x-win/)
    }
    for (const dns of of(wire, 'dns')) {
      const inside = dns.answers.some((answer) => answer.type === 'A' && isLocal(answer.data))
      if (inside) assert.match(dns.query, /\.office\.local$/)
      if (dns.qtype === 'TXT') assert.match(dns.answers[0]?.data ?? '', /^v=(spf1|DKIM1|DMARC1)/)
    }
  }
})
