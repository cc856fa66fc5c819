import { lieAboutItself } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { beacon } from '../../generate/actors/outgoing.ts'
import { hours, minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const server = '185.220.44.9'

export const scenario = defineScenario({
  story: "A backdoor asks its own server for a vendor's name before it reports to it each minute.",
  seed: 174,
  lasts: hours(1),
  play: [
    office({ hosts: 3 }),
    lieAboutItself({ from: 'ws-2', server, name: 'update.microsoft.com', at: minutes(4) }),
    beacon({
      from: 'ws-2',
      to: server,
      port: 8_443,
      at: minutes(5),
      everyMs: seconds(60),
      times: 50,
    }),
  ],
  expect: [
    { detector: 'beacon', from: 'ws-2', to: server, between: [minutes(5), minutes(35)], level: 'medium' },
    { detector: 'connection-without-dns', from: 'ws-2', to: server, between: [minutes(30), hours(1)] },
  ],
  otherwiseQuiet: true,
})
