import { type GreFlow, greFlows } from './gre-flows.ts'
import { isSix } from './network.ts'
import type { ArpMessage, Connection, Wire } from './wire.ts'
import { ethernetBytes, headerBytes } from './wire-bytes.ts'

export type ArgusOptions = {
  /** Fills the `Label` column as labelled captures do, `flow=From-Malicious-port-sweep`. */
  readonly labelled?: boolean
}

const header =
  'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,SrcPkts,Label'

/**
 * One file of bidirectional flows, a row for each connection, each GRE tunnel and each ARP question, in order of its end. Times are UTC, as `ra -u` would not
 * say.
 */
export function writeArgus(wire: Wire, options: ArgusOptions = {}): Map<string, string[]> {
  const timed = [
    ...wire.connections.map((conn) => [conn.endUs, row(conn, options)] as const),
    ...greFlows(wire).map((flow) => [flow.endUs, greRow(flow, options)] as const),
    ...wire.messages.flatMap((message) =>
      message.kind === 'arp' && message.operation === 'request'
        ? [[message.atUs, arpRow(message, options)] as const]
        : [],
    ),
  ]
  const rows = timed.toSorted(([a], [b]) => a - b).map(([, text]) => text)
  return new Map([['argus.binetflow', [header, ...rows]]])
}

/** Whether somebody answered is left open, as it is where the answer went another way. */
function arpRow({ srcIp, dstIp, atUs, truth }: ArpMessage, options: ArgusOptions): string {
  const cells = [
    startTime(atUs),
    '0.000000',
    'arp',
    srcIp,
    '',
    '  who',
    dstIp,
    '',
    'INT',
    '',
    '',
    1,
    42,
    42,
    1,
  ]
  return [...cells, labelOf(truth, options)].join(',')
}

function greRow(flow: GreFlow, options: ArgusOptions): string {
  const { srcIp, dstIp, startUs, endUs, srcPkts, dstPkts, truth } = flow
  const isAnswered = dstPkts > 0
  const srcBytes = flow.srcBytes + srcPkts * ethernetBytes
  const dstBytes = flow.dstBytes + dstPkts * ethernetBytes
  return [
    startTime(startUs),
    ((endUs - startUs) / 1e6).toFixed(6),
    'gre',
    srcIp,
    '',
    isAnswered ? '  <->' : '   ->',
    dstIp,
    '',
    isAnswered ? 'CON' : 'INT',
    0,
    isAnswered ? 0 : '',
    srcPkts + dstPkts,
    srcBytes + dstBytes,
    srcBytes,
    srcPkts,
    labelOf(truth, options),
  ].join(',')
}

function labelOf(truth: Connection['truth'], { labelled }: ArgusOptions): string {
  return labelled === true ? `flow=From-${truth.label}-${truth.detail}` : ''
}

function row(conn: Connection, options: ArgusOptions): string {
  const srcBytes = conn.srcBytes + conn.srcPkts * (ethernetBytes + headerBytes(conn, 'src'))
  const dstBytes = conn.dstBytes + conn.dstPkts * (ethernetBytes + headerBytes(conn, 'dst'))
  const icmp = conn.proto === 'icmp'
  return [
    startTime(conn.startUs),
    ((conn.endUs - conn.startUs) / 1e6).toFixed(6),
    icmp && isSix(conn.srcIp) ? 'ipv6-icmp' : conn.proto,
    conn.srcIp,
    icmp ? hex16(conn.srcPort) : conn.srcPort,
    conn.proto !== 'tcp' && conn.dstPkts > 0 ? '  <->' : '   ->',
    conn.dstIp,
    icmp ? hex16(conn.dstPort) : conn.dstPort,
    stateOf(conn),
    0,
    conn.dstPkts > 0 ? 0 : '',
    conn.srcPkts + conn.dstPkts,
    srcBytes + dstBytes,
    srcBytes,
    conn.srcPkts,
    labelOf(conn.truth, options),
  ].join(',')
}

/** The TCP flags seen from each side; a connection without data shows no P. */
function stateOf(conn: Connection): string {
  if (conn.proto === 'icmp') return 'ECO'
  if (conn.proto === 'udp') return conn.dstPkts > 0 ? 'CON' : 'INT'
  const src = conn.srcBytes > 0 ? 'PA' : 'A'
  const dst = conn.dstBytes > 0 ? 'PA' : 'A'
  switch (conn.outcome) {
    case 'finished':
      return `FS${src}_FS${dst}`
    case 'open':
      return `S${src}_S${dst}`
    case 'unanswered':
      return 'S_'
    case 'rejected':
      return 'S_RA'
    case 'reset-by-client':
      return `SR${src}_S${dst}`
    case 'reset-by-server':
      return `S${src}_SR${dst}`
  }
}

function hex16(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`
}

function startTime(us: number): string {
  const whole = Math.floor(us / 1e6)
  const micros = String(us - whole * 1e6).padStart(6, '0')
  return `${new Date(whole * 1000).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')}.${micros}`
}
