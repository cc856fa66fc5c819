import { conn, ftp, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { unknownPortsOfAHost } from './unknown-ports-of-a-host.ts'

const session = (given = {}) => conn({ dstIp: '93.184.216.34', dstPort: 13_337, ...given })

testDetector(unknownPortsOfAHost, {
  quiet: {
    'one unknown port, again and again': { records: times(30, () => session()) },
    'one unknown port in each of two windows': {
      records: times(2, (i) => session({ dstPort: 13_337 + i, tsMs: startMs + hours(i) })),
    },
    'one unknown port of many hosts': {
      records: times(30, (i) => session({ dstIp: `93.184.216.${i}`, dstPort: 13_337 + i })),
    },
    'ports that everyone knows': {
      records: [22, 80, 443, 8_080, 8_443].map((dstPort) => session({ dstPort })),
    },
    'services that the sensor knows': {
      records: times(9, (i) => session({ dstPort: 13_000 + i, service: 'http' })),
    },
    'tries that nobody answers': {
      records: times(9, (i) => session({ dstPort: 13_000 + i, established: false })),
    },
    datagrams: { records: times(9, (i) => session({ dstPort: 13_000 + i, proto: 'udp' })) },
    'ports told by FTP': {
      records: [13_000, 13_001, 13_002].flatMap((dataPort) => [
        ftp({ dstIp: '93.184.216.34', dataPort }),
        session({ dstPort: dataPort }),
      ]),
    },
    'ports told by a broker': {
      records: [
        session({ dstPort: 21, service: 'ftp' }),
        ...times(9, (i) => session({ dstPort: 13_000 + i })),
      ],
    },
    'ports handed out by a server of the house': {
      records: times(9, (i) => session({ dstIp: '10.0.0.1', dstPort: 50_000 + i })),
    },
    'two ports, where three are asked for': {
      config: { ports: 3 },
      records: times(2, (i) => session({ dstPort: 13_000 + i })),
    },
  },
  loud: {
    'two ports, and four': {
      records: times(5, (i) => session({ dstPort: 13_000 + i })),
      evidence: [
        {
          type: 'CONNECTION_TO_MULTIPLE_PORTS',
          level: 'info',
          confidence: 0.5,
          profile: '10.0.0.9',
          victim: '93.184.216.34',
          facts: { ports: 2, lowestPort: 13_000, highestPort: 13_001 },
          uids: 2,
        },
        { facts: { ports: 4 }, uids: 4 },
      ],
    },
    'a peer with fewer ports after one with more': {
      records: [
        ...times(3, (i) => session({ dstPort: 13_000 + i })),
        ...times(2, (i) => session({ dstIp: '93.184.216.99', dstPort: 14_000 + i })),
      ],
      evidence: [{ victim: '93.184.216.34' }, { victim: '93.184.216.99' }],
    },
    'a guest of the internet, told of both ends': {
      records: times(2, (i) => session({ srcIp: '93.184.216.34', dstIp: '10.0.0.1', dstPort: 13_000 + i })),
      evidence: [
        { profile: '93.184.216.34', attacker: '93.184.216.34' },
        { profile: '10.0.0.1', attacker: '93.184.216.34', victim: '10.0.0.1' },
      ],
    },
    'a hundred ports of each of three hundred hosts, in bounded memory': {
      config: { ports: 64 },
      records: times(30_000, (i) =>
        session({
          dstIp: `93.184.${100 + Math.floor(i / 20_000)}.${Math.floor(i / 100) % 200}`,
          dstPort: 13_000 + (i % 100),
        }),
      ),
      evidence: times(300, () => ({ facts: { ports: 64 } })),
    },
  },
})
