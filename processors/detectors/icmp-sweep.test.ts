import { conn, hours, notice, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { icmpSweep } from './icmp-sweep.ts'

const ask = (i: number, icmpType = 8, given = {}) =>
  conn({
    proto: 'icmp',
    srcPort: null,
    dstPort: null,
    icmpType,
    icmpCode: 0,
    dstIp: `10.0.${i >> 8}.${i & 255}`,
    established: false,
    ...given,
  })

const raise = (note: string, message: string, more: Parameters<typeof notice>[0] = {}) =>
  notice({ note, message, ...more })

testDetector(icmpSweep, {
  quiet: {
    'notices about other things': {
      records: [
        raise('Scan::Address_Scan', '10.0.0.1 scanned at least 25 unique hosts on port 445/tcp in 0m1s'),
        raise('ICMP::Redirect', 'performed something on 25 hosts'),
        raise('SSL::Invalid_Server_Cert', 'on 25 hosts'),
      ],
    },
    'a notice of fewer hosts than are worth saying': {
      config: { hosts: [100] },
      records: [raise('ICMP::ICMPAddressScan', '10.0.0.1 performed ICMP address scan on 25 hosts')],
    },
    'a notice about the address of everybody': {
      records: [
        raise('ICMP::ICMPAddressScan', 'ICMP address scan on 25 hosts', { srcIp: '255.255.255.255' }),
      ],
    },
    'four hosts': { records: times(4, (i) => ask(i)) },
    'one host, again and again': { records: times(300, () => ask(1)) },
    'four hosts in each of two windows': {
      records: times(8, (i) => ask(i, 8, { tsMs: startMs + (i < 4 ? 0 : hours(1)) + i })),
    },
    'answers to the questions of others': {
      records: times(60, (i) => ask(i, [0, 14, 18][i % 3])),
    },
    'hosts and ports that cannot be reached': { records: times(60, (i) => ask(i, 3)) },
    'neighbours and routers of IPv6': {
      records: times(60, (i) =>
        ask(i, 133 + (i % 5), { proto: 'ipv6-icmp', srcIp: 'fd20::9', dstIp: `fd20::${i}` }),
      ),
    },
    'groups and link-local hosts': {
      records: times(60, (i) => ask(i, 8, { dstIp: `${i % 2 === 0 ? '224.0.0' : '169.254.0'}.${i}` })),
    },
    'connections that are not ICMP': { records: times(60, (i) => conn({ dstIp: `10.0.0.${i}` })) },
    'monitoring, below a raised threshold': {
      config: { hosts: [100] },
      records: times(99, (i) => ask(i)),
    },
  },
  loud: {
    'a sweep of a /24': {
      records: times(255, (i) => ask(i, 8, { established: i % 5 === 0, dstPkts: i % 5 === 0 ? 1 : 0 })),
      evidence: [
        {
          type: 'ICMP_ADDRESS_SCAN',
          level: 'low',
          confidence: 0.3,
          victim: null,
          facts: { hosts: 5, answered: 1 },
        },
        { level: 'medium', confidence: 0.3, facts: { hosts: 10, answered: 2 } },
        { level: 'medium', confidence: 0.3, facts: { hosts: 25 } },
        { level: 'medium', confidence: 0.3, facts: { hosts: 50 } },
        { level: 'medium', confidence: 0.38, facts: { hosts: 100 } },
        { level: 'medium', confidence: 1, facts: { hosts: 255, answered: 51 }, uids: 100 },
      ],
    },
    'questions for the time and for the mask, each counted for itself': {
      records: times(5, (i) => [ask(i, 13), ask(i, 17)]).flat(),
      evidence: [
        { type: 'ICMP_TIMESTAMP_SCAN', level: 'medium', confidence: 0.3, facts: { icmpType: 13 } },
        { type: 'ICMP_ADDRESS_MASK_SCAN', level: 'medium', confidence: 0.3, facts: { icmpType: 17 } },
      ],
    },
    'echo of ICMPv6': {
      records: times(5, (i) => ask(i, 128, { proto: 'ipv6-icmp', srcIp: 'fd20::9', dstIp: `fd20::1:${i}` })),
      evidence: [{ type: 'ICMP_ADDRESS_SCAN', facts: { hosts: 5 } }],
    },
    'few hosts, where few are much': {
      config: { weightyHosts: 5 },
      records: times(5, (i) => ask(i)),
      evidence: [{ level: 'medium' }],
    },
    'what the sensor concludes, with the number its message names': {
      records: [
        raise('ICMP::ICMPAddressScan', '10.0.0.1 performed ICMP address scan on 5 hosts'),
        raise('ICMP::ICMPAddressScan', '10.0.0.1 performed ICMP address scan on 255 hosts'),
        raise('TimestampScan', '10.0.0.1 performed ICMP timestamp scan on 25 hosts'),
        raise('ICMP::ICMPAddressMaskScan', 'without a number'),
      ],
      evidence: [
        { type: 'ICMP_ADDRESS_SCAN', level: 'low', confidence: 0.3, victim: null, facts: { hosts: 5 } },
        { type: 'ICMP_ADDRESS_SCAN', level: 'medium', confidence: 1, facts: { hosts: 255 } },
        { type: 'ICMP_TIMESTAMP_SCAN', level: 'medium', confidence: 0.3, facts: { hosts: 25 } },
        { type: 'ICMP_ADDRESS_MASK_SCAN', level: 'medium', confidence: 0.3, facts: { hosts: 5 } },
      ],
    },
    'a sweep of which the sensor tells as well, once at each step': {
      records: [
        ...times(10, (i) => ask(i)),
        raise('ICMP::ICMPAddressScan', '10.0.0.1 performed ICMP address scan on 10 hosts'),
        raise('ICMP::ICMPAddressScan', '10.0.0.1 performed ICMP address scan on 15 hosts'),
        ...times(15, (i) => ask(10 + i)),
      ],
      evidence: [
        { level: 'low', facts: { hosts: 5 } },
        { level: 'medium', facts: { hosts: 10, answered: 0 } },
        { level: 'medium', facts: { hosts: 25 } },
      ],
    },
    'ten networks, in bounded memory': {
      config: { hosts: [1_000] },
      records: times(2_560, (i) => ask(i)),
      evidence: [{ level: 'medium', confidence: 1, facts: { hosts: 1_000 } }],
    },
  },
})
