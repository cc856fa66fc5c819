import { office } from '../../generate/actors/office.ts'
import { longConnection } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'One quiet connection stays up for forty minutes.',
  seed: 14,
  lasts: minutes(55),
  play: [
    office({ hosts: 8 }),
    longConnection({ from: 'ws-2', to: 'sync.keepalive-7714.net', at: minutes(5), lasts: minutes(40) }),
  ],
  expect: [{ detector: 'long-connection', from: 'ws-2', between: [minutes(5), minutes(55)] }],
  otherwiseQuiet: true,
})
