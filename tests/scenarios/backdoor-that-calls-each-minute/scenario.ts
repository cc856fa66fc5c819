import { office } from '../../generate/actors/office.ts'
import { beacon } from '../../generate/actors/outgoing.ts'
import { hours, minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const domain = 'status.metric-relay-8841.net'

export const scenario = defineScenario({
  story: 'A backdoor reports each minute over TLS, and each five minutes once it is told to wait.',
  seed: 71,
  lasts: hours(4),
  play: [
    office({ hosts: 3 }),
    beacon({ from: 'ws-2', to: domain, at: minutes(5), everyMs: seconds(60), times: 50 }),
    beacon({ from: 'ws-2', to: domain, at: minutes(60), everyMs: minutes(5), times: 34 }),
  ],
  expect: [
    { detector: 'beacon', from: 'ws-2', to: domain, between: [minutes(5), minutes(35)], level: 'medium' },
    { detector: 'beacon', from: 'ws-2', to: domain, between: [hours(2), hours(3)] },
  ],
  otherwiseQuiet: true,
})
