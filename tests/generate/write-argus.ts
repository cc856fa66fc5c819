import { isSix } from './network.ts'
import type { Connection, Wire } from './wire.ts'
import { ethernetBytes, headerBytes } from './wire-bytes.ts'

export type ArgusOptions = {
  /** Fills the `Label` column as labelled captures do, `flow=From-Malicious-port-sweep`. */
  readonly labelled?: boolean
}

const header =
  'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,SrcPkts,Label'

/** One file of bidirectional flows, a row for each connection, in order of its end. Times are UTC, as `ra -u` would not say. */
export function writeArgus(wire: Wire, options: ArgusOptions = {}): Map<string, string[]> {
  const byEnd = wire.connections.toSorted((a, b) => a.endUs - b.endUs)
  return new Map([['argus.binetflow', [header, ...byEnd.map((conn) => row(conn, options))]]])
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
    options.labelled === true ? `flow=From-${conn.truth.label}-${conn.truth.detail}` : '',
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
