import { foreignCertificate } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A server shows a certificate that is not for the name it was asked for.',
  seed: 216,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    foreignCertificate({
      from: 'ws-7',
      domain: 'www.login-once-more.net',
      at: minutes(20),
      commonName: 'localhost',
    }),
  ],
  expect: [{ detector: 'certificate-name-mismatch', from: 'ws-7', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})
