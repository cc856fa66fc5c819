import { dnsUpload } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A file goes out in the names that are asked for below one domain.',
  seed: 74,
  lasts: minutes(45),
  play: [
    office({ hosts: 6 }),
    dnsUpload({ from: 'ws-5', domain: 'z.drop-point-4471.net', at: minutes(20), pieces: 260, gapMs: 1_500 }),
  ],
  expect: [
    { detector: 'dns-tunnel', from: 'ws-5', between: [minutes(20), minutes(30)], level: 'medium' },
    { detector: 'dns-tunnel', from: 'ws-5', between: [minutes(20), minutes(30)], level: 'high' },
  ],
  alerts: ['ws-5'],
  otherwiseQuiet: true,
})
