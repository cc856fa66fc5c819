import { officeSix } from '../../generate/actors/office-six.ts'
import { dataUpload, reconnections, unknownPort } from '../../generate/actors/outgoing.ts'
import { portSweep } from '../../generate/actors/port-sweep.ts'
import { minutes } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story:
    'In a network of IPv6 hosts, one tries the ports of a file server and sends a disk image out of the house; another has a backdoor, and a third does not take a refusal for an answer.',
  seed: 35,
  lasts: minutes(50),
  play: [
    officeSix({ hosts: 8 }),
    portSweep({ from: 'ws-3-v6', to: 'files-1-v6', at: minutes(20), ports: 300 }),
    reconnections({ from: 'ws-7-v6', to: 'files-2-v6', port: 3389, at: minutes(24) }),
    unknownPort({ from: 'ws-6-v6', to: 'relay.quiet-host-3321.net', at: minutes(28) }),
    dataUpload({ from: 'ws-3-v6', to: 'drop.file-locker-9931.net', at: minutes(36), megabytes: 160 }),
  ],
  expect: [
    {
      detector: 'vertical-port-scan',
      from: 'ws-3-v6',
      to: 'files-1-v6',
      between: [minutes(20), minutes(22)],
      level: 'high',
    },
    { detector: 'reconnections', from: 'ws-7-v6', to: 'files-2-v6', between: [minutes(24), minutes(26)] },
    { detector: 'unknown-port', from: 'ws-6-v6', between: [minutes(28), minutes(30)] },
    { detector: 'data-upload', from: 'ws-3-v6', between: [minutes(36), minutes(40)], level: 'medium' },
  ],
  alerts: ['ws-3-v6'],
  otherwiseQuiet: true,
})
