import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'An administrator logs in to servers over SSH, as every day.',
  seed: 2,
  lasts: minutes(45),
  play: [office({ hosts: 8, adminLoginsPerHour: 6 })],
  expect: [{ detector: 'ssh-success', from: 'ws-1', between: [0, minutes(45)] }],
  otherwiseQuiet: true,
})
