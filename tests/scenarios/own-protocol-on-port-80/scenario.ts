import { office } from '../../generate/actors/office.ts'
import { nonHttpOnPort80 } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A protocol of its own hides on port 80.',
  seed: 26,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    nonHttpOnPort80({ from: 'ws-5', to: 'edge.tunnel-mart-8120.net', at: minutes(20) }),
  ],
  expect: [{ detector: 'non-http-port-80', from: 'ws-5', between: [minutes(20), minutes(30)] }],
  otherwiseQuiet: true,
})
