import type { Conn } from '@weir/schemas'

/** Whether a connection carries SSH: by the service its sensor recognised, else by port. */
export function isSshConnection(conn: Conn, ports: readonly number[]): boolean {
  if (conn.service !== '') return conn.service.includes('ssh')
  return conn.dstPort !== null && ports.includes(conn.dstPort) && conn.proto === 'tcp'
}
