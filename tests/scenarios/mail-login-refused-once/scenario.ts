import { office } from '../../generate/actors/office.ts'
import { smtpBadLogin } from '../../generate/actors/smtp-logins.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'The mail server refuses one login.',
  seed: 30,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), smtpBadLogin({ from: 'ws-7', to: 'mail', at: minutes(20) })],
  expect: [{ detector: 'bad-smtp-login', from: 'ws-7', to: 'mail', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})
