import { reverseWalk } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation asks DNS who is at each address of the servers, one after the other.',
  seed: 67,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), reverseWalk({ from: 'ws-6', at: minutes(20), addresses: 60 })],
  expect: [
    { detector: 'dns-reverse-scan', from: 'ws-6', level: 'medium', between: [minutes(20), minutes(21)] },
  ],
  otherwiseQuiet: true,
})
