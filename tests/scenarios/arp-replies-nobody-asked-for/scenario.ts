import { unsolicitedArp } from '../../generate/actors/arp-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A workstation announces its address to everybody, unasked.',
  seed: 34,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), unsolicitedArp({ from: 'ws-3', at: minutes(20) })],
  expect: [{ detector: 'unsolicited-arp', from: 'ws-3', between: [minutes(20), minutes(21)] }],
  otherwiseQuiet: true,
})
