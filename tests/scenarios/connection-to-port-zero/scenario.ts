import { office } from '../../generate/actors/office.ts'
import { portZero } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Somebody knocks at TCP port 0 of a server.',
  seed: 17,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), portZero({ from: 'ws-8', to: 'db-1', at: minutes(30) })],
  expect: [{ detector: 'port-zero', from: 'ws-8', to: 'db-1', between: [minutes(30), minutes(31)] }],
  otherwiseQuiet: true,
})
