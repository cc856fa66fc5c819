import { isSix } from './network.ts'
import type { Connection } from './wire.ts'

/** An Ethernet header, which Zeek does not count and the others do. */
export const ethernetBytes = 14

/**
 * What one packet of this side has ahead of its payload, from the IP header on: TCP with the timestamp option, as everybody
 * sends it, but for a refusal, which carries no options (RFC 9293, RFC 7323).
 */
export function headerBytes(conn: Connection, side: 'src' | 'dst'): number {
  const ip = isSix(conn.srcIp) ? 40 : 20
  if (conn.proto !== 'tcp') return ip + 8
  return ip + (side === 'dst' && conn.outcome === 'rejected' ? 20 : 32)
}
