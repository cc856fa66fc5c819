import { arpScan } from '../../generate/actors/arp-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation asks the segment for forty addresses in a row.',
  seed: 33,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), arpScan({ from: 'ws-6', at: minutes(20), addresses: 40 })],
  expect: [{ detector: 'arp-scan', from: 'ws-6', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})
