import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

/**
 * A GRE tunnel to somewhere outside, and a few connections inside it. Sensors look into the tunnel and log what runs in
 * it; Zeek says that there is one, others tell of it as of a flow of IP protocol 47.
 */
export function greTunnel(options: {
  readonly from: string
  readonly to: string
  readonly at: number
  readonly lasts: number
}): Actor {
  return {
    name: 'gre-tunnel',
    benign: false,
    play: (stage) => {
      const from = host(options.from)
      const to = host(options.to)
      const uid = `C${stage.random.base62(17)}`
      const ends = { kind: 'tunnel', uid, srcIp: from.ip, dstIp: to.ip, truth: stage.truth } as const
      const atUs = stage.toUs(options.at)
      const endUs = stage.toUs(options.at + options.lasts)
      stage.write({ ...ends, action: 'DISCOVER', atUs, writtenUs: atUs })
      for (let number = 0; number < 4; number++) {
        stage.connect({
          from,
          to: host('files-2'),
          port: 445,
          service: 'smb',
          atMs: options.at + 500 + (number * options.lasts) / 6,
          durationMs: options.lasts / 8,
          srcBytes: stage.random.int(4000, 90_000),
          dstBytes: stage.random.int(4000, 900_000),
          tunnelUid: uid,
        })
      }
      stage.write({ ...ends, action: 'CLOSE', atUs: endUs, writtenUs: endUs })
    },
  }
}

/** Tunnels are begun to many hosts, to see which of them would forward what comes inside; none is used. */
export function greScan(options: {
  readonly from: string
  readonly to: readonly string[]
  readonly at: number
  readonly everyMs: number
}): Actor {
  return {
    name: 'gre-scan',
    benign: false,
    play: (stage) => {
      for (const [index, to] of options.to.entries()) {
        const atUs = stage.toUs(options.at + index * options.everyMs)
        const uid = `C${stage.random.base62(17)}`
        const ends = {
          kind: 'tunnel',
          uid,
          srcIp: host(options.from).ip,
          dstIp: host(to).ip,
          truth: stage.truth,
        } as const
        stage.write({ ...ends, action: 'DISCOVER', atUs, writtenUs: atUs })
        stage.write({ ...ends, action: 'EXPIRE', atUs: atUs + 300_000_000, writtenUs: atUs + 300_000_000 })
      }
    },
  }
}
