import { arp, minutes, seconds, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { arpScan } from './arp-scan.ts'

const asks = (i: number, everyMs = 100) =>
  arp({ srcIp: '10.0.0.9', dstIp: `10.0.${i >> 8}.${i & 255}`, tsMs: startMs + i * everyMs })

testDetector(arpScan, {
  quiet: {
    'four neighbours at once': { records: times(4, (i) => asks(i)) },
    'many neighbours, but not in short time': { records: times(60, (i) => asks(i, seconds(8))) },
    'the same neighbour asked for again and again': {
      records: times(100, () => arp({ dstIp: '10.0.0.1' })),
    },
    'a host without an address looks for a free one': {
      records: times(20, (i) => arp({ srcIp: '0.0.0.0', dstIp: `10.0.0.${i}` })),
    },
    'a host with many addresses announces them': {
      records: times(20, (i) => arp({ srcIp: `10.0.0.${i}`, dstIp: `10.0.0.${i}` })),
    },
    'known neighbours are asked whether they are still there': {
      records: times(50, (i) => arp({ dstIp: `10.0.0.${i}`, dstMac: '02:00:00:00:00:77' })),
    },
    replies: { records: times(50, (i) => arp({ operation: 'reply', dstIp: `10.0.0.${i}` })) },
    'the router, by its address': {
      config: { exempt: ['10.0.0.9'] },
      records: times(200, (i) => asks(i)),
    },
    'a raised threshold': { config: { minTargets: 50 }, records: times(45, (i) => asks(i)) },
    'a shorter span': { config: { spanSeconds: 2 }, records: times(60, (i) => asks(i, seconds(1))) },
  },
  loud: {
    'a sweep of a /24, all but itself': {
      records: times(254, (i) => asks(i + 1)),
      evidence: [
        { profile: '10.0.0.9', level: 'low', confidence: 0.4, victim: null, facts: { targets: 5 } },
        { confidence: 0.6, facts: { targets: 10 } },
        { confidence: 0.8, facts: { targets: 20, lowestTarget: '10.0.0.1', highestTarget: '10.0.0.21' } },
        { facts: { targets: 40 } },
        { facts: { targets: 80 } },
        { facts: { targets: 160 } },
      ],
    },
    'one early question does not hide the burst that follows it': {
      records: [asks(0), ...times(6, (i) => ({ ...asks(i + 1), tsMs: startMs + minutes(5) + i * 100 }))],
      evidence: [{ facts: { targets: 5 } }],
    },
    'a slow sweep says the same once': {
      records: times(120, (i) => asks(i, seconds(6))),
      evidence: [{ facts: { targets: 5, spanSeconds: 30 } }],
    },
    'questions out of order by some seconds': {
      records: times(8, (i) => ({
        ...asks(i),
        tsMs: startMs + seconds(20) + (i % 2 === 0 ? 1 : -1) * seconds(i),
      })),
      evidence: [{ facts: { targets: 5 } }],
    },
    'sixteen networks in one go, in bounded memory': {
      records: times(5_000, (i) => asks(i, 1)),
      evidence: times(8, (i) => ({ facts: { targets: 5 * 2 ** i } })),
    },
  },
})
