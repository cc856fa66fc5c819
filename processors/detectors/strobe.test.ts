import { conn, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { strobe } from './strobe.ts'

const many = (n: number, given: Parameters<typeof conn>[0] = {}) =>
  times(n, (i) => conn({ dstIp: '93.184.216.34', srcPort: 20_000 + (i % 40_000), ...given }))

testDetector(strobe, {
  quiet: {
    'almost a thousand connections': { records: many(999) },
    'a thousand connections to as many hosts': {
      records: times(1_200, (i) => conn({ dstIp: `93.184.${Math.floor(i / 250)}.${i % 250}` })),
    },
    'a thousand connections over two windows': {
      records: times(1_200, (i) => conn({ dstIp: '93.184.216.34', tsMs: startMs + (i * hours(2)) / 1_200 })),
    },
    'questions to a resolver': { records: many(1_200, { proto: 'udp', dstPort: 53, service: 'dns' }) },
    'questions to a public resolver, as a flow sensor tells of them': {
      records: many(1_200, { proto: 'udp', dstIp: '9.9.9.9', dstPort: 53, source: 'nfdump' }),
    },
    'questions to a resolver within, as a flow sensor tells of them': {
      records: many(1_200, { proto: 'udp', dstIp: '10.0.0.1', dstPort: 53, source: 'nfdump' }),
    },
    'a port that refuses them, which is told of otherwise': {
      records: many(1_200, { state: 'REJ', established: false }),
    },
    'a group': { records: many(1_200, { proto: 'udp', dstIp: '239.255.255.250', dstPort: 9_999 }) },
    'a service that is exempt': { config: { services: ['tcp/80'] }, records: many(1_100) },
    'a host within, where that is not asked for': {
      config: { inside: false },
      records: many(1_100, { dstIp: '10.0.0.5' }),
    },
  },
  loud: {
    'a thousand connections': {
      records: many(1_000),
      evidence: [{ type: 'STROBE', level: 'medium', confidence: 0.5, facts: { connections: 1_000 } }],
    },
    'more of them, said again without weight': {
      config: { steps: [100, 200] },
      records: many(300),
      evidence: [
        { level: 'medium', facts: { connections: 100 } },
        { level: 'low', facts: { connections: 200 } },
      ],
    },
    'the port of DNS of an address that is no known resolver, and nothing says that it is DNS': {
      records: many(1_000, { proto: 'udp', dstPort: 53 }),
      evidence: [{ level: 'low', confidence: 0.2 }],
    },
    'a database within': {
      records: many(1_000, { dstIp: '10.0.0.5', dstPort: 5_432 }),
      evidence: [{ level: 'info', victim: '10.0.0.5' }],
    },
    'amid a scan of two thousand hosts': {
      records: times(2_500, (i) => i).flatMap((i) => [
        conn({ dstIp: `93.185.${i % 250}.${1 + Math.floor(i / 250)}`, established: false }),
        ...(i % 2 === 0 ? [conn({ dstIp: '93.184.216.34', uid: `CX${i}` })] : []),
      ]),
      evidence: [{ victim: '93.184.216.34' }],
    },
  },
})
