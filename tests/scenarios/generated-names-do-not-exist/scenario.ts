import { dga } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program tries forty generated names, none of which exists.',
  seed: 23,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), dga({ from: 'ws-7', at: minutes(20), names: 40 })],
  expect: [{ detector: 'dga-nxdomain', from: 'ws-7', between: [minutes(20), minutes(22)] }],
  alerts: ['ws-7'],
  otherwiseQuiet: true,
})
