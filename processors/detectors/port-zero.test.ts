import { conn, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { portZero } from './port-zero.ts'

testDetector(portZero, {
  quiet: {
    'ordinary ports': { records: [conn()] },
    'protocols without ports': {
      records: ['icmp', 'ipv6-icmp', 'igmp', 'arp', 'gre', 'esp', ''].map((proto) =>
        conn({ proto, srcPort: 0, dstPort: 0 }),
      ),
    },
    'ports that the sensor did not tell': { records: [conn({ srcPort: null, dstPort: null })] },
    'a group': { records: [conn({ dstPort: 0, proto: 'udp', dstIp: '224.0.0.251' })] },
    'fragments in a flow export': {
      records: [conn({ source: 'nfdump', proto: 'udp', srcPort: 0, dstPort: 0 })],
    },
  },
  loud: {
    'to port 0: the one who calls is to blame': {
      records: [conn({ dstPort: 0, established: false })],
      evidence: [
        {
          type: 'PORT_0_CONNECTION',
          level: 'high',
          confidence: 0.8,
          profile: '10.0.0.9',
          attacker: '10.0.0.9',
          victim: '10.0.0.1',
        },
      ],
    },
    'from port 0 to two ports': {
      records: [conn({ srcPort: 0, dstPort: 22 }), conn({ srcPort: 0, dstPort: 23 })],
      evidence: [{ facts: { destinationPort: 22 } }, { facts: { destinationPort: 23 } }],
    },
    'a hundred tries from changing ports, said once in each window': {
      records: times(100, (i) =>
        conn({ dstPort: 0, srcPort: 40_000 + i, tsMs: startMs + (i < 50 ? 0 : hours(1)) + i }),
      ),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'fragments as a packet sensor would never tell them': {
      records: [conn({ proto: 'udp', srcPort: 0, dstPort: 0 })],
      evidence: [{ facts: { sourcePort: 0, destinationPort: 0 } }],
    },
  },
})
