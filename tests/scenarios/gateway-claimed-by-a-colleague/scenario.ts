import { arpClaims } from '../../generate/actors/arp-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story:
    'A workstation tells a colleague every ten seconds that it is the gateway, which says nothing itself.',
  seed: 65,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    arpClaims({
      from: 'ws-6',
      of: 'gateway',
      to: 'ws-2',
      at: minutes(20),
      lasts: minutes(10),
      everyMs: 10_000,
    }),
  ],
  expect: [
    { detector: 'arp-spoofing', from: 'ws-6', level: 'critical', between: [minutes(20), minutes(30)] },
  ],
  alerts: ['ws-6'],
  otherwiseQuiet: true,
})
