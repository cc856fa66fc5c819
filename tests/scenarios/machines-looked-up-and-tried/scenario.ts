import { horizontalScan } from '../../generate/actors/horizontal-scan.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation looks up the machines of the office by name and tries the file share of each.',
  seed: 61,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    horizontalScan({ from: 'ws-5', port: 445, at: minutes(12), targets: 60, namedFrom: 300, gapMs: 900 }),
  ],
  expect: [{ detector: 'horizontal-port-scan', from: 'ws-5', between: [minutes(12), minutes(14)] }],
  alerts: ['ws-5'],
  otherwiseQuiet: true,
})
