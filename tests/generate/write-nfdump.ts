import type { Connection, Wire } from './wire.ts'
import { headerBytes } from './wire-bytes.ts'

/** As version 1.6 prints it. */
const header =
  'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,eng,exid,tr'

/** What routers usually leave unset: interfaces, AS numbers, VLANs, MAC addresses, labels, latencies. */
const unset =
  '0,0,0,0,0,0,0,0,0.0.0.0,0.0.0.0,0,0,00:00:00:00:00:00,00:00:00:00:00:00,00:00:00:00:00:00,00:00:00:00:00:00,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0.000,0.000,0.000,0.0.0.0,0/0,1'

/** `nfdump -b -o csv`: both ways of a connection in a row, in order of its end, with the sums at the end. Times are UTC. */
export function writeNfdump(wire: Wire): Map<string, string[]> {
  const byEnd = wire.connections.toSorted((a, b) => a.endUs - b.endUs)
  const rows = byEnd.map(row)
  const sums = `${rows.length},0,0,0,0,0`
  return new Map([
    ['nfdump.csv', [header, ...rows, 'Summary', 'flows,bytes,packets,avg_bps,avg_pps,avg_bpp', sums]],
  ])
}

function row(conn: Connection): string {
  const icmp = conn.proto === 'icmp'
  return [
    clock(conn.startUs),
    clock(conn.endUs),
    ((conn.endUs - conn.startUs) / 1e6).toFixed(3),
    conn.srcIp,
    conn.dstIp,
    icmp ? 0 : conn.srcPort,
    icmp ? `${conn.srcPort}.${conn.dstPort}` : conn.dstPort,
    icmp && conn.srcIp.includes(':') ? 'ICMP6' : conn.proto.toUpperCase(),
    flagsOf(conn),
    0,
    0,
    conn.srcPkts,
    // From the IP header on.
    conn.srcBytes + conn.srcPkts * headerBytes(conn, 'src'),
    conn.dstPkts,
    conn.dstBytes + conn.dstPkts * headerBytes(conn, 'dst'),
    unset,
  ].join(',')
}

/** The TCP flags of the way there, as `UAPRSF`. */
function flagsOf({ proto, outcome, srcBytes }: Connection): string {
  if (proto !== 'tcp') return '......'
  if (outcome === 'unanswered' || outcome === 'rejected') return '....S.'
  const push = srcBytes > 0 ? 'P' : '.'
  return `.A${push}${outcome === 'reset-by-client' ? 'R' : '.'}S${outcome === 'finished' ? 'F' : '.'}`
}

function clock(us: number): string {
  return new Date(Math.floor(us / 1e3)).toISOString().slice(0, 23).replace('T', ' ')
}
