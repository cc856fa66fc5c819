import { type Host, host, officeZone } from '../network.ts'
import type { Actor, Stage } from '../stage.ts'

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
  /** In the place of both: workstations from this number on, each looked up by its name in the office before it is tried. */
  readonly namedFrom?: number
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
        const { to, readyMs } = targetOf(stage, options, target, atMs)
        const outcome = random.chance(0.3) ? 'rejected' : 'unanswered'
        stage.connect({
          from: host(options.from),
          to,
          port: options.port,
          atMs: readyMs,
          outcome,
          tries: outcome === 'rejected' ? 1 : 2,
        })
        atMs += random.exponential(options.gapMs ?? 150)
      }
    },
  }
}

function targetOf(
  stage: Stage,
  { from, subnet, prefix6, namedFrom }: HorizontalScanOptions,
  target: number,
  atMs: number,
): { readonly to: Host; readonly readyMs: number } {
  if (namedFrom !== undefined) {
    const name = `ws-${namedFrom + target - 1}.${officeZone}`
    const { server, readyMs } = stage.resolve(host(from), name, atMs)
    return { to: server, readyMs }
  }
  const ip =
    prefix6 === undefined
      ? `${subnet ?? '10.20.240'}.${target}`
      : `${prefix6}${target.toString(16).padStart(2, '0')}`
  return { to: host(ip), readyMs: atMs }
}
