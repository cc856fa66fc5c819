import { horizontalScan } from '../../generate/actors/horizontal-scan.ts'
import { officeSix } from '../../generate/actors/office-six.ts'
import {
  beacon,
  connectionWithoutDns,
  dataUpload,
  reconnections,
  slowExfiltration,
  unknownPort,
} from '../../generate/actors/outgoing.ts'
import { portSweep } from '../../generate/actors/port-sweep.ts'
import { hours, minutes, seconds } from '../../generate/durations.ts'
import { defineScenario } from '../../generate/scenario.ts'

export const scenario = defineScenario({
  story:
    'Every host of a network has an IPv6 address of the internet, and nobody has said which are ours: one reports to its master, others scan, also through NAT64, send data out and keep trying.',
  seed: 91,
  lasts: hours(2),
  play: [
    officeSix({ hosts: 6, at: 'gua' }),
    beacon({
      from: 'ws-2-gua',
      to: 'orders.metric-relay-8842.net',
      port: 8081,
      at: minutes(5),
      everyMs: seconds(60),
      times: 45,
    }),
    portSweep({ from: 'ws-3-gua', to: 'files-1-gua', at: minutes(20), ports: 300 }),
    horizontalScan({
      from: 'ws-4-gua',
      prefix6: '64:ff9b::b93c:b6',
      port: 445,
      targets: 60,
      at: minutes(30),
    }),
    connectionWithoutDns({ from: 'ws-5-gua', to: '2a0e:77::1234', at: minutes(45) }),
    unknownPort({ from: 'ws-6-gua', to: 'relay.quiet-host-3322.net', at: minutes(50) }),
    reconnections({ from: 'ws-6-gua', to: 'files-2-gua', port: 3389, at: minutes(54) }),
    dataUpload({ from: 'ws-1-gua', to: 'drop.file-locker-9932.net', at: minutes(62), megabytes: 160 }),
    slowExfiltration({
      from: 'ws-3-gua',
      to: 'parts.file-locker-9933.net',
      at: minutes(64),
      megabytes: 640,
      portions: 9,
      everyMs: minutes(5),
    }),
  ],
  expect: [
    { detector: 'beacon', from: 'ws-2-gua', between: [minutes(5), minutes(40)], level: 'medium' },
    {
      detector: 'vertical-port-scan',
      from: 'ws-3-gua',
      to: 'files-1-gua',
      between: [minutes(20), minutes(22)],
      level: 'high',
    },
    {
      detector: 'horizontal-port-scan',
      from: 'ws-4-gua',
      between: [minutes(30), minutes(32)],
      level: 'high',
    },
    { detector: 'connection-without-dns', from: 'ws-5-gua', between: [minutes(45), minutes(48)] },
    { detector: 'unknown-port', from: 'ws-6-gua', between: [minutes(50), minutes(52)] },
    { detector: 'reconnections', from: 'ws-6-gua', between: [minutes(54), minutes(56)] },
    { detector: 'data-upload', from: 'ws-1-gua', between: [minutes(62), minutes(66)], level: 'medium' },
    { detector: 'slow-upload', from: 'ws-3-gua', between: [minutes(64), minutes(110)], level: 'medium' },
  ],
  alerts: ['ws-3-gua', 'ws-4-gua'],
  otherwiseQuiet: true,
})
