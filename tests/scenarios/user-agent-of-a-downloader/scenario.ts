import { office } from '../../generate/actors/office.ts'
import { suspiciousUserAgent } from '../../generate/actors/web-abuse.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A program fetches orders under a user agent that no browser has.',
  seed: 24,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    suspiciousUserAgent({ from: 'ws-8', domain: 'www.panel-stats-2209.net', at: minutes(20) }),
  ],
  expect: [{ detector: 'suspicious-user-agent', from: 'ws-8', between: [minutes(20), minutes(21)] }],
  alerts: ['ws-8'],
  otherwiseQuiet: true,
})
