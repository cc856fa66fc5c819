import { office } from '../../generate/actors/office.ts'
import { connectionWithoutDns } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program knows the address of its server by heart, and asks no resolver for it.',
  seed: 18,
  lasts: minutes(60),
  play: [office({ hosts: 8 }), connectionWithoutDns({ from: 'ws-3', to: '185.60.180.77', at: minutes(42) })],
  expect: [{ detector: 'connection-without-dns', from: 'ws-3', between: [minutes(42), minutes(45)] }],
  otherwiseQuiet: true,
})
