import { resolverElsewhere } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation asks a resolver of another private network, which has no answers for it.',
  seed: 68,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    resolverElsewhere({ from: 'ws-4', resolver: '192.168.77.53', at: minutes(20), times: 4 }),
  ],
  expect: [
    {
      detector: 'dns-to-other-network',
      from: 'ws-4',
      to: '192.168.77.53',
      level: 'low',
      between: [minutes(20), minutes(21)],
    },
  ],
  otherwiseQuiet: true,
})
