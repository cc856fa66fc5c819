import { inventedMethod } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program sends a request with a method of its own.',
  seed: 209,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    inventedMethod({ from: 'ws-4', domain: 'www.blueherald.example', at: minutes(20), method: 'XFETCH' }),
  ],
  expect: [
    {
      detector: 'weird-http-method',
      from: 'ws-4',
      to: 'www.blueherald.example',
      between: [minutes(20), minutes(21)],
    },
  ],
  otherwiseQuiet: true,
})
