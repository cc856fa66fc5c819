import { addressTaken } from '../../generate/actors/arp-abuse.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story: 'A device says by ARP that it has left its address for another one that no DHCP server gave it.',
  seed: 65,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    addressTaken({ as: 'ws-9', formerIp: '10.20.99.7', from: minutes(4), at: minutes(22) }),
  ],
  expect: [
    {
      detector: 'device-changes-address',
      from: '10.20.99.7',
      by: 'ws-9',
      level: 'medium',
      between: [minutes(22), minutes(23)],
    },
  ],
  otherwiseQuiet: true,
})
