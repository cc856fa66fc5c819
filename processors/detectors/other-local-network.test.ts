import { conn, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { otherLocalNetwork } from './other-local-network.ts'

const office = ['10.20.0.0/16', 'fd20::/64']
const call = (given = {}) => conn({ srcIp: '10.20.10.9', dstIp: '10.99.0.5', dstPort: 445, ...given })

testDetector(otherLocalNetwork, {
  quiet: {
    'hosts of home': { network: office, records: times(20, () => call({ dstIp: '10.20.1.10' })) },
    'the internet': { network: office, records: times(20, () => call({ dstIp: '93.184.216.34' })) },
    'networks of one block, where home is not stated': { records: times(20, () => call()) },
    'special blocks': {
      records: ['169.254.1.1', '127.0.0.1', '224.0.0.251', '255.255.255.255', '198.18.0.1', 'fe80::1'].map(
        (dstIp) => call({ dstIp }),
      ),
    },
    'names asked elsewhere': {
      network: office,
      records: times(20, () => call({ dstPort: 53, proto: 'udp' })),
    },
    'two tries of an address that is not there': {
      network: office,
      records: times(2, () => call({ established: false })),
    },
    'nine tries, where ten are asked for': {
      network: office,
      config: { tries: 10 },
      records: times(9, () => call({ established: false })),
    },
    'the way back of what was called': {
      network: office,
      records: times(20, () => call({ srcPort: 445, dstPort: 50_123, history: '^dA' })),
    },
    'a host of the internet at the door': {
      network: office,
      records: times(20, () => call({ srcIp: '93.184.216.34', dstIp: '10.20.1.10' })),
    },
    'complaints that something cannot be reached': {
      network: office,
      records: times(20, () =>
        call({ proto: 'icmp', srcPort: null, dstPort: null, icmpType: 3, icmpCode: 3, established: null }),
      ),
    },
    'unique local addresses, where home is not stated': {
      records: times(20, () => call({ srcIp: 'fd20::9', dstIp: 'fd99::1' })),
    },
  },
  loud: {
    'an address outside the home networks answers': {
      network: office,
      records: times(20, () => call()),
      evidence: [
        {
          type: 'DIFFERENT_LOCALNET',
          profile: '10.20.10.9',
          attacker: '10.20.10.9',
          victim: '10.99.0.5',
          level: 'medium',
          confidence: 0.5,
          facts: { side: 'dst', answered: true, flows: 1, homeIsStated: true },
        },
      ],
    },
    'an address outside the home networks is tried three times': {
      network: office,
      records: times(3, () => call({ established: false })),
      evidence: [{ level: 'low', confidence: 0.5, facts: { answered: false, flows: 3 } }],
    },
    'another block of RFC 1918, where home is not stated': {
      records: [call({ srcIp: '192.168.1.7', dstIp: '172.20.0.5' })],
      evidence: [{ level: 'low', confidence: 0.4, facts: { homeIsStated: false } }],
    },
    'echo of another network': {
      network: office,
      records: [call({ proto: 'icmp', srcPort: null, dstPort: null, icmpType: 8, icmpCode: 0 })],
      evidence: [{ level: 'medium', facts: { port: -1 } }],
    },
    'another unique local network': {
      network: office,
      records: [call({ srcIp: 'fd20::9', dstIp: 'fd99::1' })],
      evidence: [{ level: 'medium', victim: 'fd99::1' }],
    },
    'a host that has an address of another network': {
      network: office,
      records: times(40, (i) => call({ srcIp: '192.168.77.5', dstIp: `10.20.1.${i}` })),
      evidence: [{ profile: '192.168.77.5', level: 'low', confidence: 1, facts: { side: 'src' } }],
    },
    'a walk through another network, in notes after the first and in bounded memory': {
      network: office,
      config: { perWindow: 3 },
      records: times(2_000, (i) => call({ dstIp: `10.99.${i >> 8}.${i & 255}` })),
      evidence: [
        { level: 'medium', victim: '10.99.0.0' },
        { level: 'low', confidence: 0.3, victim: '10.99.0.1' },
        { level: 'low', victim: '10.99.0.2' },
      ],
    },
  },
})
