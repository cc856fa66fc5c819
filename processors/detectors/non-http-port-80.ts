import { defineDetector } from './detector.ts'
import { watchService } from './unrecognised-service.ts'

const httpOn80 = watchService({
  port: 80,
  protocol: 'HTTP',
  // What a connection is upgraded to, as Suricata names it, began as HTTP.
  names: ['http', 'http2', 'websocket'],
  level: 'low',
  mirrorLevel: 'medium',
})

export const nonHttpPort80 = defineDetector({
  id: 'non-http-port-80',
  version: 4,
  claim: 'A connection to port 80 carried something else than HTTP.',
  spec: 'HTTP-08',
  types: ['NON_HTTP_PORT_80_CONNECTION'],
  level: 'low',
  techniques: ['T1571', 'T1071'],
  misfires:
    'Messengers and games that use 80 to pass firewalls: only the first server of a host and window weighs. Sensors that lose packets.',
  ...httpOn80.parts,
  on: { conn: httpOn80.onConn, http: httpOn80.onProtocol },
})
