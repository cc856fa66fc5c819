import { office } from '../../generate/actors/office.ts'
import { dataUpload } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A hundred and sixty megabytes leave the house in one connection.',
  seed: 19,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    dataUpload({ from: 'ws-5', to: 'drop.file-locker-9931.net', at: minutes(20), megabytes: 160 }),
  ],
  expect: [{ detector: 'data-upload', from: 'ws-5', between: [minutes(20), minutes(25)] }],
  otherwiseQuiet: true,
})
