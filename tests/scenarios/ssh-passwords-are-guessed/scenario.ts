import { office } from '../../generate/actors/office.ts'
import { sshBruteForce } from '../../generate/actors/ssh.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Passwords of the jump host are guessed, in vain.',
  seed: 29,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), sshBruteForce({ from: 'ws-2', to: 'jump', at: minutes(20), sessions: 24 })],
  expect: [{ detector: 'ssh-brute-force', from: 'ws-2', to: 'jump', between: [minutes(20), minutes(24)] }],
  alerts: ['ws-2'],
  otherwiseQuiet: true,
})
