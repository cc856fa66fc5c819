import { office } from '../../generate/actors/office.ts'
import { smtpBruteForce } from '../../generate/actors/smtp-logins.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Mail passwords are guessed within seconds.',
  seed: 31,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), smtpBruteForce({ from: 'ws-8', to: 'mail', at: minutes(20), logins: 9 })],
  expect: [
    { detector: 'bad-smtp-login', from: 'ws-8', to: 'mail', between: [minutes(20), minutes(21)] },
    { detector: 'smtp-brute-force', from: 'ws-8', to: 'mail', between: [minutes(20), minutes(21)] },
  ],
  alerts: ['ws-8'],
  otherwiseQuiet: true,
})
