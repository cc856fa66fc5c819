import { commandServer } from '../../generate/actors/listed-contacts.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes, seconds } from '../../generate/durations.ts'
import { host } from '../../generate/network.ts'
import { defineScenario } from '../../generate/scenario.ts'

const domain = 'files.parcel-notice-2277.net'
const between = [minutes(10), minutes(12)] as const

export const scenario = defineScenario({
  story: 'A workstation calls a server twice, and ten minutes later a feed comes to list its address.',
  seed: 71,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    commandServer({ from: 'ws-3', domain, at: minutes(10), times: 2, everyMs: seconds(40) }),
  ],
  listedLater: {
    at: minutes(20),
    indicators: [{ kind: 'ip', value: host(domain).ip, description: 'Bot' }],
  },
  expect: [{ detector: 'contact-listed-later', from: 'ws-3', to: domain, between, level: 'low' }],
  otherwiseQuiet: true,
})
