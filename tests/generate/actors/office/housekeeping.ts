import { type Host, host, officeZone } from '../../network.ts'
import type { Stage } from '../../stage.ts'

/** What a workstation does by itself: lease, clock, neighbours, greetings to the segment, push channel. */
export function keepHouse(stage: Stage, who: Host, fromMs: number): void {
  leases(stage, who, fromMs)
  clock(stage, who, fromMs)
  neighbours(stage, who, fromMs)
  greetings(stage, who, fromMs)
}

function leases(stage: Stage, who: Host, fromMs: number): void {
  const server = host('dhcp')
  for (let at = fromMs; at < stage.lastsMs; at += 1_800_000 + stage.random.between(-60_000, 60_000)) {
    const conn = stage.connect({
      from: who,
      to: server,
      proto: 'udp',
      srcPort: 68,
      port: 67,
      service: 'dhcp',
      atMs: at,
      durationMs: stage.random.between(1, 12),
      srcBytes: 300,
      dstBytes: 308,
    })
    stage.write({
      kind: 'dhcp',
      conn,
      atUs: conn.startUs,
      writtenUs: conn.endUs,
      mac: who.mac,
      clientIp: who.ip,
      serverIp: server.ip,
      requestedIp: who.ip,
      assignedIp: who.ip,
      hostName: who.name,
      types: ['REQUEST', 'ACK'],
    })
    if (at === fromMs) {
      // A client that has just got its address asks whether anybody has it, then announces it (RFC 5227).
      const body = { operation: 'request', from: who, to: who } as const
      stage.arp({ ...body, atMs: at + 100, srcIp: '0.0.0.0' })
      stage.arp({ ...body, atMs: at + 2100 })
    }
  }
}

function clock(stage: Stage, who: Host, fromMs: number): void {
  const everyMs = stage.random.pick([512_000, 1_024_000])
  for (let at = fromMs + stage.random.between(0, everyMs); at < stage.lastsMs; at += everyMs) {
    const { server, readyMs } = stage.resolve(who, 'time.ntp-pool.example', at)
    stage.connect({
      from: who,
      to: server,
      proto: 'udp',
      port: 123,
      service: 'ntp',
      atMs: readyMs,
      durationMs: stage.random.between(10, 45),
      srcBytes: 48,
      dstBytes: 48,
    })
  }
}

/** Broadcast requests stay more than 15 s apart, as an idle cache of a handful of neighbours makes them. */
function neighbours(stage: Stage, who: Host, fromMs: number): void {
  const usual = ['gateway', 'resolver', 'dc-1', 'files-1', 'mail', 'print-1'].map(host)
  for (let at = fromMs + 20_000; at < stage.lastsMs; at += stage.random.between(16_000, 240_000)) {
    const other = stage.random.pick(usual)
    const known = stage.random.chance(0.7)
    // A cached neighbour is asked directly, by its own address (RFC 1122, unicast poll).
    const unicast = { dstMac: other.mac, dstHw: other.mac }
    stage.arp({ operation: 'request', from: who, to: other, atMs: at, ...(known ? unicast : {}) })
    stage.arp({ operation: 'reply', from: other, to: who, atMs: at + stage.random.between(0.1, 0.9) })
  }
}

const groups = [
  { to: host('224.0.0.251'), port: 5353, bytes: 46 },
  { to: host('239.255.255.250'), port: 1900, bytes: 174 },
  { to: host('224.0.0.252'), port: 5355, bytes: 28 },
] as const

function greetings(stage: Stage, who: Host, fromMs: number): void {
  for (const at of stage.moments(400_000, fromMs)) {
    const group = stage.random.pick(groups)
    stage.connect({
      from: who,
      to: { ...group.to, mac: '01:00:5e:00:00:fb' },
      proto: 'udp',
      port: group.port,
      srcPort: group.port === 5353 ? 5353 : stage.random.int(49152, 65535),
      service: group.port === 1900 ? '' : 'dns',
      atMs: at,
      outcome: 'unanswered',
      tries: stage.random.int(1, 3),
      srcBytes: group.bytes * 2,
    })
  }
  for (const at of stage.moments(1_500_000, fromMs)) {
    const last = who.ip.split('.').reverse().join('.')
    stage.lookup({
      from: who,
      query: `${last}.in-addr.arpa`,
      qtype: 'PTR',
      atMs: at,
      answers: [`${who.name}.${officeZone}`],
    })
  }
}

/** The gateway asks for the workstations it has packets for, one at a time, far below what a scan looks like. */
export function gatewayNeighbours(stage: Stage, workstations: readonly Host[]): void {
  const gateway = host('gateway')
  for (let at = 5_000; at < stage.lastsMs; at += stage.random.between(12_000, 45_000)) {
    const who = stage.random.pick(workstations)
    stage.arp({ operation: 'request', from: gateway, to: who, atMs: at })
    stage.arp({ operation: 'reply', from: who, to: gateway, atMs: at + 0.4 })
  }
}
