import { conn, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { slowPortScan } from './slow-port-scan.ts'

const scanner = '93.184.216.34'
/** One SYN to a port of no service, nine minutes after the one before. */
const tries = (n: number, given: Parameters<typeof conn>[0] = {}, gapMs = minutes(9)) =>
  times(n, (i) =>
    conn({
      srcIp: scanner,
      dstIp: '10.0.0.9',
      srcPort: 40_000 + 17 * i,
      dstPort: 51_001 + 37 * i,
      established: false,
      tsMs: startMs + i * gapMs,
      ...given,
    }),
  )

testDetector(slowPortScan, {
  quiet: {
    'two ports': { records: tries(2) },
    'one port, again and again': { records: tries(20, { dstPort: 51_001 }) },
    "three ports within a minute, which is another detector's": { records: tries(3, {}, 10_000) },
    'ports of services in wide use': {
      records: [22, 80, 443, 3_389].map((dstPort, i) =>
        conn({
          srcIp: scanner,
          dstIp: '10.0.0.9',
          dstPort,
          established: false,
          tsMs: startMs + minutes(9 * i),
        }),
      ),
    },
    'ports that answer': { records: tries(6, { established: true, state: 'SF', history: 'ShADadFf' }) },
    'a host within': { records: tries(6, { srcIp: '10.0.0.5' }) },
    'a host of the stated network': { network: ['93.184.216.0/24', '10.0.0.0/8'], records: tries(6) },
    'peers over UDP': { records: tries(6, { proto: 'udp' }) },
    'three ports of three hosts': {
      records: times(3, (i) => conn({ ...tries(3)[i], dstIp: `10.0.0.${i + 1}` })),
    },
    'seven hours between the tries': { records: tries(5, {}, hours(7)) },
    'where four ports are asked for': { config: { ports: 4, portsFromSame: 3 }, records: tries(3) },
    'where an hour is asked for': { config: { minMinutes: 60 }, records: tries(4) },
    'where minutes are forgotten': { config: { forgetHours: 0.1 }, records: tries(5) },
  },
  loud: {
    'two hosts in turn': {
      records: times(12, (i) => conn({ ...tries(12)[i], dstIp: `10.0.0.${(i % 2) + 1}` })),
      evidence: [
        { victim: '10.0.0.1', level: 'medium' },
        { victim: '10.0.0.2', level: 'medium' },
        { victim: '10.0.0.1', level: 'low', windowStartMs: startMs + hours(1) },
        { victim: '10.0.0.2', level: 'low', windowStartMs: startMs + hours(1) },
      ],
    },
    'one host amid a sweep of others': {
      records: [
        ...tries(4),
        ...times(40, (i) =>
          conn({ ...tries(1)[0], dstIp: `10.0.1.${i + 1}`, tsMs: startMs + minutes(9) + i }),
        ),
      ].sort((a, b) => a.tsMs - b.tsMs),
      evidence: [{ victim: '10.0.0.9', facts: { ports: 3 } }],
    },
    'three ports': {
      records: tries(3),
      evidence: [
        {
          type: 'VERTICAL_PORT_SCAN',
          profile: scanner,
          level: 'medium',
          confidence: 0.4,
          victim: '10.0.0.9',
          facts: { ports: 3, tries: 3 },
        },
      ],
    },
    'two ports from one client port': {
      records: tries(2, { srcPort: 40_000 }),
      evidence: [{ facts: { ports: 2, portsFromSameClientPort: 2 } }],
    },
    'three hours, once a window, with weight at first': {
      records: tries(18),
      evidence: [
        { level: 'medium', windowStartMs: startMs },
        { level: 'low', windowStartMs: startMs + hours(1), facts: { ports: 8 } },
        { level: 'low', windowStartMs: startMs + hours(2), facts: { ports: 15 } },
      ],
    },
    'three hundred ports of each of eight hosts in turn, in bounded memory': {
      records: times(2_400, (i) => conn({ ...tries(2_400, {}, 1_000)[i], dstIp: `10.0.0.${(i % 8) + 1}` })),
      evidence: times(8, () => ({ level: 'medium' as const })),
    },
    'ten thousand ports': { records: tries(10_000, {}, 1_000), evidence: [{}, {}, {}] },
  },
})
