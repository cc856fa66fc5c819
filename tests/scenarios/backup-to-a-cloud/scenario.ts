import { office } from '../../generate/actors/office.ts'
import { dataUpload } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story:
    'A workstation backs up half a gigabyte to four servers of one provider: large uploads, and no alert.',
  seed: 63,
  lasts: minutes(60),
  play: [
    office({ hosts: 8 }),
    ...[1, 2, 3, 4].map((part) =>
      dataUpload({
        from: 'ws-3',
        to: `part-${part}.backup-store-118.net`,
        at: minutes(5 * part),
        megabytes: 130,
        lasts: minutes(2),
      }),
    ),
  ],
  expect: [{ detector: 'data-upload', from: 'ws-3', between: [minutes(5), minutes(8)], level: 'medium' }],
  otherwiseQuiet: true,
})
