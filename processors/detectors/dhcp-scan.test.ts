import { dhcp, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dhcpScan } from './dhcp-scan.ts'

const mac = (i: number) =>
  `02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`
const ask = (i: number, given = {}) => dhcp({ requestedIp: `10.0.${(i >> 8) & 255}.${i & 255}`, ...given })

testDetector(dhcpScan, {
  quiet: {
    'a lease renewed all day': { records: times(40, () => dhcp({ clientIp: '10.0.0.9' })) },
    'three addresses, as of a laptop that moves': { records: times(12, (i) => ask(i % 3)) },
    'three addresses in each of two windows': {
      records: times(6, (i) => ask(i, { tsMs: startMs + (i < 3 ? 0 : hours(1)) + i })),
    },
    'an office that arrives in the morning': {
      records: times(300, (i) => ask(i, { mac: mac(i), hostName: `ws-${i}`, tsMs: startMs + i * 10_000 })),
    },
    'three hundred devices with a name at once, where a thousand are asked for': {
      config: { crowd: 1_000 },
      records: times(300, (i) => ask(i, { mac: mac(i), hostName: `ws-${i}` })),
    },
    'forty nameless devices': { records: times(40, (i) => ask(i, { mac: mac(i), hostName: '' })) },
    'requests for no address in particular': { records: times(30, () => dhcp({ requestedIp: '' })) },
    'records without client': { records: times(30, (i) => ask(i, { mac: '' })) },
    'seven addresses, where eight are asked for': {
      config: { addresses: 8 },
      records: times(7, (i) => ask(i)),
    },
    'sixty nameless devices, where a hundred are asked for': {
      config: { macs: 100 },
      records: times(60, (i) => ask(i, { mac: mac(i), hostName: '' })),
    },
    'addresses and clients without end, in bounded memory': {
      config: { addresses: 10_000, macs: 10_000, crowd: 10_000 },
      records: [
        ...times(9_999, (i) => ask(i)),
        ...times(9_999, (i) => ask(i, { mac: mac(i), clientIp: '10.9.9.9', hostName: '' })),
        ...times(1_500, (i) => ask(i, { mac: mac(i), serverIp: `10.0.1.${i % 100}`, hostName: '' })),
      ],
    },
  },
  loud: {
    'three hundred clients with made-up names within seconds': {
      records: times(300, (i) => ask(i, { mac: mac(i), hostName: `pc-${i}` })),
      evidence: [{ level: 'medium', confidence: 0.4, victim: '10.0.0.1', facts: { clients: 200 } }],
    },
    'the same within an hour, where that is little': {
      config: { crowd: 250, crowdMinutes: 60 },
      records: times(300, (i) => ask(i, { mac: mac(i), hostName: `pc-${i}`, tsMs: startMs + i * 10_000 })),
      evidence: [{ facts: { clients: 250 } }],
    },
    'one MAC asks for four addresses': {
      records: times(4, (i) => ask(i)),
      evidence: [
        {
          type: 'DHCP_SCAN',
          level: 'medium',
          confidence: 0.8,
          profile: '02:00:00:00:00:09',
          attacker: '02:00:00:00:00:09',
          victim: null,
          facts: { addresses: 4 },
          uids: 4,
        },
      ],
    },
    'sixty addresses, said at each doubling, charged to the address the client has': {
      records: times(60, (i) => ask(i, { clientIp: '10.0.0.7' })),
      evidence: [4, 8, 16, 32].map((addresses) => ({
        profile: '10.0.0.7',
        attacker: '10.0.0.7',
        facts: { addresses },
      })),
    },
    'the same in the next window': {
      records: times(8, (i) => ask(i % 4, { tsMs: startMs + (i < 4 ? 0 : hours(1)) + i })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'a hundred made-up clients empty a server': {
      records: times(100, (i) => ask(i, { mac: mac(i), hostName: '' })),
      evidence: [
        { victim: '10.0.0.1', profile: mac(49), confidence: 0.5, facts: { clients: 50 }, uids: 50 },
        { victim: '10.0.0.1', profile: mac(99), facts: { clients: 100 } },
      ],
    },
    'unanswered discoveries by made-up clients': {
      records: times(50, (i) => ask(i, { mac: mac(i), hostName: '', serverIp: '', assignedIp: '' })),
      evidence: [{ victim: null, facts: { clients: 50, server: '' } }],
    },
  },
})
