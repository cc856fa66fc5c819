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
      to: Array.from({ length: 12 }, (_, i) => `151.101.190.${41 + i}`),
      at: minutes(20),
      everyMs: 4000,
    }),
  ],
  expect: [{ detector: 'gre-scan', from: 'ws-3', between: [minutes(20), minutes(21)] }],
  alerts: ['ws-3'],
  otherwiseQuiet: true,
})
