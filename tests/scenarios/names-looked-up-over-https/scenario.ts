import { dnsOverHttps } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program looks names up past the resolver of the house.',
  seed: 217,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    dnsOverHttps({ from: 'ws-1', to: '9.9.9.9', domain: 'dns.quad9.net', at: minutes(20) }),
  ],
  expect: [{ detector: 'dns-over-https', from: 'ws-1', to: '9.9.9.9', between: [minutes(20), minutes(22)] }],
  otherwiseQuiet: true,
})
