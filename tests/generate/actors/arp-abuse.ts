import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

const broadcast = 'ff:ff:ff:ff:ff:ff'

/** Who has .1? Who has .2? … A few are there and answer. */
export function arpScan(options: {
  readonly from: string
  readonly at: number
  readonly addresses: number
  readonly gapMs?: number
}): Actor {
  return {
    name: 'arp-scan',
    benign: false,
    play: (stage) => {
      const from = host(options.from)
      let atMs = options.at
      for (let number = 1; number <= options.addresses; number++) {
        const to = host(`10.20.1.${number}`)
        stage.arp({ operation: 'request', from, to, atMs })
        if (to.name !== to.ip) stage.arp({ operation: 'reply', from: to, to: from, atMs: atMs + 0.3 })
        atMs += stage.random.exponential(options.gapMs ?? 120)
      }
    },
  }
}

/** Replies that nobody asked for, to everybody: here is my address, note it. */
export function unsolicitedArp(options: {
  readonly from: string
  readonly at: number
  readonly times?: number
}): Actor {
  return {
    name: 'unsolicited-arp',
    benign: false,
    play: (stage) => {
      const from = host(options.from)
      for (let time = 0; time < (options.times ?? 3); time++) {
        stage.arp({
          operation: 'reply',
          from,
          to: from,
          dstMac: broadcast,
          dstHw: broadcast,
          atMs: options.at + time * 2000,
        })
      }
    },
  }
}
