import { office } from '../../generate/actors/office.ts'
import { reportedPortScan } from '../../generate/actors/sensor-reports.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'The sensor itself reports a port scan that nobody here has flows of.',
  seed: 201,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), reportedPortScan({ from: 'ws-6', to: 'files-1', at: minutes(20) })],
  expect: [{ detector: 'reported-port-scan', from: 'ws-6', between: [minutes(20), minutes(21)] }],
  alerts: ['ws-6'],
  otherwiseQuiet: true,
})
