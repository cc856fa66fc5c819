import { dnsTxtTunnel } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'Orders for a program come in as TXT answers of one domain.',
  seed: 21,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    dnsTxtTunnel({ from: 'ws-2', domain: 'tx.cdn-notes-5518.net', at: minutes(20), answers: 12 }),
  ],
  expect: [{ detector: 'dns-txt-entropy', from: 'ws-2', between: [minutes(20), minutes(22)] }],
  otherwiseQuiet: true,
})
