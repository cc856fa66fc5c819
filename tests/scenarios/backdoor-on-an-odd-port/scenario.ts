import { office } from '../../generate/actors/office.ts'
import { unknownPort } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation has a session with a port that no service is known for.',
  seed: 15,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    unknownPort({ from: 'ws-6', to: 'relay.quiet-host-3321.net', at: minutes(22) }),
  ],
  expect: [{ detector: 'unknown-port', from: 'ws-6', between: [minutes(22), minutes(25)] }],
  otherwiseQuiet: true,
})
