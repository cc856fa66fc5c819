import { arp, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { unsolicitedArp } from './unsolicited-arp.ts'

const all = 'ff:ff:ff:ff:ff:ff'
const announced = { operation: 'reply', dstMac: all, dstHw: all, dstIp: '10.0.0.9' } as const
const mac = (i: number): string => `02:00:00:00:01:${i.toString(16).padStart(2, '0')}`

testDetector(unsolicitedArp, {
  quiet: {
    'answers to those who asked': {
      records: times(20, () => arp({ operation: 'reply', dstMac: mac(1), dstHw: mac(1) })),
    },
    'announcements as requests, which is how most systems make them': {
      records: times(20, () => arp({ srcIp: '10.0.0.9', dstIp: '10.0.0.9' })),
    },
    'a reply broadcast in its frame to one host in its body': {
      records: [arp({ operation: 'reply', dstMac: all, dstHw: mac(1) })],
    },
    'a sensor that did not read the sender': {
      records: [arp({ ...announced, srcHw: '00:00:00:00:00:00' })],
    },
    'nothing may be told': { config: { maxMacs: 0 }, records: [arp(announced)] },
  },
  loud: {
    'one host announces itself again and again': {
      records: times(50, () => arp(announced)),
      evidence: [{ profile: '10.0.0.9', level: 'low', confidence: 0.8, victim: null, facts: { macs: 1 } }],
    },
    'it names another MAC than its own': {
      records: [arp({ ...announced, srcHw: mac(7) })],
      evidence: [{ facts: { mac: '02:00:00:00:00:09', namedMac: mac(7) } }],
    },
    'two hosts claim one address': {
      records: times(10, (i) => arp({ ...announced, srcMac: mac(i % 2), srcHw: mac(i % 2) })),
      evidence: [{ facts: { macs: 1 } }, { facts: { macs: 2 } }],
    },
    'it goes on in the next window': {
      records: times(3, (i) => arp({ ...announced, tsMs: startMs + minutes(30 * i) })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + minutes(60) }],
    },
    'a flood of invented MACs, in bounded memory': {
      config: { maxMacs: 40 },
      records: times(250, (i) => arp({ ...announced, srcMac: mac(i), srcHw: mac(i) })),
      evidence: times(40, (i) => ({ facts: { macs: i + 1 } })),
    },
  },
})
