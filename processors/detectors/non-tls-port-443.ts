import { defineDetector } from './detector.ts'
import { watchService } from './unrecognised-service.ts'

const tlsOn443 = watchService({
  port: 443,
  protocol: 'TLS',
  names: ['ssl', 'tls', 'quic'],
  level: 'medium',
  mirrorLevel: null,
})

export const nonTlsPort443 = defineDetector({
  id: 'non-tls-port-443',
  version: 3,
  claim: 'A connection to port 443 carried something else than TLS.',
  spec: 'TLS-06',
  types: ['NON_SSL_PORT_443_CONNECTION'],
  level: 'medium',
  techniques: ['T1571', 'T1071'],
  misfires:
    'Tunnels and messengers that use 443 to pass firewalls: only the first server of a host and window weighs. Sensors that lose packets.',
  ...tlsOn443.parts,
  on: { conn: tlsOn443.onConn, tls: tlsOn443.onProtocol },
})
