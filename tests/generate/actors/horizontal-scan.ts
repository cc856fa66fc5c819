import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

export type HorizontalScanOptions = {
  readonly from: string
  readonly port: number
  readonly at: number
  /** How many addresses of `subnet`, in order from .1. */
  readonly targets: number
  /** The first three octets. The default has nobody in it and lies behind the gateway, so that no ARP betrays the scan. */
  readonly subnet?: string
  /** In the place of `subnet`: what stands before the last two hexadecimal digits of IPv6 addresses. */
  readonly prefix6?: string
  readonly gapMs?: number
}

/** One source tries one port of many hosts; few are there and fewer answer. */
export function horizontalScan(options: HorizontalScanOptions): Actor {
  return {
    name: 'horizontal-scan',
    benign: false,
    play: (stage) => {
      const { random } = stage
      let atMs = options.at
      for (let target = 1; target <= options.targets; target++) {
        const to = host(
          options.prefix6 === undefined
            ? `${options.subnet ?? '10.20.240'}.${target}`
            : `${options.prefix6}${target.toString(16).padStart(2, '0')}`,
        )
        const outcome = random.chance(0.3) ? 'rejected' : 'unanswered'
        stage.connect({
          from: host(options.from),
          to,
          port: options.port,
          atMs,
          outcome,
          tries: outcome === 'rejected' ? 1 : 2,
        })
        atMs += random.exponential(options.gapMs ?? 150)
      }
    },
  }
}
