import { foreignCertificate } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const between = [minutes(20), minutes(21)] as const
const domain = 'files.office-sync-9931.net'

export const scenario = defineScenario({
  story: 'A server shows a certificate that it has signed itself and that is made out to Microsoft.',
  seed: 231,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    foreignCertificate({
      from: 'ws-5',
      domain,
      at: minutes(20),
      commonName: 'Microsoft',
      owner: 'Microsoft Corporation',
      isSelfSigned: true,
    }),
  ],
  expect: [
    { detector: 'self-signed-certificate', from: 'ws-5', to: domain, between, level: 'low' },
    { detector: 'certificate-of-organisation', from: 'ws-5', to: domain, between, level: 'medium' },
    { detector: 'certificate-name-mismatch', from: 'ws-5', between, level: 'low' },
  ],
  otherwiseQuiet: true,
})
