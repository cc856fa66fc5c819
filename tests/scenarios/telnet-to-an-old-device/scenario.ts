import { office } from '../../generate/actors/office.ts'
import { telnetLogin } from '../../generate/actors/remote-login.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Somebody logs in to a server by telnet.',
  seed: 206,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), telnetLogin({ from: 'ws-2', to: 'print-1', at: minutes(20) })],
  expect: [{ detector: 'remote-login', from: 'ws-2', to: 'print-1', between: [minutes(20), minutes(23)] }],
  otherwiseQuiet: true,
})
