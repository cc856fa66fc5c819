import { conn, http, minutes, startMs } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { nonHttpPort80 } from './non-http-port-80.ts'

const dstIp = '93.184.216.34'
const odd = (afterMs: number, given = {}) => conn({ tsMs: startMs + afterMs, dstIp, ...given })

testDetector(nonHttpPort80, {
  quiet: {
    'HTTP, alone and upgraded': { records: [odd(0, { service: 'http' }), odd(1, { service: 'http,ssl' })] },
    'what HTTP is upgraded to, as Suricata names it': {
      records: (['http2', 'websocket'] as const).map((service, i) =>
        odd(i, {
          source: 'suricata',
          state: 'closed',
          history: 'closed',
          service,
          dstIp: `93.184.216.${40 + i}`,
        }),
      ),
    },
    'an unrecognised one near a recognised one': { records: [odd(0), odd(minutes(4), { service: 'http' })] },
    'an HTTP record is proof too': { records: [http({ tsMs: startMs }), odd(minutes(5))] },
    'a check that the line is up: connected and closed, headers alone as Suricata counts them': {
      records: [odd(0, { source: 'suricata', srcPkts: 8, srcBytes: 544, dstPkts: 4, dstBytes: 280 })],
    },
    'another port': { records: [odd(0, { dstPort: 8_080 })] },
    'six minutes apart, with a longer reach': {
      config: { reachSeconds: 400 },
      records: [http({ tsMs: startMs }), odd(minutes(6))],
    },
    'few bytes, where more are asked for': { config: { minBytes: 5_000 }, records: [odd(0)] },
  },
  loud: {
    'something else, charged to both ends': {
      records: [odd(0)],
      evidence: [
        {
          type: 'NON_HTTP_PORT_80_CONNECTION',
          profile: '10.0.0.9',
          level: 'low',
          confidence: 0.8,
          victim: dstIp,
        },
        { profile: dstIp, level: 'medium', attacker: dstIp, victim: '10.0.0.9' },
      ],
    },
    'an HTTP record on another port is no excuse': {
      records: [http({ tsMs: startMs, dstPort: 8_080 }), odd(1)],
      evidence: [{ profile: '10.0.0.9' }, { profile: dstIp }],
    },
    'missed packets, where they are said not to matter': {
      config: { maxMissedShare: 1 },
      records: [odd(0, { dstIp: '93.184.216.35', service: 'http', history: 'DadA' }), odd(1)],
      evidence: [{ level: 'low', confidence: 0.8 }, { level: 'medium' }],
    },
    'nothing the sensor knows, where it misses packets': {
      records: [odd(0, { dstIp: '93.184.216.35', service: 'http', history: 'DadA' }), odd(1)],
      evidence: [
        { level: 'info', confidence: 0.3 },
        { level: 'info', confidence: 0.3 },
      ],
    },
    'a client that nobody answers after the handshake: low for both ends': {
      records: [odd(0, { dstBytes: 0 })],
      evidence: [
        { profile: '10.0.0.9', level: 'low', confidence: 0.4 },
        { profile: dstIp, level: 'low', confidence: 0.4 },
      ],
    },
    'TLS on 80': {
      records: [odd(0, { service: 'ssl' })],
      evidence: [{ facts: { service: 'ssl' } }, { facts: { service: 'ssl' } }],
    },
  },
})
