import { office } from '../../generate/actors/office.ts'
import { visit } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation opens a remote desktop on another workstation.',
  seed: 63,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), visit({ from: 'ws-3', to: 'ws-6', at: minutes(20), port: 3389 })],
  expect: [{ detector: 'private-connection', from: 'ws-3', to: 'ws-6', between: [minutes(20), minutes(22)] }],
  otherwiseQuiet: true,
})
