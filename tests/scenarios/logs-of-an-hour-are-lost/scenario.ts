import { horizontalScan } from '../../generate/actors/horizontal-scan.ts'
import { office } from '../../generate/actors/office.ts'
import { dataUpload } from '../../generate/actors/outgoing.ts'
import { portSweep } from '../../generate/actors/port-sweep.ts'
import { hours, minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story:
    'The logs of an hour are lost: what came before and after is found, what fell into the hole is not, and the hole itself wakes nobody.',
  seed: 38,
  lasts: hours(3),
  play: [
    office({ hosts: 8 }),
    dataUpload({ from: 'ws-5', to: 'drop.file-locker-9931.net', at: minutes(40), megabytes: 160 }),
    portSweep({ from: 'ws-3', to: 'files-1', at: minutes(75), ports: 300 }),
    horizontalScan({ from: 'ws-4', port: 445, at: minutes(125), targets: 120 }),
  ],
  lost: [[minutes(50), minutes(110)]],
  expect: [
    { detector: 'data-upload', from: 'ws-5', between: [minutes(40), minutes(45)], level: 'medium' },
    { detector: 'horizontal-port-scan', from: 'ws-4', between: [minutes(125), minutes(128)], level: 'high' },
  ],
  alerts: ['ws-4'],
  otherwiseQuiet: true,
})
