import { arp, conn, dhcp, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { deviceChangesAddress } from './device-changes-address.ts'

const mac = '02:00:00:00:00:09'
const seen = (srcIp: string, given = {}) => conn({ srcIp, srcMac: mac, ...given })
const leased = (assignedIp: string, given = {}) =>
  dhcp({ mac, requestedIp: assignedIp, assignedIp, ...given })

testDetector(deviceChangesAddress, {
  quiet: {
    'a device that keeps its address': { records: times(50, () => seen('10.0.0.9')) },
    'sensors that tell no MAC': { records: times(50, (i) => conn({ srcIp: `10.0.0.${i}` })) },
    'two devices that use one address': {
      records: times(50, (i) => seen('10.0.0.9', { srcMac: `02:00:00:00:00:${10 + i}` })),
    },
    'a router, which speaks for many': { records: times(50, (i) => seen(`10.0.${i}.9`)) },
    'a machine with two addresses': {
      records: times(50, (i) =>
        seen(i % 2 === 0 ? '10.0.0.9' : '10.0.0.10', { tsMs: startMs + minutes(3 * i) }),
      ),
    },
    'a connection of the former address that ends late': {
      records: [
        seen('10.0.0.9'),
        seen('10.0.0.9', { tsMs: startMs + minutes(9) }),
        seen('10.0.0.10', { tsMs: startMs + minutes(5), observedMs: startMs + minutes(10) }),
      ],
    },
    'the time before it has an address': {
      records: [
        arp({ srcIp: '0.0.0.0', srcHw: mac, srcMac: mac }),
        seen('169.254.7.7'),
        seen('10.0.0.9'),
        seen('255.255.255.255'),
      ],
    },
    'its addresses of IPv6': { records: times(20, (i) => seen(`fd20::${i + 1}`)) },
    'public addresses behind a router': { records: times(2, (i) => seen(`93.184.216.${i + 1}`)) },
    'a router that takes over from another': {
      records: times(2, (i) => seen(`10.0.0.${i + 1}`, { srcMac: '00:00:5e:00:01:0a' })),
    },
    'a MAC of groups': { records: times(2, (i) => seen(`10.0.0.${i + 1}`, { srcMac: '01:00:5e:00:00:fb' })) },
  },
  loud: {
    'an address that DHCP did not give': {
      records: [leased('10.0.0.9'), seen('10.0.0.9'), seen('10.0.0.66', { tsMs: startMs + minutes(20) })],
      evidence: [
        {
          type: 'DEVICE_CHANGING_IP',
          level: 'medium',
          confidence: 0.6,
          profile: '10.0.0.66',
          attacker: '10.0.0.66',
          victim: null,
          tsMs: startMs + minutes(20),
          facts: { mac, formerIp: '10.0.0.9', leased: false, usesDhcp: true },
        },
      ],
    },
    'the same of a device of which no DHCP was ever seen': {
      records: [seen('10.0.0.9'), seen('10.0.0.66', { tsMs: startMs + minutes(20) })],
      evidence: [{ level: 'medium', confidence: 0.3, facts: { usesDhcp: false } }],
    },
    'a new lease is no fault, also when DHCP is told of after the first connection': {
      records: [
        leased('10.0.0.9'),
        seen('10.0.0.9'),
        seen('10.0.0.10', { tsMs: startMs + hours(2) }),
        leased('10.0.0.10', { tsMs: startMs + hours(2) + 500 }),
      ],
      evidence: [{ level: 'info', confidence: 0.8, facts: { leased: true, formerIp: '10.0.0.9' } }],
    },
    'a change that only ARP shows': {
      records: [
        arp({ srcIp: '10.0.0.9', srcHw: mac, srcMac: mac }),
        arp({ srcIp: '10.0.0.66', srcHw: mac, srcMac: mac }),
      ],
      evidence: [
        { profile: '10.0.0.9', attacker: '10.0.0.9', facts: { formerIp: '10.0.0.9', onlyByArp: true } },
      ],
    },
    'a change that ARP shows and connections bear out': {
      records: [
        arp({ srcIp: '10.0.0.9', srcHw: mac, srcMac: mac }),
        arp({ srcIp: '10.0.0.66', srcHw: mac, srcMac: mac }),
        seen('10.0.0.66'),
      ],
      evidence: [{ profile: '10.0.0.66', attacker: '10.0.0.66', facts: { onlyByArp: false } }],
    },
    'there and back again within the hour': {
      config: { waitMinutes: 1 },
      records: [
        seen('10.0.0.9'),
        seen('10.0.0.66', { tsMs: startMs + minutes(5) }),
        seen('10.0.0.66', { tsMs: startMs + minutes(10) }),
        seen('10.0.0.9', { tsMs: startMs + minutes(15) }),
        seen('10.0.0.9', { tsMs: startMs + minutes(30) }),
      ],
      evidence: [{ profile: '10.0.0.66' }, { profile: '10.0.0.9' }],
    },
    'addresses given by the dozen, in bounded memory': {
      records: [
        ...times(100, (i) => leased(`10.0.0.${i + 100}`)),
        seen('10.0.0.9'),
        seen('10.0.0.66', { tsMs: startMs + minutes(20) }),
      ],
      evidence: [{ confidence: 0.6 }],
    },
  },
})
