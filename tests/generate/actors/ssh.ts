import { type Host, host } from '../network.ts'
import type { Actor, Stage } from '../stage.ts'

type Session = {
  readonly from: Host
  readonly to: Host
  readonly atMs: number
  readonly durationMs: number
  readonly success: boolean
  readonly attempts: number
  readonly client: string
}

/**
 * One SSH connection. A failed one stays under 3.6 kB on the wire, whoever counts; one that got in is well above, so a
 * sensor that cannot see the result may judge by size.
 */
export function sshSession(stage: Stage, session: Session): void {
  const { random } = stage
  const conn = stage.connect({
    from: session.from,
    to: session.to,
    port: 22,
    service: 'ssh',
    atMs: session.atMs,
    durationMs: session.durationMs,
    srcBytes: session.success ? random.int(5000, 40_000) : random.int(1000, 1150),
    dstBytes: session.success ? random.int(9000, 250_000) : random.int(1250, 1400),
    outcome: session.success ? 'finished' : 'reset-by-server',
  })
  const knownUs = conn.startUs + Math.round(Math.min(session.durationMs, 4000) * 900)
  stage.write({
    kind: 'ssh',
    conn,
    atUs: conn.startUs + 2000,
    writtenUs: knownUs,
    success: session.success,
    attempts: session.attempts,
    client: session.client,
    server: 'SSH-2.0-OpenSSH_9.2',
  })
  const version = /_(\d+)\.(\d+)/.exec(session.client)
  stage.write({
    kind: 'software',
    atUs: conn.startUs + 2000,
    writtenUs: conn.startUs + 2000,
    ip: session.from.ip,
    port: conn.srcPort,
    type: 'SSH::CLIENT',
    name: session.client.replace('SSH-2.0-', '').replace(/[_-]?\d.*$/, ''),
    major: Number(version?.[1] ?? 0),
    minor: Number(version?.[2] ?? 0),
    unparsed: session.client.replace('SSH-2.0-', ''),
    truth: conn.truth,
  })
}

export type SshOptions = { readonly from: string; readonly to: string; readonly at: number }

/** Somebody gets in at the first try. */
export function sshLogin(options: SshOptions & { readonly lasts?: number }): Actor {
  return {
    name: 'ssh-login',
    benign: false,
    play: (stage) => {
      sshSession(stage, {
        from: host(options.from),
        to: host(options.to),
        atMs: options.at,
        durationMs: options.lasts ?? 140_000,
        success: true,
        attempts: 1,
        client: 'SSH-2.0-OpenSSH_9.6',
      })
    },
  }
}

/** Passwords are tried, so many sessions of two each; with `thenIn` the last one is right. */
export function sshBruteForce(
  options: SshOptions & { readonly sessions: number; readonly everyMs?: number; readonly thenIn?: boolean },
): Actor {
  return {
    name: 'ssh-brute-force',
    benign: false,
    play: (stage) => {
      const everyMs = options.everyMs ?? 4000
      const session = { from: host(options.from), to: host(options.to), client: 'SSH-2.0-libssh2_1.10' }
      let atMs = options.at
      for (let number = 0; number < options.sessions; number++) {
        const durationMs = stage.random.between(1800, 3200)
        sshSession(stage, { ...session, atMs, durationMs, success: false, attempts: 2 })
        atMs += everyMs + stage.random.between(0, everyMs / 5)
      }
      if (options.thenIn === true) {
        sshSession(stage, { ...session, atMs, durationMs: 200_000, success: true, attempts: 1 })
      }
    },
  }
}

/** Many hosts of the internet try a few passwords each at one server, in turn. */
export function sharedGuesses(options: {
  readonly to: string
  readonly at: number
  readonly sources: number
  readonly each: number
  readonly everyMs?: number
}): Actor {
  return {
    name: 'shared-guesses',
    benign: false,
    play: (stage) => {
      const to = host(options.to)
      const everyMs = options.everyMs ?? 4000
      for (let number = 0; number < options.sources * options.each; number++) {
        const source = number % options.sources
        sshSession(stage, {
          from: host(`91.240.${118 + (source >> 6)}.${3 + 3 * (source & 63)}`),
          to,
          atMs: options.at + number * everyMs + stage.random.between(0, everyMs / 5),
          durationMs: stage.random.between(1800, 3200),
          success: false,
          attempts: 1,
          client: 'SSH-2.0-Go',
        })
      }
    },
  }
}

/** One host logs in by several programs, one after the other. */
export function sshClients(options: SshOptions & { readonly clients: readonly string[] }): Actor {
  return {
    name: 'ssh-clients',
    benign: false,
    play: (stage) => {
      for (const [index, client] of options.clients.entries()) {
        sshSession(stage, {
          from: host(options.from),
          to: host(options.to),
          atMs: options.at + index * 240_000,
          durationMs: 100_000,
          success: true,
          attempts: 1,
          client,
        })
      }
    },
  }
}
