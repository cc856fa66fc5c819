import { greTunnel } from '../../generate/actors/gre-tunnel.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation builds a GRE tunnel to a host outside.',
  seed: 32,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    greTunnel({ from: 'ws-5', to: '151.101.190.41', at: minutes(20), lasts: minutes(6) }),
  ],
  expect: [{ detector: 'gre-tunnel', from: 'ws-5', between: [minutes(20), minutes(27)] }],
  otherwiseQuiet: true,
})
