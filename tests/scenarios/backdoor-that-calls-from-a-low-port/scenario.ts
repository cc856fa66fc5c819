import { office } from '../../generate/actors/office.ts'
import { datagramsByTheClock } from '../../generate/actors/outgoing.ts'
import { hours, minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const server = '185.220.44.8'

export const scenario = defineScenario({
  story: 'A backdoor reports each minute by datagrams from the port of time servers, as if it answered.',
  seed: 173,
  lasts: hours(1),
  play: [
    office({ hosts: 3 }),
    datagramsByTheClock({
      from: 'ws-2',
      to: server,
      at: minutes(5),
      srcPort: 123,
      port: 4_444,
      everyMs: seconds(60),
      times: 50,
    }),
  ],
  expect: [
    { detector: 'beacon', from: 'ws-2', to: server, between: [minutes(5), minutes(35)], level: 'medium' },
    {
      detector: 'unknown-port',
      from: 'ws-2',
      to: server,
      between: [minutes(5), minutes(35)],
      level: 'medium',
    },
  ],
  alerts: [],
  otherwiseQuiet: true,
})
