import { office } from '../../generate/actors/office.ts'
import { dataUpload } from '../../generate/actors/outgoing.ts'
import { hours, minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const at = minutes(10)
const lasts = hours(7.5)
/** The window in which it was found out: that of its beginning is over. */
const window = hours(7)

export const scenario = defineScenario({
  story:
    'A connection that carries six hundred megabytes out is logged when the window it began in is over and done: what needs no window is said all the same, in the window of its end.',
  seed: 37,
  lasts: hours(8),
  play: [
    office({ hosts: 2 }),
    dataUpload({ from: 'ws-2', to: 'sync.file-locker-9931.net', at, megabytes: 600, lasts }),
  ],
  expect: [
    { detector: 'long-connection', from: 'ws-2', between: [at, at + minutes(1)], window },
    { detector: 'data-upload', from: 'ws-2', between: [at, at + minutes(1)], window, level: 'medium' },
  ],
  otherwiseQuiet: true,
})
