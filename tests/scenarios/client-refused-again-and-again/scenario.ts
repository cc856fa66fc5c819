import { office } from '../../generate/actors/office.ts'
import { reconnections } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A client tries a closed remote desktop six times.',
  seed: 16,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), reconnections({ from: 'ws-7', to: 'files-2', port: 3389, at: minutes(18) })],
  expect: [{ detector: 'reconnections', from: 'ws-7', to: 'files-2', between: [minutes(18), minutes(20)] }],
  otherwiseQuiet: true,
})
