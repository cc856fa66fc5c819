import { pasteOverTls } from '../../generate/actors/odd-web.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program fetches its orders from a paste site, encrypted.',
  seed: 211,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), pasteOverTls({ from: 'ws-8', domain: 'pastebin.com', at: minutes(20) })],
  expect: [{ detector: 'pastebin-tls-download', from: 'ws-8', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})
