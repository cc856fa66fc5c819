import { dhcpStarvation } from '../../generate/actors/dhcp-starvation.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A host leases one address after another until the pool is empty.',
  seed: 13,
  lasts: minutes(45),
  play: [office({ hosts: 8 }), dhcpStarvation({ from: 'ws-5', at: minutes(25), addresses: 30 })],
  expect: [{ detector: 'dhcp-scan', from: 'ws-5', between: [minutes(25), minutes(28)] }],
  alerts: ['ws-5'],
  otherwiseQuiet: true,
})
