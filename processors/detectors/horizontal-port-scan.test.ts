import { conn, dns, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { horizontalPortScan } from './horizontal-port-scan.ts'

const host = (i: number) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
const web = (i: number) => `93.184.${(i >> 8) & 255}.${i & 255}`
const dead = (dstIp: string, given = {}) => conn({ dstIp, dstPort: 445, established: false, ...given })
const live = (dstIp: string, given = {}) => conn({ dstIp, dstPort: 445, ...given })

testDetector(horizontalPortScan, {
  quiet: {
    'many hosts that all answer': { records: times(200, (i) => live(web(i), { dstPort: 443 })) },
    'one dead host, tried all day': {
      records: times(300, (i) => dead('10.0.1.1', { tsMs: startMs + minutes(i) })),
    },
    'five dead hosts': { records: times(5, (i) => dead(host(i + 1))) },
    'ten dead hosts on ten ports': { records: times(10, (i) => dead(host(i + 1), { dstPort: 8_000 + i })) },
    'a day of browsing, with a dead server here and there': {
      records: times(300, (i) =>
        i % 15 === 0 ? dead(web(i), { dstPort: 443 }) : live(web(i), { dstPort: 443 }),
      ),
    },
    'sites looked up by name while the line is down': {
      records: times(20, (i) => [
        dns({ query: `www${i}.example.com`, answers: [web(i)] }),
        dead(web(i), { dstPort: 443 }),
      ]).flat(),
    },
    'time servers that are silent': {
      records: times(12, (i) => dead(web(i), { proto: 'udp', dstPort: 123, history: 'D' })),
    },
    'neighbours that slept while they were asked for updates, and others that did not': {
      records: times(14, (i) => (i < 11 ? dead : live)(host(i + 1), { dstPort: 7_680 })),
    },
    'relays of calls that are tried in turn': {
      records: times(20, (i) => dead(web(i), { proto: 'udp', dstPort: 19_305, history: 'D' })),
    },
    'sites that answered until the line went down, of names that nobody saw looked up': {
      records: [
        ...times(40, (i) => live(web(i), { dstPort: 443 })),
        ...times(25, (i) => dead(web(100 + i), { dstPort: 443 })),
      ],
    },
    'a dozen of forty hosts of the house that are off since they were last reached': {
      records: [...times(40, (i) => live(host(i + 1))), ...times(12, (i) => dead(host(i + 1)))],
    },
    'hosts outside that were looked up three quarters of an hour ago': {
      records: times(20, (i) => [
        dns({ answers: [web(i)], tsMs: startMs + i }),
        dead(web(i), { dstPort: 25, tsMs: startMs + minutes(45) + i }),
      ])
        .flat()
        .sort((a, b) => a.tsMs - b.tsMs),
    },
    'services of eight addresses each, of many owners, that a firewall refuses': {
      records: times(160, (i) => [
        dns({ query: `${i}.push.vendor-${i >> 3}.com`, answers: [web(i)] }),
        dead(web(i), { dstPort: 5_223 }),
      ]).flat(),
    },
    'one service of two dozen addresses, each tried again and again': {
      records: [
        dns({ query: 'push.example.com', answers: times(24, web) }),
        ...times(240, (i) => dead(web(i % 24), { dstPort: 5_223 })),
      ],
    },
    'name servers that are silent': {
      records: times(25, (i) => dead(web(i), { proto: 'udp', dstPort: 53, history: 'D' })),
    },
    'a storm of reconnections that the sensor turned round': {
      records: times(40, (i) => dead(host(i + 1), { history: '^r' })),
    },
    'servers of which the sensor missed the SYN': {
      records: times(30, (i) =>
        dead(web(i), { dstPort: 443, state: 'RSTRH', history: 'hadCr', dstPkts: 20 }),
      ),
    },
    'servers whose answers the sensor missed, all or in part': {
      records: [
        ...times(30, (i) =>
          dead(web(i), { dstPort: 443, history: 'SAD', srcPkts: 5, dstPkts: 0, dstBytes: 0 }),
        ),
        ...times(30, (i) => dead(web(i), { dstPort: 80, state: 'RSTOS0', history: 'SADadR', dstPkts: 8 })),
        ...times(30, (i) => dead(web(i), { proto: 'udp', history: 'D', dstPkts: 2, dstBytes: 500 })),
      ],
    },
    'late answers of a server to its clients': {
      records: times(40, (i) =>
        dead(host(i + 1), { proto: 'udp', srcIp: '10.0.0.53', srcPort: 53, dstPort: 40_000, history: 'D' }),
      ),
    },
    'a device that answers two hundred neighbours who asked the group': {
      records: times(200, (i) =>
        dead(host(i + 1), { proto: 'udp', srcPort: 5_353, dstPort: 5_353, history: 'D' }),
      ),
    },
    'late answers of a server to its clients, of which each has ports of its own': {
      records: times(600, (i) =>
        dead(host(1 + (i % 200)), { proto: 'udp', srcPort: 53, dstPort: 40_000 + i, history: 'D' }),
      ),
    },
    'port 0, which is another story': { records: times(20, (i) => dead(host(i + 1), { dstPort: 0 })) },
    'groups and link-local neighbours': {
      records: times(20, (i) => dead(i % 2 === 0 ? `239.0.0.${i}` : `169.254.0.${i}`)),
    },
    'hosts of which the sensor cannot tell': {
      records: times(20, (i) => live(host(i + 1), { established: null, state: 'OTH', history: 'C' })),
    },
    'nine dead hosts below raised steps': {
      config: { hosts: [20] },
      records: times(9, (i) => dead(host(i + 1))),
    },
    'eight dead hosts of a service that is called patient': {
      config: { patientServices: ['tcp/445'], patientHosts: 9 },
      records: times(8, (i) => dead(host(i + 1))),
    },
    'half of the hosts dead, where most must be': {
      config: { minFailedShare: 0.6 },
      records: times(40, (i) => (i % 2 === 0 ? dead(host(i + 1)) : live(host(i + 1)))),
    },
    'tens of thousands of hosts over IPv6, short of the last step there may be, in bounded memory': {
      config: { hosts: [10_000] },
      records: [
        ...times(9_990, (i) => dead(`2001:db8:aaaa:bbbb:cccc:dddd:eeee:${i.toString(16)}`)),
        ...times(9_990, (i) => dead(`2001:db8:aaaa:bbbb:cccc:dddd:eeee:${i.toString(16)}`, { dstPort: 23 })),
        ...times(1_500, (i) => dead(host(i), { dstPort: 1 + i })),
      ],
    },
  },
  loud: {
    'as other sensors tell it, from the port of a service': {
      records: (['suricata', 'argus', 'nfdump'] as const).flatMap((source, k) =>
        times(6, (i) =>
          conn({
            source,
            srcIp: `10.0.0.${20 + k}`,
            srcPort: 443,
            dstIp: `10.0.1.${i + 1}`,
            dstPort: 8_080,
            state: { suricata: 'new', argus: 'S_', nfdump: '......S.' }[source],
            history: { suricata: 'new', argus: 'S_', nfdump: '' }[source],
            established: false,
          }),
        ),
      ),
      evidence: [{ profile: '10.0.0.20' }, { profile: '10.0.0.21' }, { profile: '10.0.0.22' }],
    },
    'fifty dead hosts behind NAT64': {
      records: times(50, (i) => dead(`64:ff9b::5db8:${(256 + i).toString(16)}`, { srcIp: '2a01:4f8::5' })),
      evidence: [
        { profile: '2a01:4f8::5', level: 'medium', facts: { hosts: 6 } },
        { profile: '2a01:4f8::5', level: 'high', facts: { hosts: 10 } },
      ],
    },
    'six dead hosts': {
      records: times(6, (i) => dead(host(i + 1))),
      flushedBy: times(3_000, (i) => dead('10.9.9.9', { dstPort: 1_000 + i, tsMs: startMs + i })),
      evidence: [
        {
          type: 'HORIZONTAL_PORT_SCAN',
          profile: '10.0.0.9',
          victim: null,
          level: 'medium',
          confidence: 0.6,
          facts: { hosts: 6, port: 445, answered: 0 },
          uids: 6,
        },
      ],
    },
    'a sweep of a thousand hosts': {
      records: times(1_200, (i) => dead(host(i + 1))),
      evidence: [
        { level: 'medium', facts: { hosts: 6 } },
        { level: 'high', confidence: 1, facts: { hosts: 10 } },
        { level: 'high', facts: { hosts: 100 }, uids: 100 },
        { level: 'high', facts: { hosts: 1_000 }, uids: 100 },
      ],
    },
    'a sweep of a network in which two of three hosts answer': {
      records: times(60, (i) => (i % 3 === 0 ? dead(host(i + 1)) : live(host(i + 1)))),
      evidence: [
        { level: 'medium', facts: { hosts: 6, answered: 10 } },
        { level: 'high', facts: { hosts: 10, answered: 18 } },
      ],
    },
    'the same sweep in the next window': {
      records: times(12, (i) => dead(host(1 + (i % 6)), { tsMs: startMs + (i < 6 ? 0 : hours(1)) + i })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'a sweep for name servers': {
      records: times(120, (i) => dead(web(i), { proto: 'udp', dstPort: 53, history: 'D' })),
      evidence: [
        { level: 'medium', facts: { hosts: 30 } },
        { level: 'high', facts: { hosts: 100 } },
      ],
    },
    'peers that are gone are noted, and a thousand are a little more than that': {
      records: times(1_200, (i) => dead(web(i), { dstPort: 51_413 })),
      evidence: [
        { level: 'info', facts: { hosts: 30 } },
        { level: 'info', facts: { hosts: 100 } },
        { level: 'low', facts: { hosts: 1_000 } },
      ],
    },
    'a line that is down for long, for a busy client': {
      records: [
        ...times(40, (i) => live(web(i), { dstPort: 443 })),
        ...times(60, (i) => dead(web(100 + i), { dstPort: 443 })),
      ],
      evidence: [{ level: 'medium', facts: { hosts: 30, answered: 40 } }],
    },
    'a busy client that goes through its neighbours': {
      records: [
        ...times(40, (i) => live(web(i), { dstPort: 443 })),
        ...times(12, (i) => dead(host(i + 1), { dstPort: 443 })),
      ],
      evidence: [
        { level: 'medium', facts: { hosts: 6, answered: 0 } },
        { level: 'high', facts: { hosts: 10 } },
      ],
    },
    'hosts of the house, looked up one by one before they are tried': {
      records: times(12, (i) => [
        dns({ query: `pc${i}.corp.example.com`, answers: [host(i + 1)] }),
        dead(host(i + 1)),
      ]).flat(),
      evidence: [
        { level: 'medium', facts: { hosts: 6 } },
        { level: 'high', facts: { hosts: 10 } },
      ],
    },
    'the same in a house with addresses of the internet': {
      network: ['93.184.0.0/16', '10.0.0.0/8'],
      records: times(6, (i) => [
        dns({ query: `pc${i}.corp.example.com`, answers: [web(i)] }),
        dead(web(i)),
      ]).flat(),
      evidence: [{ level: 'medium', facts: { hosts: 6 } }],
    },
    'five hundred hosts outside that names of one domain were given for': {
      records: [
        ...times(17, (k) => dns({ query: `k${k}.example.com`, answers: times(30, (i) => web(30 * k + i)) })),
        ...times(500, (i) => dead(web(i))),
      ],
      evidence: [
        { level: 'medium', facts: { hosts: 6 } },
        { level: 'high', facts: { hosts: 10 } },
        { level: 'high', facts: { hosts: 100 } },
      ],
    },
    'the same below names that a provider hands out to anybody': {
      records: times(40, (i) => [
        dns({ query: `k${i}.duckdns.org`, answers: [web(i)] }),
        dead(web(i)),
      ]).flat(),
      evidence: [{ level: 'medium' }, { level: 'high' }],
    },
    'more hosts than names are remembered for, each under a domain of its own, in bounded memory': {
      config: { hosts: [6, 100] },
      records: times(2_200, (i) => [
        dns({ query: `www.a-domain-of-its-own-${i}.com`, answers: [web(i)] }),
        dead(web(i)),
      ]).flat(),
      evidence: [{ facts: { hosts: 6 } }, { facts: { hosts: 100 } }],
    },
    'one answer of ten addresses, where a domain may have four': {
      config: { resolvedPerDomain: 4 },
      records: [
        dns({ query: 'www.example.com', answers: times(10, web) }),
        ...times(10, (i) => dead(web(i))),
      ],
      evidence: [{ level: 'medium', facts: { hosts: 6 } }],
    },
    'hosts outside that were looked up before, where only minutes count': {
      config: { skipResolvedMinutes: 10 },
      records: times(6, (i) => [
        dns({ answers: [web(i)], tsMs: startMs + i }),
        dead(web(i), { tsMs: startMs + minutes(20) + i }),
      ])
        .flat()
        .sort((a, b) => a.tsMs - b.tsMs),
      evidence: [{ facts: { hosts: 6 } }],
    },
    'services that are called patient, by first and last port': {
      config: { patientServices: ['tcp/440-449'], patientHosts: 9 },
      records: times(9, (i) => dead(host(i + 1))),
      evidence: [{ level: 'medium', facts: { hosts: 9 } }],
    },
    'hosts that were looked up, when they count too': {
      config: { skipResolvedMinutes: 0 },
      records: times(6, (i) => [dns({ answers: [web(i)] }), dead(web(i), { dstPort: 443 })]).flat(),
      evidence: [{ facts: { hosts: 6 } }],
    },
    'two hundred hosts over UDP from the port of name servers': {
      records: times(200, (i) =>
        dead(host(i + 1), { proto: 'udp', srcPort: 53, dstPort: 11_211, history: 'D' }),
      ),
      evidence: [
        { level: 'medium', facts: { hosts: 6 } },
        { level: 'high', facts: { hosts: 10 } },
        { level: 'high', facts: { hosts: 100 } },
      ],
    },
    'the same, where none is left out': {
      config: { strayAnswers: 0 },
      records: times(6, (i) =>
        dead(host(i + 1), { proto: 'udp', srcPort: 53, dstPort: 11_211, history: 'D' }),
      ),
      evidence: [{ facts: { hosts: 6 } }],
    },
    'answers, when they are not left out': {
      config: { skipAnswers: false },
      records: times(6, (i) =>
        dead(host(i + 1), { srcPort: 53, proto: 'udp', dstPort: 40_000, history: 'D' }),
      ),
      evidence: [{ facts: { hosts: 6 } }],
    },
  },
})
