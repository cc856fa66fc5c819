import { probeTag, serverText } from '@weir/processors'
import { commandServer } from '../../generate/actors/listed-contacts.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes, seconds } from '../../generate/durations.ts'
import { host } from '../../generate/network.ts'
import { defineScenario, mondayMorningMs } from '../../generate/scenario.ts'

const domain = 'sync.team-board-3308.net'
const jarm = '07d14d16d21d21d07c42d41d00041d24a458a375eef0c576d23a7bab9a9fb1'
const between = [minutes(10), minutes(13)] as const

export const scenario = defineScenario({
  story:
    'A workstation calls a server that was probed the week before and has the TLS fingerprint of a tool of intruders.',
  seed: 87,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    commandServer({ from: 'ws-5', domain, at: minutes(10), times: 3, everyMs: seconds(50) }),
  ],
  indicators: [
    {
      kind: 'tls_server',
      value: serverText(host(domain).ip, 443),
      feed: 'jarm',
      level: 'info',
      tags: [probeTag({ jarm, atMs: mondayMorningMs - 7 * 24 * minutes(60) })],
    },
    { kind: 'jarm', value: jarm, level: 'medium', description: 'Command framework' },
  ],
  expect: [{ detector: 'listed-jarm', from: 'ws-5', to: domain, between, level: 'low' }],
  otherwiseQuiet: true,
})
