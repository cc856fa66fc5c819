import { office } from '../../generate/actors/office.ts'
import { slowKnocks } from '../../generate/actors/outgoing.ts'
import { hours, minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Somebody outside tries a port of a server each quarter of an hour, none of which is open.',
  seed: 77,
  lasts: hours(3),
  play: [
    office({ hosts: 2 }),
    slowKnocks({ from: '93.174.95.106', to: 'files-1', at: minutes(5), knocks: 11, everyMs: minutes(15) }),
  ],
  expect: [
    {
      detector: 'slow-port-scan',
      from: '93.174.95.106',
      to: 'files-1',
      between: [minutes(10), hours(1)],
      level: 'medium',
    },
    { detector: 'slow-port-scan', from: '93.174.95.106', to: 'files-1', between: [hours(1), hours(2)] },
  ],
  otherwiseQuiet: true,
})
