import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

export type PortSweepOptions = {
  readonly from: string
  readonly to: string
  readonly at: number
  /** Ports 1 to this, in random order. */
  readonly ports: number
  /** Share of the closed ports that answer with a reset; the rest stay silent. */
  readonly refused?: number
  readonly open?: readonly number[]
  readonly gapMs?: number
}

/** One source probes many ports of one host, each once. */
export function portSweep(options: PortSweepOptions): Actor {
  return {
    name: 'port-sweep',
    benign: false,
    play: (stage) => {
      const { random } = stage
      const open = options.open ?? [445]
      const ports = random.shuffled(Array.from({ length: options.ports }, (_, index) => index + 1))
      let atMs = options.at
      for (const port of ports) {
        const closed = random.chance(options.refused ?? 0.9) ? 'rejected' : 'unanswered'
        const outcome = open.includes(port) ? 'reset-by-client' : closed
        stage.connect({ from: host(options.from), to: host(options.to), port, atMs, outcome })
        atMs += random.exponential(options.gapMs ?? 40)
      }
    },
  }
}
