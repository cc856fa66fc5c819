import { commandServer } from '../../generate/actors/listed-contacts.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const domain = 'mirror.fast-drive-6610.net'
const between = [minutes(10), minutes(12)] as const

export const scenario = defineScenario({
  story:
    'A workstation calls a server twice whose provider a feed lists by its AS number, and nothing else of it.',
  seed: 73,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    commandServer({ from: 'ws-3', domain, at: minutes(10), times: 2, everyMs: seconds(40) }),
  ],
  asNumbers: { [domain]: 64_496, 'www.primemarket.example': 64_497 },
  indicators: [{ kind: 'asn', value: 'AS64496', description: 'Lets anything be done' }],
  expect: [{ detector: 'listed-network', from: 'ws-3', to: domain, between, level: 'low' }],
  otherwiseQuiet: true,
})
