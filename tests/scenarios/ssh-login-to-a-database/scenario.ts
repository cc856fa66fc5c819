import { office } from '../../generate/actors/office.ts'
import { sshLogin } from '../../generate/actors/ssh.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Somebody logs in to the database server over SSH.',
  seed: 28,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), sshLogin({ from: 'ws-4', to: 'db-1', at: minutes(20) })],
  expect: [{ detector: 'ssh-success', from: 'ws-4', to: 'db-1', between: [minutes(20), minutes(25)] }],
  otherwiseQuiet: true,
})
