import { office } from '../../generate/actors/office.ts'
import { severalChannels } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program holds three channels to its server, each on a port of its own.',
  seed: 64,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    severalChannels({
      from: 'ws-5',
      to: 'relay.some-place-1190.net',
      at: minutes(20),
      ports: [13337, 14448, 15559],
    }),
  ],
  expect: [
    {
      detector: 'unknown-ports-of-a-host',
      from: 'ws-5',
      to: 'relay.some-place-1190.net',
      between: [minutes(20), minutes(24)],
    },
    {
      detector: 'unknown-port',
      from: 'ws-5',
      to: 'relay.some-place-1190.net',
      between: [minutes(20), minutes(24)],
    },
  ],
  otherwiseQuiet: true,
})
