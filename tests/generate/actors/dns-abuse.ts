import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Orders come back in TXT answers of one domain: dense base64, different each time. */
export function dnsTxtTunnel(options: {
  readonly from: string
  readonly domain: string
  readonly at: number
  readonly answers: number
  readonly gapMs?: number
}): Actor {
  return {
    name: 'dns-txt-tunnel',
    benign: false,
    play: (stage) => {
      let atMs = options.at
      for (let number = 0; number < options.answers; number++) {
        stage.lookup({
          from: host(options.from),
          query: `${stage.random.hex(28)}.${options.domain}`,
          qtype: 'TXT',
          atMs,
          ttl: 0,
          answers: [stage.random.text(base64, stage.random.int(190, 250))],
        })
        atMs += stage.random.exponential(options.gapMs ?? 2500)
      }
    },
  }
}

/**
 * A public name answers with an address of the inside, so that a page can reach what its visitor can. Asked of a public
 * resolver: a resolver of the house may drop such answers.
 */
export function dnsRebinding(options: {
  readonly from: string
  readonly domain: string
  readonly answer: string
  readonly at: number
}): Actor {
  return {
    name: 'dns-rebinding',
    benign: false,
    play: (stage) => {
      stage.lookup({
        from: host(options.from),
        query: options.domain,
        atMs: options.at,
        ttl: 1,
        answers: [host(options.answer).ip],
        resolver: host('public-dns'),
      })
    },
  }
}

/** A program tries the day's generated names until one exists; none does. */
export function dga(options: {
  readonly from: string
  readonly at: number
  readonly names: number
  readonly gapMs?: number
}): Actor {
  return {
    name: 'dga',
    benign: false,
    play: (stage) => {
      let atMs = options.at
      for (let number = 0; number < options.names; number++) {
        const domain = stage.random.text(letters, stage.random.int(12, 19))
        const query = `${domain}.${stage.random.pick(['com', 'net', 'info', 'biz', 'org'])}`
        stage.lookup({ from: host(options.from), query, rcode: 'NXDOMAIN', atMs })
        atMs += stage.random.exponential(options.gapMs ?? 700)
      }
    },
  }
}
