import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

/** A session by telnet: somebody logs in to an old device. */
export function telnetLogin(options: {
  readonly from: string
  readonly to: string
  readonly at: number
}): Actor {
  return {
    name: 'telnet-login',
    benign: false,
    play: (stage) => {
      const conn = stage.connect({
        from: host(options.from),
        to: host(options.to),
        port: 23,
        service: 'telnet',
        atMs: options.at,
        durationMs: 95_000,
        srcBytes: 9400,
        dstBytes: 31_000,
      })
      stage.write({
        kind: 'login',
        conn,
        atUs: conn.startUs + 5_000_000,
        writtenUs: conn.startUs + 5_000_000,
        service: 'telnet',
        success: true,
        user: 'admin',
      })
    },
  }
}
