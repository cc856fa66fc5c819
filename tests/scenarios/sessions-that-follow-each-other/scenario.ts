import { office } from '../../generate/actors/office.ts'
import { longContact } from '../../generate/actors/outgoing.ts'
import { hours, minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const domain = 'desk.far-away-3390.net'

export const scenario = defineScenario({
  story: 'A host is connected with a server outside for most of a day, in sessions of half an hour.',
  seed: 76,
  lasts: hours(6),
  play: [
    office({ hosts: 2 }),
    longContact({
      from: 'ws-2',
      to: domain,
      at: minutes(5),
      sessions: 10,
      lasts: minutes(30),
      pauseMs: minutes(2),
    }),
  ],
  expect: [{ detector: 'long-contact', from: 'ws-2', to: domain, between: [hours(4), hours(6)] }],
  otherwiseQuiet: true,
})
