import { dnsRebinding } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A public name suddenly answers with the address of the intranet.',
  seed: 22,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    dnsRebinding({ from: 'ws-6', domain: 'w1.portal-sync-4471.net', answer: 'intranet', at: minutes(20) }),
  ],
  expect: [{ detector: 'private-dns-answer', from: 'ws-6', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})
