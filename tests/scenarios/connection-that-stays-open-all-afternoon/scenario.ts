import { office } from '../../generate/actors/office.ts'
import { keptOpen } from '../../generate/actors/outgoing.ts'
import { hours, minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const domain = 'shell.long-way-6620.net'

export const scenario = defineScenario({
  story:
    'A connection is open for hours and quiet for minutes at a time, so that sensors tell of it in pieces, each with a beginning of its own.',
  seed: 75,
  lasts: hours(6),
  play: [
    office({ hosts: 2 }),
    keptOpen({ from: 'ws-1', to: domain, port: 8_443, at: minutes(10), pieces: 32, everyMs: minutes(10) }),
  ],
  expect: [
    { detector: 'connection-still-open', from: 'ws-1', to: domain, between: [hours(1), hours(2)] },
    { detector: 'connection-still-open', from: 'ws-1', to: domain, between: [hours(4), hours(5)] },
    { detector: 'beacon', from: 'ws-1', to: domain, between: [hours(1), hours(3)] },
  ],
  otherwiseQuiet: true,
})
