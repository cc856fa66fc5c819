import type { Conn } from '@weir/schemas'
import { isKnownPort } from './known-ports.ts'

/** Whether a connection carries SSH: by the service its sensor recognised, else by port. */
export function isSshConnection(conn: Conn, ports: readonly number[]): boolean {
  if (conn.service !== '') return conn.service.includes('ssh')
  return conn.dstPort !== null && ports.includes(conn.dstPort) && conn.proto === 'tcp'
}

/**
 * Ports in wide use whose clients open one session and keep it: consoles of virtual machines (902, 903, 912), tunnels (1194, 1723), remote
 * desks (5938), folders kept in step (22000). Many short sessions are out of character there.
 */
const longSessionPorts: ReadonlySet<number> = new Set([902, 903, 912, 1_194, 1_723, 5_938, 22_000])

/** Whether SSH may be behind a TCP port of which nothing but the number is known: nothing with short sessions is expected there. */
export function mayHideSsh(port: number): boolean {
  return longSessionPorts.has(port) || !isKnownPort('tcp', port)
}
