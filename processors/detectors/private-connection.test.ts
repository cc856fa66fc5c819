import { conn, ftp, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { privateConnection } from './private-connection.ts'

const login = (given = {}) => conn({ dstPort: 3_389, ...given })

testDetector(privateConnection, {
  quiet: {
    'the services of the house': {
      records: [53, 88, 389, 445, 631, 443].map((dstPort) => login({ dstPort })),
    },
    'the internet': { records: times(20, (i) => login({ dstIp: '93.184.216.34', dstPort: 3_000 + i })) },
    'a guest of the internet': { records: [login({ srcIp: '93.184.216.34' })] },
    'tries that fail': { records: times(20, () => login({ established: false })) },
    'what the sensor could not tell': { records: times(20, () => login({ established: null })) },
    'broadcast, groups, itself and link-local': {
      records: ['255.255.255.255', '224.0.0.251', '127.0.0.1', '169.254.3.4', 'fe80::5'].map((dstIp) =>
        login({ dstIp }),
      ),
    },
    'a port handed out by the system': { records: [login({ dstPort: 51_200 })] },
    'a data connection of FTP': {
      records: [ftp({ dataPort: 30_100 }), login({ dstPort: 30_100 })],
    },
    'the way back of what was called': { records: [login({ srcPort: 22, dstPort: 40_000, history: '^dA' })] },
    echo: { records: [login({ proto: 'icmp', srcPort: null, dstPort: null, icmpType: 8, icmpCode: 0 })] },
    'remote desktops, in a house where everyone uses them': {
      config: { houseServices: ['tcp/3389'] },
      records: times(20, () => login()),
    },
  },
  loud: {
    'a remote desktop next door, said once': {
      records: times(20, () => login()),
      evidence: [
        {
          type: 'CONNECTION_TO_PRIVATE_IP',
          level: 'info',
          confidence: 1,
          victim: '10.0.0.1',
          facts: { port: 3_389 },
        },
      ],
    },
    'over IPv6 as well': {
      records: [login({ srcIp: 'fd20::9', dstIp: 'fd20::1:10' })],
      evidence: [{ victim: 'fd20::1:10' }],
    },
    'a tour of the house, as far as it is told of': {
      config: { perWindow: 3 },
      records: times(3_000, (i) => login({ dstIp: `10.0.${i >> 8}.${i & 255}` })),
      evidence: [{ victim: '10.0.0.0' }, { victim: '10.0.0.1' }, { victim: '10.0.0.2' }],
    },
  },
})
