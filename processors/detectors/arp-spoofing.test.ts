import { arp, conn, dhcp, minutes, seconds, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { arpSpoofing } from './arp-spoofing.ts'

const routerMac = '02:00:00:00:00:01'
const intruderMac = '02:00:00:00:00:66'
const says = (srcIp: string, mac: string, given = {}) =>
  arp({ operation: 'reply', srcIp, dstIp: '10.0.0.9', srcMac: mac, srcHw: mac, ...given })

/** One of those that are looked at: by the client's port. */
const wayOut = (i: number) =>
  conn({ srcIp: '10.0.0.9', dstIp: '93.184.216.34', dstMac: routerMac, srcPort: 50_112 + 32 * i })

/** The intruder under its own address, the router under its own, and then both as the router. */
const poisoning = (n: number) => [
  says('10.0.0.66', intruderMac),
  says('10.0.0.1', routerMac),
  ...times(n, (i) => [
    says('10.0.0.1', intruderMac, { tsMs: startMs + seconds(2 * i + 1) }),
    says('10.0.0.1', routerMac, { tsMs: startMs + seconds(2 * i + 2) }),
  ]).flat(),
]

testDetector(arpSpoofing, {
  quiet: {
    'every address with a device of its own': {
      records: times(300, (i) =>
        says(`10.0.0.${i % 100}`, `02:00:00:00:01:${10 + (i % 100 > 88 ? 88 : i % 100)}`),
      ).filter((_, i) => i % 100 < 80),
    },
    'a device with many addresses that nobody else has': {
      records: times(200, (i) => says(`10.0.0.${i % 100}`, routerMac)),
    },
    'an address that another device takes after a silence': {
      records: [says('10.0.0.5', routerMac), says('10.0.0.5', intruderMac, { tsMs: startMs + minutes(30) })],
    },
    'an address that DHCP gave to another device': {
      records: [
        says('10.0.0.5', routerMac),
        dhcp({ mac: intruderMac, assignedIp: '10.0.0.5', requestedIp: '10.0.0.5' }),
        says('10.0.0.5', intruderMac),
        says('10.0.0.5', intruderMac),
      ],
    },
    'devices that look for a free address': {
      records: times(20, (i) => says('0.0.0.0', `02:00:00:00:02:${10 + i}`)),
    },
    'routers that share one address and hand it over': {
      records: times(20, (i) => says('10.0.0.1', i % 2 === 0 ? routerMac : '00:00:5e:00:01:0a')),
    },
    'a silent router that another takes the place of': {
      config: { gateways: ['10.0.0.1'] },
      records: [says('10.0.0.1', routerMac), says('10.0.0.1', intruderMac, { tsMs: startMs + minutes(22) })],
    },
    'sensors that tell no MAC': { records: times(20, () => says('10.0.0.1', '')) },
    'nonsense in place of a device': {
      records: ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:01', routerMac].map((mac) =>
        says('10.0.0.1', mac),
      ),
    },
    'a device that gave itself an address': {
      records: [says('169.254.1.1', routerMac), says('169.254.1.1', intruderMac)],
    },
  },
  loud: {
    'four thousand claims that are to push out the one of the router': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', routerMac),
        ...times(4_200, (i) =>
          says(`10.9.${i >> 8}.${i & 255}`, intruderMac, { tsMs: startMs + seconds(60) + i * 5 }),
        ),
        ...times(9, (i) => says('10.0.0.1', intruderMac, { tsMs: startMs + seconds(120 + 2 * i) })),
      ],
      evidence: [
        { level: 'medium', profile: '10.0.0.66', victim: null, facts: { addresses: 256 } },
        { level: 'critical', profile: '10.0.0.66', victim: '10.0.0.1', confidence: 0.2 },
      ],
    },
    'a flood of made-up devices, after which the router is still known': {
      records: [
        says('10.0.0.66', intruderMac),
        ...times(12, (i) => says('10.0.0.1', routerMac, { tsMs: startMs + seconds(30 * i) })),
        ...times(3_500, (i) =>
          says(
            `10.9.${i >> 8}.${i & 255}`,
            `02:00:00:09:${(16 + (i >> 7)).toString(16)}:${(16 + (i & 127)).toString(16)}`,
            { tsMs: startMs + minutes(6) + i * 5 },
          ),
        ),
        says('10.0.0.1', '02:00:00:00:00:77', { tsMs: startMs + minutes(7) }),
      ],
      evidence: [{ victim: '10.0.0.1', facts: { formerMac: routerMac } }],
    },
    'a router that was silent, whose address was taken meanwhile, and which comes back': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', routerMac),
        ...times(6, (i) => [
          says('10.0.0.1', intruderMac, { tsMs: startMs + minutes(22) + seconds(4 * i) }),
          says('10.0.0.1', routerMac, { tsMs: startMs + minutes(22) + seconds(4 * i + 2) }),
        ]).flat(),
      ],
      evidence: [
        { profile: '10.0.0.66', facts: { mac: intruderMac, formerMac: routerMac } },
        { profile: '10.0.0.66', confidence: 0.6 },
      ],
    },
    'the address of a silent router is not free for a device that has another': {
      config: { gateways: ['10.0.0.1'] },
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', routerMac),
        says('10.0.0.1', intruderMac, { tsMs: startMs + minutes(22) }),
      ],
      evidence: [{ profile: '10.0.0.66', confidence: 0.4, facts: { router: true } }],
    },
    'more addresses than one device may have, where few may': {
      config: { addresses: 20 },
      records: times(30, (i) => says(`10.0.0.${i + 1}`, intruderMac)),
      evidence: [{ level: 'medium', profile: '10.0.0.1', facts: { addresses: 20 } }],
    },
    'one claim to the address of another is a hint': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', routerMac),
        ...times(9, () => says('10.0.0.1', intruderMac)),
      ],
      evidence: [
        {
          type: 'MITM_ARP_ATTACK',
          level: 'critical',
          confidence: 0.2,
          profile: '10.0.0.66',
          attacker: '10.0.0.66',
          victim: '10.0.0.1',
          facts: { mac: intruderMac, formerMac: routerMac, turns: 1, router: false },
        },
      ],
    },
    'claims to an address whose owner is still there': {
      records: poisoning(20),
      evidence: [
        { profile: '10.0.0.66', confidence: 0.2 },
        { profile: '10.0.0.66', confidence: 0.6, facts: { turns: 3 } },
      ],
    },
    'the same of a router, which is graver': {
      config: { gateways: ['10.0.0.1'] },
      records: poisoning(20),
      evidence: [
        { confidence: 0.4, facts: { router: true } },
        { confidence: 0.8, facts: { router: true } },
      ],
    },
    'a DHCP server is such a one': {
      records: [dhcp({ serverIp: '10.0.0.1', mac: '02:00:00:00:00:07' }), ...poisoning(1)],
      evidence: [{ confidence: 0.4, facts: { router: true } }],
    },
    'claims every two seconds, to an address whose owner says nothing': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', routerMac),
        ...times(30, (i) => says('10.0.0.1', intruderMac, { tsMs: startMs + seconds(10 + 2 * i) })),
      ],
      evidence: [
        { profile: '10.0.0.66', confidence: 0.2 },
        {
          profile: '10.0.0.66',
          victim: '10.0.0.1',
          confidence: 0.6,
          tsMs: startMs + seconds(28),
          facts: { turns: 1, repeats: 10, router: false },
        },
      ],
    },
    'a server that takes over from another, says so, and then answers who asks': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.5', routerMac),
        ...times(8, (i) => says('10.0.0.5', intruderMac, { tsMs: startMs + seconds(10) + i * 50 })),
        ...times(60, (i) => [
          arp({ srcIp: '10.0.0.9', dstIp: '10.0.0.5', tsMs: startMs + seconds(12 + 4 * i) }),
          says('10.0.0.5', intruderMac, { tsMs: startMs + seconds(12 + 4 * i) + 2 }),
        ]).flat(),
      ],
      evidence: [{ profile: '10.0.0.66', confidence: 0.2 }],
    },
    'an intruder that asks for the address itself before each claim': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', routerMac),
        ...times(15, (i) => [
          arp({
            srcIp: '10.0.0.66',
            srcMac: intruderMac,
            srcHw: intruderMac,
            dstIp: '10.0.0.1',
            tsMs: startMs + seconds(10 + 2 * i),
          }),
          says('10.0.0.1', intruderMac, { tsMs: startMs + seconds(10 + 2 * i) + 2 }),
        ]).flat(),
      ],
      evidence: [{ confidence: 0.2 }, { confidence: 0.6, facts: { repeats: 10 } }],
    },
    'three claims, where three are enough; five minutes apart they are not': {
      config: { repeats: 3 },
      records: [
        says('10.0.0.66', intruderMac),
        ...times(3, (i) => says(`10.0.0.${i + 1}`, `02:00:00:00:00:0${i + 1}`)),
        ...times(3, (i) => says('10.0.0.1', intruderMac, { tsMs: startMs + seconds(2 * i) })),
        ...times(3, (i) => says('10.0.0.2', intruderMac, { tsMs: startMs + minutes(1 + 5 * i) + i * 10 })),
      ],
      evidence: [
        { victim: '10.0.0.1', confidence: 0.2 },
        { victim: '10.0.0.1', confidence: 0.6 },
        { victim: '10.0.0.2', confidence: 0.2 },
      ],
    },
    'the device that connections to the internet are handed to is a router': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', routerMac),
        ...times(3, (i) => wayOut(i)),
        ...times(12, (i) => says('10.0.0.1', intruderMac, { tsMs: startMs + seconds(10 + 2 * i) })),
      ],
      evidence: [
        { profile: '10.0.0.66', confidence: 0.4, facts: { router: true } },
        { profile: '10.0.0.66', confidence: 0.8, facts: { router: true } },
      ],
    },
    'one connection alone shows no router': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', routerMac),
        wayOut(0),
        says('10.0.0.1', intruderMac),
      ],
      evidence: [{ confidence: 0.2, facts: { router: false } }],
    },
    'the intruder was heard first': {
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.1', intruderMac),
        ...times(6, (i) => says('10.0.0.1', i % 2 === 0 ? routerMac : intruderMac)),
      ],
      evidence: [
        { profile: '10.0.0.66', confidence: 0.2, facts: { mac: intruderMac, formerMac: routerMac } },
        { profile: '10.0.0.66', confidence: 0.6 },
      ],
    },
    'two devices set to one address by mistake': {
      records: times(20, (i) => says('10.0.0.5', i % 2 === 0 ? routerMac : intruderMac)),
      evidence: [
        { confidence: 0.2, profile: intruderMac, attacker: intruderMac },
        { confidence: 0.3, profile: intruderMac },
      ],
    },
    'a shorter silence, where addresses change hands quickly': {
      config: { goneMinutes: 1 },
      records: [
        says('10.0.0.66', intruderMac),
        says('10.0.0.5', routerMac),
        says('10.0.0.5', intruderMac, { tsMs: startMs + seconds(50) }),
        says('10.0.0.6', routerMac, { tsMs: startMs + seconds(50) }),
        says('10.0.0.6', intruderMac, { tsMs: startMs + minutes(5) }),
      ],
      evidence: [{ victim: '10.0.0.5' }],
    },
    'a segment of six thousand, in bounded memory': {
      records: [
        ...times(6_000, (i) =>
          says(
            `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
            `02:00:00:${(16 + (i >> 14)).toString(16)}:${(16 + ((i >> 7) & 127)).toString(16)}:${(16 + (i & 127)).toString(16)}`,
            {
              tsMs: startMs + i,
            },
          ),
        ),
        ...times(5_000, (i) =>
          dhcp({ mac: intruderMac, assignedIp: `10.1.${i >> 8}.${i & 255}`, tsMs: startMs + seconds(30) }),
        ),
        says('10.0.23.111', intruderMac, { tsMs: startMs + seconds(40) }),
      ],
      evidence: [{ victim: '10.0.23.111' }],
    },
  },
})
