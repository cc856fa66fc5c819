import { office } from '../../generate/actors/office.ts'
import { reportedIcmpSweep } from '../../generate/actors/sensor-reports.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

const noNotices = 'Only Zeek raises notices, and the pings were seen by another tap.'

export const scenario = defineScenario({
  story: 'The sensor itself reports that a host pings a network and asks hosts for their time.',
  seed: 207,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    reportedIcmpSweep({ from: 'ws-7', kind: 'address', targets: 255, at: minutes(20) }),
    reportedIcmpSweep({ from: 'ws-7', kind: 'timestamp', targets: 25, at: minutes(22) }),
  ],
  expect: [
    { detector: 'icmp-sweep', from: 'ws-7', between: [minutes(20), minutes(21)], level: 'medium' },
    { detector: 'icmp-sweep', from: 'ws-7', between: [minutes(22), minutes(23)], level: 'medium' },
  ],
  otherwiseQuiet: true,
  unseen: [
    { sensor: 'argus', detector: 'icmp-sweep', why: noNotices },
    { sensor: 'suricata', detector: 'icmp-sweep', why: noNotices },
    { sensor: 'nfdump', detector: 'icmp-sweep', why: noNotices },
  ],
})
