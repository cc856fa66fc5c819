import { icmpSweep } from '../../generate/actors/icmp-sweep.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story:
    'Three workstations ask the servers by ICMP whether they are there, for their time and for their mask.',
  seed: 69,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    icmpSweep({ from: 'ws-6', at: minutes(20), addresses: 120 }),
    icmpSweep({ from: 'ws-7', at: minutes(24), addresses: 30, question: 'timestamp' }),
    icmpSweep({ from: 'ws-8', at: minutes(28), addresses: 30, question: 'mask' }),
  ],
  expect: [
    { detector: 'icmp-sweep', from: 'ws-6', level: 'medium', between: [minutes(20), minutes(21)] },
    { detector: 'icmp-sweep', from: 'ws-7', level: 'medium', between: [minutes(24), minutes(25)] },
    { detector: 'icmp-sweep', from: 'ws-8', level: 'medium', between: [minutes(28), minutes(29)] },
  ],
  otherwiseQuiet: true,
})
