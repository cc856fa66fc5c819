import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressTaken, arpOutside, arpPoisoning, arpScan, unsolicitedArp } from './actors/arp-abuse.ts'
import { dhcpStarvation } from './actors/dhcp-starvation.ts'
import {
  dga,
  dnsRebinding,
  dnsTxtTunnel,
  dnsUpload,
  nameRush,
  ordersInAddresses,
  resolverElsewhere,
  reverseWalk,
} from './actors/dns-abuse.ts'
import { greTunnel } from './actors/gre-tunnel.ts'
import { horizontalScan } from './actors/horizontal-scan.ts'
import { icmpSweep } from './actors/icmp-sweep.ts'
import { commandServer, commandServerTraits, relayClient, visitor } from './actors/listed-contacts.ts'
import {
  beacon,
  connectionWithoutDns,
  dataUpload,
  keptOpen,
  longConnection,
  longContact,
  nonHttpOnPort80,
  nonTlsOnPort443,
  portZero,
  reconnections,
  severalChannels,
  slowExfiltration,
  slowKnocks,
  strobe,
  telnetTries,
  unknownPort,
  visit,
} from './actors/outgoing.ts'
import { portSweep } from './actors/port-sweep.ts'
import { smtpBruteForce } from './actors/smtp-logins.ts'
import { sshBruteForce } from './actors/ssh.ts'
import { executableDownload, suspiciousUserAgent } from './actors/web-abuse.ts'
import { hours, minutes } from './durations.ts'
import { addressesOf, host, isLocal } from './network.ts'
import { play } from './play.ts'
import { defineScenario } from './scenario.ts'
import type { Actor } from './stage.ts'
import type { Message, Wire } from './wire.ts'

const aim = { from: 'ws-3', at: minutes(5) }

function alone(actor: Actor): Wire {
  return play(
    defineScenario({
      story: 'x',
      seed: 4,
      lasts: hours(1),
      play: [actor],
      expect: [],
      otherwiseQuiet: false,
    }),
  )
}

function messages<K extends Message['kind']>(wire: Wire, kind: K): Extract<Message, { kind: K }>[] {
  return wire.messages.filter((message): message is Extract<Message, { kind: K }> => message.kind === kind)
}

/** Everything but the look-up before it. */
function payload(actor: Actor): Wire['connections'] {
  return alone(actor).connections.filter((conn) => conn.service !== 'dns')
}

function entropyBits(text: string): number {
  const shares = [...Map.groupBy(text, (char) => char).values()].map((same) => same.length / text.length)
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0)
}

test('scans fail against as many ports or hosts as they were told to', () => {
  const swept = payload(portSweep({ ...aim, to: 'files-1', ports: 200, refused: 0.9 }))
  assert.equal(new Set(swept.map((conn) => conn.dstPort)).size, 200)
  const refused = swept.filter((conn) => conn.outcome === 'rejected').length
  assert.ok(refused > 160 && refused < 195, `${refused}`)
  const scanned = payload(horizontalScan({ ...aim, port: 445, targets: 60 }))
  assert.equal(new Set(scanned.map((conn) => conn.dstIp)).size, 60)
  assert.ok(scanned.every((conn) => conn.dstPort === 445 && conn.srcBytes === 0))
})

test('single connections have the one property they are there for', () => {
  const to = 'edge.some-place-1190.net'
  const [long] = payload(longConnection({ ...aim, to, lasts: minutes(50) }))
  assert.ok(long !== undefined && long.endUs - long.startUs === 3000e6)
  const [odd] = payload(unknownPort({ ...aim, to }))
  assert.ok(odd?.dstPort === 13337 && odd.outcome === 'finished' && odd.dstBytes > 0)
  const [zero] = payload(portZero({ ...aim, to: 'db-1' }))
  assert.ok(zero?.dstPort === 0 && zero.srcPort > 0)
  const [plain] = payload(nonHttpOnPort80({ ...aim, to }))
  assert.ok(plain?.dstPort === 80 && plain.service === '' && plain.srcBytes > 0)
  const [dark] = payload(nonTlsOnPort443({ ...aim, to }))
  assert.ok(dark?.dstPort === 443 && dark.service === '' && dark.srcBytes > 0)
  assert.deepEqual(messages(alone(connectionWithoutDns({ ...aim, to: '185.60.180.77' })), 'dns'), [])
  const again = payload(reconnections({ ...aim, to: 'files-2', port: 3389 }))
  assert.ok(again.length >= 5 && again.every((conn) => conn.outcome === 'rejected' && conn.dstPort === 3389))
})

test('uploads send what they were told to, in one connection or in many small ones', () => {
  const to = 'drop.some-place-1190.net'
  const [one] = payload(dataUpload({ ...aim, to, megabytes: 150 }))
  assert.ok((one?.srcBytes ?? 0) >= 150e6 && (one?.srcPkts ?? 0) > 100_000)
  const many = payload(slowExfiltration({ ...aim, to, megabytes: 600, portions: 12, everyMs: minutes(4) }))
  assert.equal(new Set(many.map((conn) => conn.dstIp)).size, 1)
  assert.ok(many.every((conn) => conn.srcBytes < 9e7))
  assert.ok(many.reduce((sum, conn) => sum + conn.srcBytes, 0) >= 600e6)
})

test('a beacon keeps its interval and its size', () => {
  const sent = payload(
    beacon({ ...aim, to: 'c2.some-place-1190.net', port: 13337, everyMs: 60_000, times: 40 }),
  )
  assert.equal(sent.length, 40)
  for (let i = 1; i < sent.length; i++) {
    const gapMs = ((sent[i]?.startUs ?? 0) - (sent[i - 1]?.startUs ?? 0)) / 1000
    assert.ok(Math.abs(gapMs - 60_000) < 2000)
    assert.ok((sent[i]?.srcBytes ?? 0) < 330)
  }
})

test('names are abused as their detectors look for it', () => {
  const txt = messages(alone(dnsTxtTunnel({ ...aim, domain: 't.some-place-1190.net', answers: 10 })), 'dns')
  assert.equal(txt.length, 10)
  for (const { answers } of txt) assert.ok(entropyBits(answers[0]?.data ?? '') >= 5.2)
  const [rebound] = messages(
    alone(dnsRebinding({ ...aim, domain: 'w.some-place-1190.net', answer: 'intranet' })),
    'dns',
  )
  assert.ok(isLocal(rebound?.answers[0]?.data ?? '') && !isLocal(rebound?.conn.dstIp ?? ''))
  const failed = messages(alone(dga({ ...aim, names: 40 })), 'dns')
  assert.equal(new Set(failed.map((dns) => dns.query)).size, 40)
  assert.ok(failed.every((dns) => dns.rcode === 'NXDOMAIN'))
})

test('logins are guessed fast enough, and a failed SSH session stays small on the wire', () => {
  const guessed = alone(sshBruteForce({ ...aim, to: 'jump', sessions: 20, thenIn: true }))
  const results = messages(guessed, 'ssh').map((ssh) => ssh.success)
  assert.deepEqual(results, [...Array<boolean>(20).fill(false), true])
  for (const { conn, success } of messages(guessed, 'ssh')) {
    const wireBytes = conn.srcBytes + conn.dstBytes + 66 * (conn.srcPkts + conn.dstPkts)
    assert.equal(wireBytes > 4290, success)
  }
  const refused = messages(alone(smtpBruteForce({ ...aim, to: 'mail', logins: 5 })), 'smtp')
  assert.ok(refused.every((smtp) => smtp.lastReply.startsWith('535')))
  assert.ok((refused[2]?.atUs ?? 0) - (refused[0]?.atUs ?? 0) < 10e6)
})

test('the segment and its services are abused as their detectors look for it', () => {
  const leases = messages(alone(dhcpStarvation({ ...aim, addresses: 12 })), 'dhcp')
  assert.equal(new Set(leases.map((dhcp) => dhcp.requestedIp)).size, 12)
  const asked = messages(alone(arpScan({ ...aim, addresses: 30 })), 'arp').filter(
    (arp) => arp.operation === 'request',
  )
  assert.ok(asked.length === 30 && (asked.at(-1)?.atUs ?? 0) - (asked[0]?.atUs ?? 0) < 30e6)
  for (const arp of messages(alone(unsolicitedArp(aim)), 'arp')) {
    assert.deepEqual(
      [arp.operation, arp.dstMac, arp.dstHw],
      ['reply', 'ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff'],
    )
  }
  const tunnel = alone(greTunnel({ ...aim, to: '151.101.190.41', lasts: minutes(5) }))
  assert.deepEqual(
    messages(tunnel, 'tunnel').map(({ action }) => action),
    ['DISCOVER', 'CLOSE'],
  )
  assert.ok(tunnel.connections.every((conn) => conn.tunnelUid === messages(tunnel, 'tunnel')[0]?.uid))
})

test('downloads and user agents are what they should not be', () => {
  const domain = 'docs.some-place-1190.net'
  const wire = alone(executableDownload({ ...aim, domain }))
  assert.equal(messages(wire, 'http')[0]?.mimeType, 'application/x-dosexec')
  assert.equal(messages(wire, 'file')[0]?.fileId, messages(wire, 'http')[0]?.fileId)
  assert.match(
    messages(alone(suspiciousUserAgent({ ...aim, domain })), 'http')[0]?.userAgent ?? '',
    /httpsend/i,
  )
  assert.equal(host(domain).ip, addressesOf(domain)[0])
})

test('a bot shows the same fingerprints and the same certificate each time it calls', () => {
  const { messages } = alone(
    commandServer({ ...aim, domain: 'c2.example.net', times: 5, everyMs: minutes(2) }),
  )
  const hellos = messages.filter((message) => message.kind === 'tls')
  assert.equal(hellos.length, 5)
  for (const { ja3, ja3s, fingerprint, serverName } of hellos) {
    assert.deepEqual({ ja3, ja3s, certificateSha256: fingerprint }, commandServerTraits)
    assert.equal(serverName, 'c2.example.net')
  }
})

test('a visitor comes from outside, and the client of a relay asks nobody where it is', () => {
  const wire = alone(visitor({ from: '185.60.201.77', to: 'intranet', at: minutes(5) }))
  assert.deepEqual(
    wire.connections.map(({ srcIp, dstIp }) => [isLocal(srcIp), isLocal(dstIp)]),
    [[false, true]],
  )
  const client = alone(relayClient({ ...aim, to: '185.60.202.9' }))
  assert.equal(client.connections.length, 1)
  assert.equal(client.messages.length, 0)
})

test('tries, visits and channels go where they were told to', () => {
  const tried = payload(telnetTries({ ...aim, to: 'print-1', times: 6 }))
  assert.ok(
    tried.length === 6 && tried.every((conn) => conn.dstPkts === 0 && [23, 2323].includes(conn.dstPort)),
  )
  const [seen] = payload(visit({ ...aim, to: 'ws-6', port: 3389 }))
  assert.ok(seen?.dstPort === 3389 && isLocal(seen.dstIp) && seen.dstBytes > 0)
  const channels = payload(severalChannels({ ...aim, to: 'c.some-place-1190.net', ports: [13337, 14448] }))
  assert.deepEqual(
    channels.map((conn) => conn.dstPort),
    [13337, 14448],
  )
  assert.equal(new Set(channels.map((conn) => conn.dstIp)).size, 1)
  const swept = payload(icmpSweep({ ...aim, addresses: 30, question: 'timestamp' }))
  assert.ok(swept.length === 30 && swept.every((conn) => conn.proto === 'icmp' && conn.srcPort === 13))
  assert.ok(swept.some((conn) => conn.dstPkts > 0) && swept.some((conn) => conn.dstPkts === 0))
})

test('names are asked for and not used', () => {
  const asked = alone(
    ordersInAddresses({ ...aim, domain: 's.some-place-1190.net', everyMs: 60_000, times: 5 }),
  )
  const [first] = messages(asked, 'dns')
  assert.equal(messages(asked, 'dns').length, 5)
  assert.ok(asked.connections.every((conn) => conn.dstIp !== first?.answers[0]?.data))
  const walked = messages(alone(reverseWalk({ ...aim, addresses: 40 })), 'dns')
  assert.ok(new Set(walked.map((dns) => dns.query)).size === 40)
  assert.ok((walked[9]?.atUs ?? 0) - (walked[0]?.atUs ?? 0) < 2e6)
  const elsewhere = messages(alone(resolverElsewhere({ ...aim, resolver: '192.168.77.53', times: 3 })), 'dns')
  assert.ok(elsewhere.every((dns) => dns.conn.dstIp === '192.168.77.53' && dns.answers.length === 0))
})

test('addresses are asked for, taken and claimed by ARP', () => {
  const outside = messages(alone(arpOutside({ ...aim, addresses: ['69.220.152.10'] })), 'arp')
  assert.ok(outside.every((arp) => arp.operation === 'request' && !isLocal(arp.dstIp)))
  const between = ['ws-2', 'gateway'] as const
  const poisoned = messages(alone(arpPoisoning({ ...aim, between, lasts: minutes(1) })), 'arp')
  assert.deepEqual(new Set(poisoned.map((arp) => arp.srcIp)), new Set(between.map((name) => host(name).ip)))
  assert.ok(poisoned.every((arp) => arp.srcMac === host('ws-3').mac))
  const taken = alone(addressTaken({ as: 'ws-9', formerIp: '10.20.99.7', from: 0, at: minutes(20) }))
  const own = messages(taken, 'arp').filter((arp) => arp.srcMac === host('ws-9').mac)
  assert.deepEqual([...new Set(own.map((arp) => arp.srcIp))], ['10.20.99.7', host('ws-9').ip])
})

test('data leaves in names, each its own, and generated names are of one length', () => {
  const sent = messages(
    alone(dnsUpload({ ...aim, domain: 'u.some-place-1190.net', pieces: 80, gapMs: 1_000 })),
    'dns',
  )
  assert.equal(new Set(sent.map((dns) => dns.query)).size, 80)
  assert.ok(sent.every(({ query }) => query.length > 60))
  const rush = messages(alone(nameRush({ ...aim, names: 300, gapMs: 30 })), 'dns')
  assert.equal(new Set(rush.map(({ query }) => query.length)).size, 1)
  assert.ok((rush.at(-1)?.atUs ?? 0) - (rush[0]?.atUs ?? 0) < 60e6)
})

test('connections are opened by the hundred, kept open, and follow each other', () => {
  const to = 'c2.some-place-1190.net'
  const many = payload(strobe({ ...aim, to, times: 500, everyMs: 500 }))
  assert.equal(many.length, 500)
  assert.equal(new Set(many.map((conn) => conn.dstPort)).size, 1)
  const pieces = payload(keptOpen({ ...aim, to, port: 8_443, pieces: 5, everyMs: 600_000 }))
  assert.equal(new Set(pieces.map((conn) => conn.srcPort)).size, 1)
  assert.ok(pieces.every((conn) => conn.outcome === 'open'))
  const sessions = payload(longContact({ ...aim, to, sessions: 3, lasts: minutes(15), pauseMs: minutes(2) }))
  assert.equal(new Set(sessions.map((conn) => conn.srcPort)).size, 3)
  for (let i = 1; i < sessions.length; i++) {
    assert.ok((sessions[i]?.startUs ?? 0) >= (sessions[i - 1]?.endUs ?? 0))
  }
})

test('somebody outside knocks at another port each time', () => {
  const knocks = alone(
    slowKnocks({ ...aim, from: '93.174.95.106', to: 'files-1', knocks: 4, everyMs: minutes(12) }),
  ).connections
  assert.equal(new Set(knocks.map((conn) => conn.dstPort)).size, 4)
  assert.ok(knocks.every((conn) => conn.outcome === 'unanswered' && !isLocal(conn.srcIp)))
})
