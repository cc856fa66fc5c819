import { greScan } from '../../generate/actors/gre-tunnel.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation begins tunnels to many hosts outside and uses none.',
  seed: 208,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    greScan({
      from: 'ws-3',
      to: ['151.101.190.41', '151.101.190.42', '151.101.190.43', '151.101.190.44'],
      at: minutes(20),
      everyMs: 4000,
    }),
  ],
  expect: [{ detector: 'gre-scan', from: 'ws-3', between: [minutes(20), minutes(21)] }],
  // Each tunnel weighs by itself as well.
  alerts: ['ws-3'],
  otherwiseQuiet: true,
})
