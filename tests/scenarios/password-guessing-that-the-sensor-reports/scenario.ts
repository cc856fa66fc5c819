import { office } from '../../generate/actors/office.ts'
import { reportedGuessing } from '../../generate/actors/sensor-reports.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'The sensor itself reports that passwords are guessed.',
  seed: 203,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), reportedGuessing({ from: 'ws-3', at: minutes(20) })],
  expect: [{ detector: 'reported-guessing', from: 'ws-3', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})
