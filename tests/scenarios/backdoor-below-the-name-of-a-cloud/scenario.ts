import { office } from '../../generate/actors/office.ts'
import { beacon } from '../../generate/actors/outgoing.ts'
import { hours, minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const domain = 'status-8841.westeurope.cloudapp.azure.com'

export const scenario = defineScenario({
  story: 'A backdoor reports each minute to a machine that was rented below the domain of a cloud.',
  seed: 171,
  lasts: hours(1),
  play: [
    office({ hosts: 3 }),
    beacon({ from: 'ws-2', to: domain, at: minutes(5), everyMs: seconds(60), times: 50 }),
  ],
  expect: [
    { detector: 'beacon', from: 'ws-2', to: domain, between: [minutes(5), minutes(35)], level: 'medium' },
  ],
  otherwiseQuiet: true,
})
