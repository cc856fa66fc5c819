import { office } from '../../generate/actors/office.ts'
import { executableDownload } from '../../generate/actors/web-abuse.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation downloads a Windows program named like an invoice.',
  seed: 25,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    executableDownload({ from: 'ws-3', domain: 'docs.invoice-portal-6604.net', at: minutes(20) }),
  ],
  expect: [{ detector: 'executable-download', from: 'ws-3', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})
