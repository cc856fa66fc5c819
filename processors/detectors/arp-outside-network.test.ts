import { arp, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { arpOutsideNetwork } from './arp-outside-network.ts'

const asks = (dstIp: string, given = {}) => arp({ srcIp: '10.0.0.9', dstIp, ...given })

testDetector(arpOutsideNetwork, {
  quiet: {
    neighbours: { records: times(50, (i) => asks(`10.0.0.${i}`)) },
    'neighbours in a large network, where home is not stated': { records: [asks('10.250.1.1')] },
    'neighbours of a host on a public address': {
      records: times(9, (i) => asks(`147.32.84.${i + 1}`, { srcIp: '147.32.80.7' })),
    },
    'a host without an address, and one that gave itself one': {
      records: [asks('93.184.216.34', { srcIp: '0.0.0.0' }), asks('93.184.216.34', { srcIp: '169.254.3.3' })],
    },
    'groups, link-local hosts and broadcast': {
      records: ['224.0.0.1', '169.254.1.1', '255.255.255.255', '0.0.0.0', '127.0.0.1'].map((ip) => asks(ip)),
    },
    replies: { records: times(9, () => asks('93.184.216.34', { operation: 'reply' })) },
    'an announcement of itself': { records: [asks('93.184.216.34', { srcIp: '93.184.216.34' })] },
    'a second network of the house': {
      network: ['10.0.0.0/24', '192.168.0.0/24'],
      records: [asks('192.168.0.4')],
    },
    'a guest from elsewhere': {
      network: ['10.0.0.0/24'],
      records: [asks('10.0.0.1', { srcIp: '192.168.0.4' })],
    },
  },
  loud: {
    'a public address, asked for again and again': {
      records: times(20, () => asks('69.220.152.0')),
      evidence: [
        {
          type: 'ARP_OUTSIDE_LOCALNET',
          level: 'low',
          confidence: 0.6,
          victim: '69.220.152.0',
          facts: { addresses: 1, homeIsStated: false },
        },
      ],
    },
    'another private block is less certain': {
      records: [asks('192.168.0.4')],
      evidence: [{ confidence: 0.3 }],
    },
    'a network that is not stated as home': {
      network: ['10.0.0.0/24'],
      records: [asks('10.0.1.4')],
      evidence: [{ confidence: 0.6, facts: { homeIsStated: true } }],
    },
    'a host on a public address asks for another network': {
      records: [asks('93.184.216.34', { srcIp: '147.32.80.7' })],
      evidence: [{ confidence: 0.6 }],
    },
    'a wrong mask: the whole internet, in bounded memory and few words': {
      records: times(2_000, (i) => asks(`93.184.${i >> 8}.${i & 255}`)),
      evidence: [{ facts: { addresses: 1 } }, { facts: { addresses: 10 } }, { facts: { addresses: 100 } }],
    },
    'the same in the next window, where five are much': {
      config: { steps: [5] },
      records: times(10, (i) => asks(`93.184.216.${i % 5}`, { tsMs: startMs + (i < 5 ? 0 : hours(1)) + i })),
      evidence: [{ facts: { addresses: 5 } }, { facts: { addresses: 5 } }],
    },
  },
})
