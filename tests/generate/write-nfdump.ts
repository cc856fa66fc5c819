import { type GreFlow, greFlows } from './gre-flows.ts'
import type { Connection, Wire } from './wire.ts'
import { headerBytes } from './wire-bytes.ts'

/** As version 1.6 prints it. */
const header =
  'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,eng,exid,tr'

/** What routers usually leave unset: interfaces, AS numbers, VLANs, MAC addresses, labels, latencies. */
const unset =
  '0,0,0,0,0,0,0,0,0.0.0.0,0.0.0.0,0,0,00:00:00:00:00:00,00:00:00:00:00:00,00:00:00:00:00:00,00:00:00:00:00:00,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0.000,0.000,0.000,0.0.0.0,0/0,1'

/**
 * `nfdump -b -o csv`: both ways of a connection in a row, in order of its end, with the sums at the end. `oneWay`: without `-b`, each way in a
 * row of its own, as exporters send them; the columns of the way back are there and hold zeros. Times are UTC.
 */
export function writeNfdump(wire: Wire, oneWay = false): Map<string, string[]> {
  const byEnd = wire.connections.toSorted((a, b) => a.endUs - b.endUs)
  const ofConnections = byEnd.flatMap((conn) =>
    oneWay ? eachWay(conn) : [row(conn, there(conn), back(conn))],
  )
  const rows = [...ofConnections, ...greFlows(wire).flatMap((flow) => greRows(flow, oneWay))]
  const sums = `${rows.length},0,0,0,0,0`
  return new Map([
    ['nfdump.csv', [header, ...rows, 'Summary', 'flows,bytes,packets,avg_bps,avg_pps,avg_bpp', sums]],
  ])
}

/** What one end sent. */
type Way = {
  readonly ends: readonly [srcIp: string, dstIp: string, srcPort: number, dstPort: number | string]
  readonly flags: string
  readonly pkts: number
  /** From the IP header on. */
  readonly bytes: number
}

const silence = { pkts: 0, bytes: 0 }

function eachWay(conn: Connection): string[] {
  const rows = [row(conn, there(conn), silence)]
  if (conn.dstPkts > 0) rows.push(row(conn, back(conn), silence))
  return rows
}

function there(conn: Connection): Way {
  const { srcIp, dstIp, srcPort, dstPort, srcPkts, srcBytes } = conn
  const bytes = srcBytes + srcPkts * headerBytes(conn, 'src')
  const isIcmp = conn.proto === 'icmp'
  const ends = isIcmp
    ? ([srcIp, dstIp, 0, `${srcPort}.${dstPort}`] as const)
    : ([srcIp, dstIp, srcPort, dstPort] as const)
  return { ends, flags: flagsThere(conn), pkts: srcPkts, bytes }
}

function back(conn: Connection): Way {
  const { srcIp, dstIp, srcPort, dstPort, dstPkts, dstBytes } = conn
  const bytes = dstBytes + dstPkts * headerBytes(conn, 'dst')
  // The answers to an echo request, of ICMP and of ICMPv6.
  const isIcmp = conn.proto === 'icmp'
  const ends = isIcmp
    ? ([dstIp, srcIp, 0, srcPort === 128 ? '129.0' : '0.0'] as const)
    : ([dstIp, srcIp, dstPort, srcPort] as const)
  return { ends, flags: flagsBack(conn), pkts: dstPkts, bytes }
}

/** In order of their start, behind all others: exporters tell of them when they like. */
function greRows(flow: GreFlow, oneWay: boolean): string[] {
  const { srcIp, dstIp, srcPkts, dstPkts, srcBytes, dstBytes } = flow
  const conn = { ...flow, proto: 'gre' } as const
  const flags = '........'
  const forth = { ends: [srcIp, dstIp, 0, 0], flags, pkts: srcPkts, bytes: srcBytes } as const
  const back = { ends: [dstIp, srcIp, 0, 0], flags, pkts: dstPkts, bytes: dstBytes } as const
  if (!oneWay) return [row(conn, forth, back)]
  return dstPkts > 0 ? [row(conn, forth, silence), row(conn, back, silence)] : [row(conn, forth, silence)]
}

type Told = Pick<Connection, 'startUs' | 'endUs' | 'srcIp'> & { readonly proto: Connection['proto'] | 'gre' }

function row(conn: Told, way: Way, other: Pick<Way, 'pkts' | 'bytes'>): string {
  const [sa, da, sp, dp] = way.ends
  return [
    clock(conn.startUs),
    clock(conn.endUs),
    ((conn.endUs - conn.startUs) / 1e6).toFixed(3),
    sa,
    da,
    sp,
    dp,
    conn.proto === 'icmp' && conn.srcIp.includes(':') ? 'ICMP6' : conn.proto.toUpperCase(),
    way.flags,
    0,
    0,
    way.pkts,
    way.bytes,
    other.pkts,
    other.bytes,
    unset,
  ].join(',')
}

/** The TCP flags of the way there, as `UAPRSF`. */
function flagsThere({ proto, outcome, srcBytes }: Connection): string {
  if (proto !== 'tcp') return '......'
  if (outcome === 'unanswered' || outcome === 'rejected') return '....S.'
  const push = srcBytes > 0 ? 'P' : '.'
  return `.A${push}${outcome === 'reset-by-client' ? 'R' : '.'}S${outcome === 'finished' ? 'F' : '.'}`
}

/** Those of the way back. */
function flagsBack({ proto, outcome, dstBytes }: Connection): string {
  if (proto !== 'tcp') return '......'
  if (outcome === 'rejected') return '.A.R..'
  const push = dstBytes > 0 ? 'P' : '.'
  return `.A${push}${outcome === 'reset-by-server' ? 'R' : '.'}S${outcome === 'finished' ? 'F' : '.'}`
}

function clock(us: number): string {
  return new Date(Math.floor(us / 1e3)).toISOString().slice(0, 23).replace('T', ' ')
}
