import { office } from '../../generate/actors/office.ts'
import { spreadExfiltration } from '../../generate/actors/outgoing.ts'
import { minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Nine gigabytes leave the house in an hour, in portions of ninety megabytes to twenty servers.',
  seed: 62,
  lasts: minutes(60),
  play: [
    office({ hosts: 8 }),
    spreadExfiltration({
      from: 'ws-6',
      domains: Array.from({ length: 20 }, (_, i) => `node-${i + 1}.file-locker-9931.net`),
      at: minutes(3),
      portions: 100,
      megabytes: 90,
      everyMs: seconds(33),
    }),
  ],
  expect: [{ detector: 'slow-upload', from: 'ws-6', between: [minutes(3), minutes(60)], level: 'medium' }],
  otherwiseQuiet: true,
})
