import { relayClient, visitor } from '../../generate/actors/listed-contacts.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const [from, relay] = ['185.60.201.77', '185.60.202.9']

export const scenario = defineScenario({
  story: 'An address of a listed range is let in by a server, and a workstation uses an exit of Tor.',
  seed: 43,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    visitor({ from, to: 'intranet', at: minutes(15) }),
    relayClient({ from: 'ws-7', to: relay, at: minutes(25) }),
  ],
  indicators: [
    { kind: 'range', value: '185.60.201.0/24', level: 'medium' },
    { kind: 'ip', value: relay, level: 'info', tags: ['tor-exit'] },
  ],
  expect: [
    { detector: 'listed-source', from, to: 'intranet', between: [minutes(15), minutes(16)], level: 'medium' },
    { detector: 'tor-exit-node', from: 'ws-7', to: relay, between: [minutes(25), minutes(26)] },
  ],
  otherwiseQuiet: true,
})
