import { type Host, host } from '../network.ts'
import type { Actor, Stage } from '../stage.ts'
import { browse } from './office/browsing.ts'
import { call, update } from './office/media.ts'

/** The part of an office's day that goes over IPv6: the web, calls, updates, file shares and the neighbours. Nothing in it is an attack. */
export function officeSix({
  hosts,
  at = 'v6',
}: {
  readonly hosts: number
  /** `gua`: at addresses of the internet. */
  readonly at?: 'v6' | 'gua'
}): Actor {
  return {
    name: 'office-six',
    benign: true,
    play: (stage) => {
      for (let number = 1; number <= hosts; number++) {
        const who = host(`ws-${number}-${at}`)
        const desk = stage.seat(who.name)
        const fromMs = desk.random.between(0, 180_000)
        browse(desk, who, fromMs)
        call(desk, who, fromMs)
        update(desk, who, fromMs)
        shares(desk, who, fromMs)
        neighbours(desk, who, fromMs)
      }
    },
  }
}

function shares(stage: Stage, who: Host, fromMs: number): void {
  for (const at of stage.moments(600_000, fromMs)) {
    const { server, readyMs } = stage.resolve(who, 'files-1.office.local', at)
    stage.connect({
      from: who,
      to: server,
      port: 445,
      service: 'smb',
      atMs: readyMs,
      durationMs: stage.random.between(400, 90_000),
      srcBytes: stage.random.int(3000, 400_000),
      dstBytes: stage.random.int(3000, 4_000_000),
    })
  }
}

/** Neighbour solicitations (RFC 4861) go to the group of the address asked for; greetings go to the group of mDNS. */
function neighbours(stage: Stage, who: Host, fromMs: number): void {
  const asked = ['resolver-v6', 'files-1-v6', 'mail-v6'].map(host)
  for (const at of stage.moments(120_000, fromMs)) {
    const last = stage.random.pick(asked).ip.split(':').at(-1) ?? ''
    stage.connect({
      from: who,
      to: group(`ff02::1:ff01:${last}`),
      proto: 'icmp',
      srcPort: 135,
      port: 0,
      atMs: at,
      outcome: 'unanswered',
      srcBytes: 24,
    })
  }
  for (const at of stage.moments(500_000, fromMs)) {
    stage.connect({
      from: who,
      to: group('ff02::fb'),
      proto: 'udp',
      srcPort: 5353,
      port: 5353,
      service: 'dns',
      atMs: at,
      outcome: 'unanswered',
      tries: 2,
      srcBytes: 92,
    })
  }
}

function group(ip: string): Host {
  return { name: ip, ip, mac: '33:33:00:00:00:fb', outside: false }
}
