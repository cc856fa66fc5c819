import { addressesOf, host, officeZone } from '../network.ts'
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

/** Who is at .1? Who is at .2? … Most addresses of the servers' subnet have no name. */
export function reverseWalk(options: {
  readonly from: string
  readonly at: number
  readonly addresses: number
  readonly gapMs?: number
}): Actor {
  return {
    name: 'reverse-walk',
    benign: false,
    play: (stage) => {
      let atMs = options.at
      for (let number = 1; number <= options.addresses; number++) {
        const named = host(`10.20.1.${number}`)
        const isNamed = named.name !== named.ip
        stage.lookup({
          from: host(options.from),
          query: `${number}.1.20.10.in-addr.arpa`,
          qtype: 'PTR',
          atMs,
          ...(isNamed ? { answers: [`${named.name}.${officeZone}`] } : { rcode: 'NXDOMAIN' }),
        })
        atMs += stage.random.exponential(options.gapMs ?? 25)
      }
    },
  }
}

/** A program asks for one name at intervals and takes the answer for its orders: it never connects to the address. */
export function ordersInAddresses(options: {
  readonly from: string
  readonly domain: string
  readonly at: number
  readonly everyMs: number
  readonly times: number
}): Actor {
  return {
    name: 'orders-in-addresses',
    benign: false,
    play: (stage) => {
      for (let time = 0; time < options.times; time++) {
        stage.lookup({
          from: host(options.from),
          query: options.domain,
          atMs: options.at + time * options.everyMs,
          ttl: 60,
          answers: addressesOf(options.domain),
        })
      }
    },
  }
}

/** Names are asked of a resolver in a private network that is not ours; it has none to give. */
export function resolverElsewhere(options: {
  readonly from: string
  readonly resolver: string
  readonly at: number
  readonly times: number
}): Actor {
  return {
    name: 'resolver-elsewhere',
    benign: false,
    play: (stage) => {
      for (let time = 0; time < options.times; time++) {
        stage.lookup({
          from: host(options.from),
          query: `files.branch-${time + 1}.example`,
          rcode: 'SERVFAIL',
          atMs: options.at + time * 5_000,
          resolver: host(options.resolver),
        })
      }
    },
  }
}

/** A program tries many names of one length as fast as it can; none exists. */
export function nameRush(options: {
  readonly from: string
  readonly at: number
  readonly names: number
  readonly gapMs: number
}): Actor {
  return {
    name: 'name-rush',
    benign: false,
    play: (stage) => {
      let atMs = options.at
      for (let number = 0; number < options.names; number++) {
        const query = `${stage.random.text(letters, 16)}.com`
        stage.lookup({ from: host(options.from), query, rcode: 'NXDOMAIN', atMs })
        atMs += stage.random.exponential(options.gapMs)
      }
    },
  }
}

/** A file goes out in the names that are asked for, a piece in each. */
export function dnsUpload(options: {
  readonly from: string
  readonly domain: string
  readonly at: number
  readonly pieces: number
  readonly gapMs: number
}): Actor {
  return {
    name: 'dns-upload',
    benign: false,
    play: (stage) => {
      let atMs = options.at
      for (let piece = 0; piece < options.pieces; piece++) {
        stage.lookup({
          from: host(options.from),
          query: `${stage.random.hex(48)}.${piece}.${options.domain}`,
          atMs,
          ttl: 0,
          answers: addressesOf(options.domain),
        })
        atMs += stage.random.exponential(options.gapMs)
      }
    },
  }
}

/** A backdoor asks its own server for a name that everybody trusts, and is given the server's address. */
export function lieAboutItself(options: {
  readonly from: string
  readonly server: string
  readonly name: string
  readonly at: number
}): Actor {
  return {
    name: 'lie-about-itself',
    benign: false,
    play: (stage) => {
      const server = host(options.server)
      stage.lookup({
        from: host(options.from),
        query: options.name,
        atMs: options.at,
        answers: [server.ip],
        resolver: server,
      })
    },
  }
}
