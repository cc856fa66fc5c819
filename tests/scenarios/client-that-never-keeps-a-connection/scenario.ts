import { office } from '../../generate/actors/office.ts'
import { strobe } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const domain = 'jobs.batch-runner-2207.net'

export const scenario = defineScenario({
  story: 'A program opens twelve hundred connections to one server within ten minutes.',
  seed: 72,
  lasts: minutes(45),
  play: [
    office({ hosts: 4 }),
    strobe({ from: 'ws-3', to: domain, at: minutes(20), times: 1_200, everyMs: 500 }),
  ],
  expect: [
    { detector: 'strobe', from: 'ws-3', to: domain, between: [minutes(20), minutes(31)], level: 'medium' },
  ],
  otherwiseQuiet: true,
})
