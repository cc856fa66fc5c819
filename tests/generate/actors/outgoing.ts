import { host } from '../network.ts'
import type { Actor, Stage } from '../stage.ts'
import { overTls } from '../web.ts'
import type { Connection, Outcome, Service } from '../wire.ts'

/** What the attacks that are one or a few plain connections have in common. */
export type OutgoingOptions = {
  readonly from: string
  /** A domain, which is looked up first; a host of the plan or an address, which is not. */
  readonly to: string
  readonly at: number
}

type Shape = {
  readonly port: number
  readonly proto?: 'tcp' | 'udp'
  readonly service?: Service
  readonly durationMs: number
  readonly srcBytes: number
  readonly dstBytes: number
  readonly outcome?: Outcome
  readonly tries?: number
}

function isDomain(name: string): boolean {
  return /[a-z]\.[a-z]/i.test(name) || /\.[a-z]+$/i.test(name)
}

function reach(stage: Stage, { from, to, at }: OutgoingOptions, shape: Shape): Connection {
  const who = host(from)
  const { server, readyMs } = isDomain(to) ? stage.resolve(who, to, at) : { server: host(to), readyMs: at }
  return stage.connect({ from: who, to: server, atMs: readyMs, ...shape })
}

function attack(name: string, play: (stage: Stage) => void): Actor {
  return { name, benign: false, play }
}

/** One TLS connection that stays up, quietly, for hours. */
export function longConnection(options: OutgoingOptions & { readonly lasts: number }): Actor {
  return attack('long-connection', (stage) => {
    const { from, to, at, lasts } = options
    overTls(stage, {
      from: host(from),
      domain: to,
      atMs: at,
      durationMs: lasts,
      srcBytes: lasts / 50,
      dstBytes: lasts / 40,
    })
  })
}

/** An established session to a port that no service is registered for, like a backdoor's. */
export function unknownPort(options: OutgoingOptions & { readonly port?: number }): Actor {
  return attack('unknown-port', (stage) => {
    reach(stage, options, { port: options.port ?? 13337, durationMs: 95_000, srcBytes: 5200, dstBytes: 2100 })
  })
}

/** A client that does not take a refusal for an answer. */
export function reconnections(
  options: OutgoingOptions & { readonly port: number; readonly times?: number; readonly everyMs?: number },
): Actor {
  return attack('reconnections', (stage) => {
    for (let time = 0; time < (options.times ?? 6); time++) {
      const at = options.at + time * (options.everyMs ?? 8000) + stage.random.between(0, 900)
      const shape = {
        port: options.port,
        durationMs: 0.4,
        srcBytes: 0,
        dstBytes: 0,
        outcome: 'rejected',
      } as const
      reach(stage, { ...options, at }, shape)
    }
  })
}

/** A SYN to TCP port 0, which no application uses. */
export function portZero(options: OutgoingOptions): Actor {
  return attack('port-zero', (stage) => {
    reach(stage, options, { port: 0, durationMs: 0.4, srcBytes: 0, dstBytes: 0, outcome: 'rejected' })
  })
}

/** TLS to a public address that nobody looked up, without a server name. */
export function connectionWithoutDns(options: OutgoingOptions): Actor {
  return attack('connection-without-dns', (stage) => {
    const conn = reach(stage, options, {
      port: 443,
      service: 'tls',
      durationMs: 21_000,
      srcBytes: 3100,
      dstBytes: 9400,
    })
    stage.handshake(conn, '', 'bare-client')
  })
}

/** One connection with a hundred megabytes or more going out. */
export function dataUpload(
  options: OutgoingOptions & { readonly megabytes: number; readonly lasts?: number },
): Actor {
  return attack('data-upload', (stage) => {
    const { from, to, at, megabytes, lasts } = options
    const bytes = megabytes * 1e6
    overTls(stage, {
      from: host(from),
      domain: to,
      atMs: at,
      durationMs: lasts ?? bytes / 1000,
      srcBytes: bytes,
      dstBytes: bytes / 300,
    })
  })
}

/** The same in many portions, none of which stands out. */
export function slowExfiltration(
  options: OutgoingOptions & {
    readonly megabytes: number
    readonly portions: number
    readonly everyMs: number
  },
): Actor {
  return attack('slow-exfiltration', (stage) => {
    for (let portion = 0; portion < options.portions; portion++) {
      overTls(stage, {
        from: host(options.from),
        domain: options.to,
        atMs: options.at + portion * options.everyMs + stage.random.between(0, options.everyMs / 4),
        durationMs: options.everyMs * 0.6,
        srcBytes: (options.megabytes / options.portions) * 1e6 * stage.random.between(1, 1.1),
        dstBytes: 90_000,
      })
    }
  })
}

/** A protocol of its own on port 80, through which outgoing filters let everything pass. */
export function nonHttpOnPort80(options: OutgoingOptions): Actor {
  return attack('non-http-on-port-80', (stage) => {
    reach(stage, options, { port: 80, durationMs: 44_000, srcBytes: 7400, dstBytes: 3100 })
  })
}

/** A protocol of its own on port 443. */
export function nonTlsOnPort443(options: OutgoingOptions): Actor {
  return attack('non-tls-on-port-443', (stage) => {
    reach(stage, options, { port: 443, durationMs: 52_000, srcBytes: 6100, dstBytes: 2900 })
  })
}

/** A backdoor reports at regular intervals, with a little jitter and nearly the same few bytes each time. */
export function beacon(
  options: OutgoingOptions & {
    readonly port?: number
    readonly everyMs: number
    readonly times: number
    readonly jitter?: number
    /** Speaks TLS with the domain as server name; raw bytes otherwise. */
    readonly tls?: boolean
  },
): Actor {
  return attack('beacon', (stage) => {
    const jitterMs = options.everyMs * (options.jitter ?? 0.03)
    for (let time = 0; time < options.times; time++) {
      const at = options.at + time * options.everyMs + stage.random.between(0, jitterMs)
      const durationMs = stage.random.between(180, 900)
      const bytes = { srcBytes: 310 + stage.random.int(0, 12), dstBytes: 180 + stage.random.int(0, 6) }
      const port = options.port ?? 443
      if (options.tls ?? port === 443) {
        overTls(stage, { from: host(options.from), domain: options.to, port, atMs: at, durationMs, ...bytes })
      } else reach(stage, { ...options, at }, { port, durationMs, ...bytes })
    }
  })
}

/** Telnet to a device that does not answer, again and again. */
export function telnetTries(options: OutgoingOptions & { readonly times?: number }): Actor {
  return attack('telnet-tries', (stage) => {
    for (let time = 0; time < (options.times ?? 6); time++) {
      const at = options.at + time * 20_000 + stage.random.between(0, 900)
      reach(
        stage,
        { ...options, at },
        {
          port: time % 2 === 0 ? 23 : 2323,
          durationMs: 3_000,
          srcBytes: 0,
          dstBytes: 0,
          outcome: 'unanswered',
          tries: 3,
        },
      )
    }
  })
}

/** One connection to a port, like a file copied or a desktop taken over. */
export function visit(
  options: OutgoingOptions & { readonly port: number; readonly service?: Service },
): Actor {
  return attack('visit', (stage) => {
    reach(stage, options, {
      port: options.port,
      ...(options.service === undefined ? {} : { service: options.service }),
      durationMs: 64_000,
      srcBytes: 48_000,
      dstBytes: 260_000,
    })
  })
}

/** A program that holds several channels to its server, each on a port that no service is registered for. */
export function severalChannels(options: OutgoingOptions & { readonly ports: readonly number[] }): Actor {
  return attack('several-channels', (stage) => {
    options.ports.forEach((port, number) => {
      reach(
        stage,
        { ...options, at: options.at + number * 3_000 },
        {
          port,
          durationMs: 180_000,
          srcBytes: 2_400 + number * 900,
          dstBytes: 5_100,
        },
      )
    })
  })
}

/** A broken or hostile client that opens a connection, says the same few bytes and opens the next. */
export function strobe(
  options: OutgoingOptions & { readonly times: number; readonly everyMs: number; readonly port?: number },
): Actor {
  return attack('strobe', (stage) => {
    for (let time = 0; time < options.times; time++) {
      const at = options.at + time * options.everyMs + stage.random.between(0, options.everyMs / 2)
      reach(
        stage,
        { ...options, at },
        {
          port: options.port ?? 8_080,
          durationMs: stage.random.between(40, 120),
          srcBytes: 210,
          dstBytes: 340,
        },
      )
    }
  })
}

/** One connection, quiet for minutes between what is said: sensors give it up and tell of the rest as of another one between the same ports. */
export function keptOpen(
  options: OutgoingOptions & { readonly port: number; readonly pieces: number; readonly everyMs: number },
): Actor {
  return attack('kept-open', (stage) => {
    const who = host(options.from)
    const { server, readyMs } = stage.resolve(who, options.to, options.at)
    for (let piece = 0; piece < options.pieces; piece++) {
      stage.connect({
        from: who,
        to: server,
        port: options.port,
        srcPort: 51_312,
        atMs: readyMs + piece * options.everyMs,
        durationMs: options.everyMs * 0.4,
        srcBytes: 900 + stage.random.int(0, 3_000),
        dstBytes: 700 + stage.random.int(0, 9_000),
        outcome: 'open',
      })
    }
  })
}

/** One session after the other with the same server, each shorter than an hour. */
export function longContact(
  options: OutgoingOptions & { readonly sessions: number; readonly lasts: number; readonly pauseMs: number },
): Actor {
  return attack('long-contact', (stage) => {
    const { from, to, at, sessions, lasts, pauseMs } = options
    for (let session = 0; session < sessions; session++) {
      overTls(stage, {
        from: host(from),
        domain: to,
        atMs: at + session * (lasts + pauseMs),
        durationMs: lasts * stage.random.between(0.98, 1),
        srcBytes: lasts / 40,
        dstBytes: lasts / 30,
      })
    }
  })
}

/** Somebody outside sends a SYN now and then, each to another port that nobody offers. */
export function slowKnocks(
  options: OutgoingOptions & { readonly knocks: number; readonly everyMs: number },
): Actor {
  return attack('slow-knocks', (stage) => {
    for (let knock = 0; knock < options.knocks; knock++) {
      stage.connect({
        from: host(options.from),
        to: host(options.to),
        port: 50_021 + 613 * knock,
        srcPort: 52_024,
        atMs: options.at + knock * options.everyMs + stage.random.between(0, options.everyMs / 3),
        outcome: 'unanswered',
      })
    }
  })
}

/** Datagrams of a program of its own, with short answers, by the clock. */
export function datagramsByTheClock(
  options: OutgoingOptions & {
    readonly port: number
    readonly srcPort?: number
    readonly everyMs: number
    readonly times: number
  },
): Actor {
  return attack('datagrams-by-the-clock', (stage) => {
    const { from, to, at, port, srcPort, everyMs, times } = options
    for (let time = 0; time < times; time += 1) {
      stage.connect({
        from: host(from),
        to: host(to),
        atMs: at + time * everyMs + stage.random.between(0, 200),
        proto: 'udp',
        port,
        ...(srcPort === undefined ? {} : { srcPort }),
        durationMs: 60,
        srcBytes: 212,
        dstBytes: 96,
      })
    }
  })
}

/** Portions to one server after the other, so that none of them is sent much. */
export function spreadExfiltration(
  options: Omit<OutgoingOptions, 'to'> & {
    readonly domains: readonly string[]
    readonly portions: number
    readonly megabytes: number
    readonly everyMs: number
  },
): Actor {
  return attack('spread-exfiltration', (stage) => {
    const { from, at, domains, portions, megabytes, everyMs } = options
    for (let portion = 0; portion < portions; portion++) {
      overTls(stage, {
        from: host(from),
        domain: domains[portion % domains.length] ?? '',
        atMs: at + portion * everyMs + stage.random.between(0, everyMs / 4),
        durationMs: everyMs * 0.6,
        srcBytes: megabytes * 1e6 * stage.random.between(1, 1.05),
        dstBytes: 300_000,
      })
    }
  })
}
