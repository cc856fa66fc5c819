import { host } from '../network.ts'
import type { Actor, Stage } from '../stage.ts'

export type SmtpLoginOptions = { readonly from: string; readonly to: string; readonly at: number }

/** One login that the mail server refuses. */
export function smtpBadLogin(options: SmtpLoginOptions): Actor {
  return { name: 'smtp-bad-login', benign: false, play: (stage) => refusedLogin(stage, options, options.at) }
}

/** Many of them within seconds. */
export function smtpBruteForce(
  options: SmtpLoginOptions & { readonly logins: number; readonly everyMs?: number },
): Actor {
  return {
    name: 'smtp-brute-force',
    benign: false,
    play: (stage) => {
      for (let number = 0; number < options.logins; number++) {
        refusedLogin(
          stage,
          options,
          options.at + number * (options.everyMs ?? 1800) + stage.random.between(0, 200),
        )
      }
    },
  }
}

function refusedLogin(stage: Stage, { from, to }: SmtpLoginOptions, atMs: number): void {
  const conn = stage.connect({
    from: host(from),
    to: host(to),
    port: 587,
    service: 'smtp',
    atMs,
    durationMs: stage.random.between(500, 1100),
    srcBytes: 140,
    dstBytes: 320,
  })
  stage.write({
    kind: 'smtp',
    conn,
    atUs: conn.startUs + 3000,
    writtenUs: conn.endUs,
    helo: 'localhost',
    mailFrom: '',
    rcptTo: [],
    subject: '',
    lastReply: '535 5.7.8 Error: authentication failed: authentication failure',
    tls: false,
  })
}
