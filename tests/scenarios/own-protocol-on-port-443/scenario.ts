import { office } from '../../generate/actors/office.ts'
import { nonTlsOnPort443 } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A protocol of its own hides on port 443.',
  seed: 27,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    nonTlsOnPort443({ from: 'ws-6', to: 'edge.tunnel-mart-8120.net', at: minutes(20) }),
  ],
  expect: [{ detector: 'non-tls-port-443', from: 'ws-6', between: [minutes(20), minutes(30)] }],
  otherwiseQuiet: true,
})
