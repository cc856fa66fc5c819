import { nameRush } from '../../generate/actors/dns-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const between = [minutes(20), minutes(21)] as const

export const scenario = defineScenario({
  story:
    'A program tries four hundred generated names of one length within seconds: what flows alone show of it is how alike they are.',
  seed: 73,
  lasts: minutes(45),
  play: [office({ hosts: 6 }), nameRush({ from: 'ws-4', at: minutes(20), names: 400, gapMs: 30 })],
  expect: [
    { detector: 'dns-rush', from: 'ws-4', to: 'resolver', between, level: 'medium' },
    { detector: 'dga-nxdomain', from: 'ws-4', between, level: 'high' },
  ],
  alerts: ['ws-4'],
  otherwiseQuiet: true,
})
