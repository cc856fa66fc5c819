import { commandServer, commandServerTraits } from '../../generate/actors/listed-contacts.ts'
import { office } from '../../generate/actors/office.ts'
import { minutes, seconds } from '../../generate/durations.ts'
import { host } from '../../generate/network.ts'
import { defineScenario } from '../../generate/scenario.ts'

const domain = 'cdn.update-check-9917.net'
const { ja3, ja3s, certificateSha256 } = commandServerTraits
const between = [minutes(10), minutes(36)] as const

export const scenario = defineScenario({
  story:
    'A workstation calls a server each minute whose name, address, certificate and fingerprints feeds list.',
  seed: 41,
  lasts: minutes(45),
  play: [
    office({ hosts: 8 }),
    commandServer({ from: 'ws-4', domain, at: minutes(10), times: 25, everyMs: seconds(60) }),
  ],
  indicators: [
    { kind: 'domain', value: 'update-check-9917.net', description: 'Bot' },
    { kind: 'ip', value: host(domain).ip, level: 'medium', tags: ['c2'] },
    { kind: 'ja3', value: ja3 },
    { kind: 'ja3s', value: ja3s },
    { kind: 'certificate_sha256', value: certificateSha256 },
    // Suricata tells the shorter hash of a certificate.
    { kind: 'certificate_sha1', value: certificateSha256.slice(0, 40) },
  ],
  expect: [
    { detector: 'listed-domain', from: 'ws-4', between, level: 'high' },
    { detector: 'listed-name-resolved', from: 'ws-4', to: 'resolver', between, level: 'low' },
    { detector: 'listed-dns-answer', from: 'ws-4', between, level: 'medium' },
    { detector: 'listed-destination', from: 'ws-4', to: domain, between, level: 'low' },
    { detector: 'listed-client-fingerprint', from: 'ws-4', to: domain, between, level: 'high' },
    { detector: 'listed-server-fingerprint', from: 'ws-4', to: domain, between, level: 'low' },
    { detector: 'listed-certificate', from: 'ws-4', to: domain, between, level: 'low' },
    { detector: 'beacon', from: 'ws-4', to: domain, between, level: 'medium' },
  ],
  alerts: ['ws-4'],
  otherwiseQuiet: true,
})
