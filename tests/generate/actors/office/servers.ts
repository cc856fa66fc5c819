import { type Host, officeZone } from '../../network.ts'
import type { ConnectOptions, Stage } from '../../stage.ts'
import { overHttp } from '../../web.ts'

/** Work with the servers of the house: sign-on, directory, shares, printing, intranet. */
export function useServers(stage: Stage, who: Host, fromMs: number): void {
  const { random } = stage
  const talk = (name: string, atMs: number, options: Omit<ConnectOptions, 'from' | 'to' | 'atMs'>) => {
    const { server, readyMs } = stage.resolve(who, `${name}.${officeZone}`, atMs)
    return stage.connect({ from: who, to: server, atMs: readyMs, ...options })
  }
  const signOn = (atMs: number) => {
    talk('dc-1', atMs, {
      port: 88,
      service: 'kerberos',
      durationMs: random.between(2, 30),
      srcBytes: random.int(1400, 3200),
      dstBytes: random.int(1500, 3400),
    })
    talk('dc-1', atMs + 40, {
      port: 389,
      service: 'ldap',
      durationMs: random.between(20, 4000),
      srcBytes: random.int(400, 2500),
      dstBytes: random.int(900, 30_000),
    })
  }
  signOn(fromMs + random.between(4_000, 30_000))
  for (const at of stage.moments(1_200_000, fromMs)) signOn(at)

  for (const at of stage.moments(500_000, fromMs)) {
    const saving = random.chance(0.35)
    const bulk = Math.min(4e7, random.logNormal(250_000, 1.8))
    talk(random.chance(0.8) ? 'files-1' : 'files-2', at, {
      port: 445,
      service: 'smb',
      durationMs: random.between(2_000, 700_000),
      srcBytes: 4000 + (saving ? bulk : bulk / 40),
      dstBytes: 5000 + (saving ? bulk / 40 : bulk),
    })
  }
  for (const at of stage.moments(3_000_000, fromMs)) {
    talk('print-1', at, {
      port: random.chance(0.8) ? 9100 : 631,
      durationMs: random.between(1_000, 20_000),
      srcBytes: Math.min(3e7, random.logNormal(400_000, 1.2)),
      dstBytes: random.int(80, 600),
    })
  }
  for (const at of stage.moments(1_400_000, fromMs)) {
    overHttp(stage, {
      from: who,
      domain: `intranet.${officeZone}`,
      atMs: at,
      durationMs: random.between(500, 15_000),
      requests: [{ uri: '/start', mimeType: 'text/html', responseBytes: random.int(8000, 60_000) }],
    })
  }
}
