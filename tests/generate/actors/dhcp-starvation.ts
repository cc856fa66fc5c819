import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

export type DhcpStarvationOptions = {
  readonly from: string
  readonly at: number
  /** Distinct addresses asked for. */
  readonly addresses: number
  readonly gapMs?: number
}

/** A host that has an address asks for one after another, to use up the pool. */
export function dhcpStarvation(options: DhcpStarvationOptions): Actor {
  return {
    name: 'dhcp-starvation',
    benign: false,
    play: (stage) => {
      const from = host(options.from)
      const server = host('dhcp')
      let atMs = options.at
      for (let number = 1; number <= options.addresses; number++) {
        const wanted = `10.20.230.${number}`
        const conn = stage.connect({
          from,
          to: server,
          proto: 'udp',
          srcPort: 68,
          port: 67,
          service: 'dhcp',
          atMs,
          durationMs: stage.random.between(1, 20),
          srcBytes: 300,
          dstBytes: 308,
        })
        stage.write({
          kind: 'dhcp',
          conn,
          atUs: conn.startUs,
          writtenUs: conn.endUs,
          mac: from.mac,
          clientIp: from.ip,
          serverIp: server.ip,
          requestedIp: wanted,
          assignedIp: wanted,
          hostName: from.name,
          types: ['REQUEST', 'ACK'],
        })
        atMs += stage.random.exponential(options.gapMs ?? 1500)
      }
    },
  }
}
