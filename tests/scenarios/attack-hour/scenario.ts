import { dga } from '../../generate/actors/dns-abuse.ts'
import { horizontalScan } from '../../generate/actors/horizontal-scan.ts'
import { office } from '../../generate/actors/office.ts'
import { beacon, dataUpload } from '../../generate/actors/outgoing.ts'
import { smtpBruteForce } from '../../generate/actors/smtp-logins.ts'
import { sshBruteForce } from '../../generate/actors/ssh.ts'
import { executableDownload } from '../../generate/actors/web-abuse.ts'
import { hours, minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story:
    'An invoice is opened on ws-12: within the hour its backdoor scans, guesses its way into the database and sends it out; meanwhile ws-23 guesses mail passwords.',
  seed: 77,
  lasts: hours(1),
  play: [
    office({ hosts: 40 }),
    executableDownload({ from: 'ws-12', domain: 'docs.invoice-portal-6604.net', at: minutes(8) }),
    beacon({
      from: 'ws-12',
      to: 'relay.quiet-host-3321.net',
      port: 13337,
      at: minutes(10),
      everyMs: minutes(1),
      times: 49,
    }),
    dga({ from: 'ws-12', at: minutes(15), names: 40 }),
    horizontalScan({ from: 'ws-12', port: 445, at: minutes(22), targets: 90 }),
    sshBruteForce({ from: 'ws-12', to: 'db-1', at: minutes(30), sessions: 30, thenIn: true }),
    smtpBruteForce({ from: 'ws-23', to: 'mail', at: minutes(36), logins: 9 }),
    dataUpload({
      from: 'ws-12',
      to: 'drop.file-locker-9931.net',
      at: minutes(42),
      megabytes: 180,
      lasts: minutes(6),
    }),
  ],
  expect: [
    { detector: 'executable-download', from: 'ws-12', between: [minutes(8), minutes(9)] },
    { detector: 'unknown-port', from: 'ws-12', between: [minutes(10), minutes(60)] },
    { detector: 'beacon', from: 'ws-12', between: [minutes(10), minutes(60)], level: 'medium' },
    { detector: 'dga-nxdomain', from: 'ws-12', between: [minutes(15), minutes(17)] },
    { detector: 'horizontal-port-scan', from: 'ws-12', between: [minutes(22), minutes(24)] },
    { detector: 'ssh-brute-force', from: 'ws-12', to: 'db-1', between: [minutes(30), minutes(34)] },
    { detector: 'ssh-success', from: 'ws-12', to: 'db-1', between: [minutes(30), minutes(38)] },
    { detector: 'bad-smtp-login', from: 'ws-23', to: 'mail', between: [minutes(36), minutes(37)] },
    { detector: 'smtp-brute-force', from: 'ws-23', to: 'mail', between: [minutes(36), minutes(37)] },
    { detector: 'data-upload', from: 'ws-12', between: [minutes(42), minutes(49)] },
  ],
  alerts: ['ws-12', 'ws-23'],
  otherwiseQuiet: true,
})
