import { office } from '../../generate/actors/office.ts'
import { datagramsByTheClock } from '../../generate/actors/outgoing.ts'
import { hours, minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const server = '185.220.44.7'

export const scenario = defineScenario({
  story: 'A backdoor reports each minute by datagrams to the port of time servers of an address.',
  seed: 172,
  lasts: hours(1),
  play: [
    office({ hosts: 3 }),
    datagramsByTheClock({
      from: 'ws-2',
      to: server,
      at: minutes(5),
      port: 123,
      everyMs: seconds(60),
      times: 50,
    }),
  ],
  expect: [
    { detector: 'beacon', from: 'ws-2', to: server, between: [minutes(5), minutes(35)], level: 'low' },
  ],
  otherwiseQuiet: true,
})
