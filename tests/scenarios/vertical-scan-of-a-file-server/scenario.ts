import { office } from '../../generate/actors/office.ts'
import { portSweep } from '../../generate/actors/port-sweep.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation tries the ports of a file server, one after the other.',
  seed: 11,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), portSweep({ from: 'ws-3', to: 'files-1', at: minutes(20), ports: 300 })],
  expect: [
    { detector: 'vertical-port-scan', from: 'ws-3', to: 'files-1', between: [minutes(20), minutes(22)] },
  ],
  alerts: ['ws-3'],
  otherwiseQuiet: true,
})
