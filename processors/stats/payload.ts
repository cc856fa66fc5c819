import type { Conn } from '@weir/schemas'

/** Frame, address and TCP headers with the options of a SYN: a mean above it cannot be headers alone. */
const MAX_HEADER_BYTES = 78
/** The same with the time stamps nearly all systems send, and nothing else. */
const USUAL_HEADER_BYTES = 66
/** What NetFlow leaves out: it counts from the address header on. */
const FRAME_BYTES = 14
/** By how much the address header of IPv6 is longer. */
const IPV6_BYTES = 20

/**
 * Whether anybody said anything. Zeek counts payload; the others count bytes on the wire, of which every TCP packet has
 * some.
 */
export function spoke(conn: Conn): boolean {
  return hasPayload(conn, conn.srcBytes, conn.srcPkts) || hasPayload(conn, conn.dstBytes, conn.dstPkts)
}

export function spokeBothWays(conn: Conn): boolean {
  return hasPayload(conn, conn.srcBytes, conn.srcPkts) && hasPayload(conn, conn.dstBytes, conn.dstPkts)
}

/** About how much payload each side of a TCP connection sent; as counted where the sensor counts payload. */
export function payloadSent(conn: Conn): number {
  return payloadOf(conn, conn.srcBytes, conn.srcPkts)
}

export function payloadReceived(conn: Conn): number {
  return payloadOf(conn, conn.dstBytes, conn.dstPkts)
}

function hasPayload(conn: Conn, bytes: number, packets: number): boolean {
  if (conn.source === 'zeek' || conn.proto !== 'tcp') return bytes > 0
  return bytes > packets * headerBytes(conn, MAX_HEADER_BYTES)
}

function payloadOf(conn: Conn, bytes: number, packets: number): number {
  return conn.source === 'zeek' ? bytes : Math.max(0, bytes - packets * headerBytes(conn, USUAL_HEADER_BYTES))
}

/** `ipv4` is for IPv4 in a frame. */
function headerBytes({ source, srcIp }: Conn, ipv4: number): number {
  return ipv4 + (srcIp.includes(':') ? IPV6_BYTES : 0) - (source === 'nfdump' ? FRAME_BYTES : 0)
}
