import { ordersInAddresses } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program takes the answers to one name for its orders and never connects to them.',
  seed: 66,
  lasts: minutes(90),
  play: [
    office({ hosts: 8 }),
    ordersInAddresses({
      from: 'ws-5',
      domain: 'sync.some-place-1190.net',
      at: minutes(12),
      everyMs: minutes(3),
      times: 20,
    }),
  ],
  expect: [{ detector: 'unused-dns-answer', from: 'ws-5', between: [minutes(12), minutes(15)] }],
  otherwiseQuiet: true,
})
