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

/** A host that takes all the world for its segment asks it for addresses of the internet. */
export function arpOutside(options: {
  readonly from: string
  readonly at: number
  readonly addresses: readonly string[]
}): Actor {
  return {
    name: 'arp-outside',
    benign: false,
    play: (stage) => {
      options.addresses.forEach((ip, number) => {
        stage.arp({
          operation: 'request',
          from: host(options.from),
          to: host(ip),
          atMs: options.at + number * 900,
        })
      })
    },
  }
}

/**
 * Stands between two others: tells each of them, every other second, that it is the other one. What they send then comes to
 * its MAC.
 */
export function arpPoisoning(options: {
  readonly from: string
  readonly between: readonly [string, string]
  readonly at: number
  readonly lasts: number
}): Actor {
  return {
    name: 'arp-poisoning',
    benign: false,
    play: (stage) => {
      const from = host(options.from)
      const [one, other] = options.between.map((name) => host(name))
      if (one === undefined || other === undefined) return
      for (let atMs = options.at; atMs < options.at + options.lasts; atMs += 2_000) {
        stage.arp({ operation: 'reply', from, to: one, srcIp: other.ip, atMs })
        stage.arp({ operation: 'reply', from, to: other, srcIp: one.ip, atMs: atMs + 3 })
      }
    },
  }
}

/** One end of a conversation alone is told a lie, again and again; both were heard of at their own addresses before. */
export function arpClaims(options: {
  readonly from: string
  readonly of: string
  readonly to: string
  readonly at: number
  readonly lasts: number
  readonly everyMs: number
}): Actor {
  return {
    name: 'arp-claims',
    benign: false,
    play: (stage) => {
      const from = host(options.from)
      const owner = host(options.of)
      const to = host(options.to)
      stage.arp({ operation: 'request', from, to: owner, atMs: options.at - 60_000 })
      stage.arp({ operation: 'reply', from: owner, to: from, atMs: options.at - 60_000 + 0.4 })
      for (let atMs = options.at; atMs < options.at + options.lasts; atMs += options.everyMs)
        stage.arp({ operation: 'reply', from, to, srcIp: owner.ip, atMs })
    },
  }
}

/** A device that had one address takes that of `as` in the site plan, without asking DHCP: it greets its neighbours as the one, then as the other. */
export function addressTaken(options: {
  readonly as: string
  readonly formerIp: string
  readonly from: number
  readonly at: number
}): Actor {
  return {
    name: 'address-taken',
    benign: false,
    play: (stage) => {
      const later = host(options.as)
      const earlier = { ...later, ip: options.formerIp }
      const greet = (from: typeof later, fromMs: number, untilMs: number) => {
        for (let atMs = fromMs; atMs < untilMs; atMs += 60_000) {
          const to = host('gateway')
          stage.arp({ operation: 'request', from, to, atMs })
          stage.arp({ operation: 'reply', from: to, to: from, atMs: atMs + 0.4 })
        }
      }
      greet(earlier, options.from, options.at)
      greet(later, options.at, stage.lastsMs)
    },
  }
}
