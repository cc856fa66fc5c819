import { office } from '../../generate/actors/office.ts'
import { visit } from '../../generate/actors/outgoing.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation copies files from a private address that is not of the office.',
  seed: 62,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    visit({ from: 'ws-4', to: '192.168.77.20', at: minutes(20), port: 445, service: 'smb' }),
  ],
  expect: [
    {
      detector: 'other-local-network',
      from: 'ws-4',
      to: '192.168.77.20',
      level: 'low',
      between: [minutes(20), minutes(22)],
    },
  ],
  otherwiseQuiet: true,
})
