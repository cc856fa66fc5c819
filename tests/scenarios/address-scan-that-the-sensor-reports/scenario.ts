import { office } from '../../generate/actors/office.ts'
import { reportedAddressScan } from '../../generate/actors/sensor-reports.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'The sensor itself reports a scan of many hosts.',
  seed: 202,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), reportedAddressScan({ from: 'ws-7', port: 445, at: minutes(20) })],
  expect: [{ detector: 'reported-address-scan', from: 'ws-7', between: [minutes(20), minutes(21)] }],
  alerts: ['ws-7'],
  otherwiseQuiet: true,
})
