import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

/**
 * A GRE tunnel to somewhere outside, and a few connections inside it. Sensors look into the tunnel and log what runs in
 * it; only Zeek says that there is one.
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
