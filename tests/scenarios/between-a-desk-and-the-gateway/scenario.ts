import { arpPoisoning } from '../../generate/actors/arp-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation tells a colleague that it is the gateway, and the gateway that it is the colleague.',
  seed: 71,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    arpPoisoning({ from: 'ws-6', between: ['ws-2', 'gateway'], at: minutes(20), lasts: minutes(10) }),
  ],
  expect: [
    { detector: 'arp-spoofing', from: 'ws-6', level: 'critical', between: [minutes(20), minutes(30)] },
  ],
  alerts: ['ws-6'],
  otherwiseQuiet: true,
})
