import { office } from '../../generate/actors/office.ts'
import { slowExfiltration } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Six hundred megabytes leave the house within the hour, in twelve portions.',
  seed: 20,
  lasts: minutes(60),
  play: [
    office({ hosts: 8 }),
    slowExfiltration({
      from: 'ws-4',
      to: 'sync.file-locker-9931.net',
      at: minutes(4),
      megabytes: 600,
      portions: 12,
      everyMs: minutes(4),
    }),
  ],
  expect: [{ detector: 'slow-upload', from: 'ws-4', between: [minutes(4), minutes(60)] }],
  otherwiseQuiet: true,
})
