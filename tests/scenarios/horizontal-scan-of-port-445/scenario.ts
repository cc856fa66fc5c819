import { horizontalScan } from '../../generate/actors/horizontal-scan.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation looks for file shares all over a subnet.',
  seed: 12,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), horizontalScan({ from: 'ws-4', port: 445, at: minutes(15), targets: 120 })],
  expect: [{ detector: 'horizontal-port-scan', from: 'ws-4', between: [minutes(15), minutes(18)] }],
  alerts: ['ws-4'],
  otherwiseQuiet: true,
})
