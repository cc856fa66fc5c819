import { foreignCertificate } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const between = [minutes(20), minutes(21)] as const
const domain = 'static.pixel-store-20.net'

export const scenario = defineScenario({
  story:
    'A server shows a certificate that it has signed itself and that is made out to Google; the sensor tells of it apart.',
  seed: 232,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    foreignCertificate({
      from: 'ws-6',
      domain,
      at: minutes(20),
      commonName: '*.google.com',
      owner: 'Google LLC',
      isSelfSigned: true,
      isApart: true,
    }),
  ],
  expect: [
    { detector: 'self-signed-certificate', from: 'ws-6', to: domain, between, level: 'low' },
    { detector: 'certificate-of-organisation', from: 'ws-6', to: domain, between, level: 'medium' },
  ],
  otherwiseQuiet: true,
})
