import { connectivityCheck } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program asks a search engine for nothing, to see whether it is online.',
  seed: 213,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    connectivityCheck({
      from: 'ws-2',
      domain: 'www.google.com',
      at: minutes(10),
      times: 5,
      everyMs: minutes(5),
    }),
  ],
  expect: [{ detector: 'empty-connections', from: 'ws-2', between: [minutes(10), minutes(35)] }],
  otherwiseQuiet: true,
})
