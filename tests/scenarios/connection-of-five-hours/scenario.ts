import { office } from '../../generate/actors/office.ts'
import { dataUpload } from '../../generate/actors/outgoing.ts'
import { hours, minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const at = minutes(10)

export const scenario = defineScenario({
  story:
    'A connection that carries six hundred megabytes out takes five hours, and is logged only when it is over: within the grace of the window it began in.',
  seed: 36,
  lasts: hours(6),
  play: [
    office({ hosts: 3 }),
    dataUpload({
      from: 'ws-2',
      to: 'sync.file-locker-9931.net',
      at,
      megabytes: 600,
      lasts: hours(5),
    }),
  ],
  expect: [
    { detector: 'long-connection', from: 'ws-2', between: [at, at + minutes(1)], window: 0 },
    { detector: 'data-upload', from: 'ws-2', between: [at, at + minutes(1)], window: 0, level: 'medium' },
    { detector: 'slow-upload', from: 'ws-2', between: [at, at + minutes(1)], window: 0, level: 'info' },
  ],
  otherwiseQuiet: true,
})
