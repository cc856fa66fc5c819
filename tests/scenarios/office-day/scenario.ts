import { office } from '../../generate/actors/office.ts'
import { hours } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'An ordinary morning of forty desks, in which nothing happens.',
  seed: 1,
  lasts: hours(2),
  play: [office({ hosts: 40 })],
  expect: [],
  otherwiseQuiet: true,
})
