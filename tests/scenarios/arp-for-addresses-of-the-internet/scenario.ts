import { arpOutside } from '../../generate/actors/arp-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation asks its segment who has addresses of the internet.',
  seed: 70,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    arpOutside({
      from: 'ws-6',
      at: minutes(20),
      addresses: ['69.220.152.10', '151.101.190.41', '185.60.180.77'],
    }),
  ],
  expect: [
    { detector: 'arp-outside-network', from: 'ws-6', level: 'low', between: [minutes(20), minutes(21)] },
  ],
  otherwiseQuiet: true,
})
