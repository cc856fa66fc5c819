import { conn, hours, minutes, seconds, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { nonTlsPort443 } from './non-tls-port-443.ts'

const dstIp = '93.184.216.34'
const odd = (afterMs: number, given = {}) => conn({ tsMs: startMs + afterMs, dstIp, dstPort: 443, ...given })
const proper = (afterMs: number, given = {}) => odd(afterMs, { service: 'ssl', ...given })

testDetector(nonTlsPort443, {
  quiet: {
    'TLS by every name, alone and in company': {
      records: ['ssl', 'tls', 'quic', 'ssl,http', 'http,ssl'].map((service, i) => odd(i, { service })),
    },
    'an unrecognised one 300 seconds after a recognised one': { records: [proper(0), odd(seconds(300))] },
    'an unrecognised one 300 seconds before a recognised one': { records: [odd(0), proper(seconds(300))] },
    'a TLS record is proof too': { records: [odd(0), tls({ tsMs: startMs + seconds(10) })] },
    'a long connection told of when it ends, near the start of which there was TLS': {
      records: [proper(0), proper(minutes(60)), odd(minutes(1), { durationMs: hours(2) })],
    },
    'other ports and UDP': { records: [odd(0, { dstPort: 8_443 }), odd(1, { proto: 'udp' })] },
    'connections that came to nothing': {
      records: [
        odd(0, { established: false }),
        odd(1, { established: null }),
        odd(2, { srcBytes: 0, dstBytes: 0 }),
      ],
    },
    'a port that is looked at and left again, headers both ways as Suricata counts them': {
      records: [odd(0, { source: 'suricata', srcPkts: 8, srcBytes: 544, dstPkts: 4, dstBytes: 280 })],
    },
    'sensors that do not look inside': {
      records: [odd(0, { source: 'argus' }), odd(1, { source: 'nfdump' })],
    },
    'connections of which the sensor missed packets, beside one that it knows': {
      records: [odd(0, { history: 'ShADadgGFf' }), proper(seconds(10))],
    },
    'an hour apart, with a longer reach': {
      config: { reachSeconds: 3_600 },
      records: [proper(0), odd(minutes(59))],
    },
    'few bytes, where more are asked for': { config: { minBytes: 5_000 }, records: [odd(0)] },
    'TLS with thousands of servers, in bounded memory': {
      records: times(5_000, (i) =>
        proper(i * 50, { dstIp: `2a00:1450:aaaa:bbbb:cccc:dddd:eeee:${i.toString(16)}` }),
      ),
    },
  },
  loud: {
    'nothing the sensor knows': {
      records: [odd(0)],
      evidence: [
        {
          type: 'NON_SSL_PORT_443_CONNECTION',
          level: 'medium',
          confidence: 0.8,
          victim: dstIp,
          tsMs: startMs,
        },
      ],
    },
    'connections of which the sensor missed packets or the beginning, as a note': {
      records: ['ShADadgGFf', 'hADadfF', '^dtDTaFfR', 'DTadtAttTFf'].map((history, i) => odd(i, { history })),
      evidence: [{ level: 'info', confidence: 0.3 }],
    },
    'one packet with a wrong checksum is no excuse': {
      records: [odd(0, { history: 'ShACDadFf' })],
      evidence: [{ level: 'medium', confidence: 0.8 }],
    },
    'nor are connections with gaps before it, where most others are in order': {
      records: [
        ...times(30, (i) => proper(i, { dstIp: '93.184.216.35' })),
        ...times(9, (i) => odd(100 + i, { history: 'ShADadgFf' })),
        odd(seconds(1)),
        odd(seconds(400)),
      ],
      evidence: [{ level: 'info' }, { level: 'medium', victim: dstIp }],
    },
    'a messenger with four servers: the first weighs, the others are hints': {
      records: times(4, (i) => odd(i * 1_000, { dstIp: `93.184.216.${40 + i}` })),
      evidence: [
        { level: 'medium', confidence: 0.8, victim: '93.184.216.40' },
        ...times(3, (i) => ({ level: 'low' as const, confidence: 0.1, victim: `93.184.216.${41 + i}` })),
      ],
    },
    'SSH to one server and another, in each of two windows': {
      records: times(4, (i) =>
        odd(hours(i >> 1) + i, { dstIp: `93.184.216.${50 + (i & 1)}`, service: 'ssh' }),
      ),
      evidence: [startMs, startMs + hours(1)].flatMap((windowStartMs) => [
        { windowStartMs, level: 'medium' as const, confidence: 0.8 },
        { windowStartMs, level: 'low' as const, confidence: 0.1 },
      ]),
    },
    'a server that answers after three that do not: it weighs': {
      records: [
        ...times(3, (i) => odd(1_000 + i, { dstIp: `93.184.216.${61 + i}`, dstBytes: 0 })),
        odd(2_000),
      ],
      evidence: [
        ...times(3, () => ({ level: 'low' as const, confidence: 0.4 })),
        { level: 'medium', confidence: 0.8, victim: dstIp },
      ],
    },
    'SSH on 443': { records: [odd(0, { service: 'ssh' })], evidence: [{ facts: { service: 'ssh' } }] },
    'only one end spoke': {
      records: [odd(0, { dstBytes: 0 })],
      evidence: [{ level: 'low', confidence: 0.4 }],
    },
    'TLS with the same server, 301 seconds away on both sides': {
      records: [proper(0), odd(seconds(301)), proper(seconds(602))],
      evidence: [{ tsMs: startMs + seconds(301) }],
    },
    'TLS with another server is no excuse': {
      records: [proper(0, { dstIp: '93.184.216.35' }), odd(1)],
      evidence: [{ victim: dstIp }],
    },
    'a hundred connections, said once in each window': {
      records: times(100, (i) => odd(i * minutes(1))),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'the second of two, when only the first is excused': {
      records: [odd(seconds(100)), odd(seconds(350)), proper(0, { durationMs: seconds(400) })],
      evidence: [{ tsMs: startMs + seconds(350) }],
    },
    'nothing the sensor knows, where it misses packets of every third connection': {
      records: [
        ...times(30, (i) =>
          proper(i, { dstIp: '93.184.216.35', history: i % 3 === 0 ? 'ShADcadfF' : 'ShADadfF' }),
        ),
        odd(100),
      ],
      evidence: [{ level: 'info', confidence: 0.3 }],
    },
    'SSH, where the sensor misses packets': {
      records: [
        ...times(30, (i) => proper(i, { dstIp: '93.184.216.35', history: 'ShADcadfF' })),
        odd(100, { service: 'ssh' }),
      ],
      evidence: [{ level: 'medium', confidence: 0.8 }],
    },
    'missed packets, where they are said not to matter': {
      config: { maxMissedShare: 1 },
      records: [...times(30, (i) => proper(i, { dstIp: '93.184.216.35', history: 'ShADcadfF' })), odd(100)],
      evidence: [{ level: 'medium' }],
    },
    'one end that says nothing but headers, as Suricata counts them': {
      records: [odd(0, { source: 'suricata', srcPkts: 8, srcBytes: 2_000, dstPkts: 4, dstBytes: 280 })],
      evidence: [{ level: 'low' }],
    },
    'told by Suricata': { records: [odd(0, { source: 'suricata', service: 'failed' })], evidence: [{}] },
  },
})
