import { borrowedNames } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A page is read without encryption.',
  seed: 212,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    borrowedNames({
      from: 'ws-5',
      domain: 'www.oldshop.example',
      at: minutes(5),
      userAgents: ['OldBrowser/1.0'],
    }),
  ],
  expect: [{ detector: 'plain-http', from: 'ws-5', between: [minutes(0), minutes(45)] }],
  otherwiseQuiet: true,
})
