import { office } from '../../generate/actors/office.ts'
import { matchedRule } from '../../generate/actors/sensor-reports.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program reports to its server, and a rule of the sensor knows it.',
  seed: 205,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    matchedRule({ from: 'ws-5', domain: 'www.status-page-77.net', at: minutes(20), times: 12 }),
  ],
  expect: [{ detector: 'sensor-signature', from: 'ws-5', between: [minutes(20), minutes(32)] }],
  otherwiseQuiet: true,
})
