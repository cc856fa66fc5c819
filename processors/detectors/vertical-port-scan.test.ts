import { conn, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { verticalPortScan } from './vertical-port-scan.ts'

const unanswered = (dstPort: number, given = {}) => conn({ dstPort, established: false, ...given })
const udp = (dstPort: number, given = {}) => unanswered(dstPort, { proto: 'udp', history: 'D', ...given })

testDetector(verticalPortScan, {
  quiet: {
    'many ports that all answer': { records: times(60, (i) => conn({ dstPort: 1_000 + i })) },
    'one dead service, tried all day': {
      records: times(300, (i) => unanswered(8_443, { tsMs: startMs + minutes(i) })),
    },
    'five ports of a host that has gone': { records: times(5, (i) => unanswered(5_000 + i)) },
    'one port each of many hosts': {
      records: times(200, (i) => unanswered(1_000 + i, { dstIp: `10.0.1.${i}` })),
    },
    'five ports in each of two windows': {
      records: times(10, (i) => unanswered(5_000 + i, { tsMs: startMs + (i < 5 ? 0 : hours(1)) + i })),
    },
    'half of the ports over TCP, half over UDP': {
      records: times(10, (i) => (i < 5 ? unanswered(5_000 + i) : udp(5_000 + i))),
    },
    'a traceroute': { records: times(90, (i) => udp(33_434 + i, { dstIp: '93.184.216.34' })) },
    'a printer that answers questions which went to a group': {
      records: times(30, (i) => udp(52_000 + i, { srcPort: 40_000 + i, srcPkts: 12 })),
    },
    'the late ends of connections to one service, and of its own to its clients': {
      records: [
        ...times(40, (i) =>
          unanswered(443, { state: 'SH', history: i % 2 === 0 ? 'F' : 'Fr', srcPort: 50_000 + i }),
        ),
        ...times(40, (i) => unanswered(50_000 + i, { state: 'SH', history: 'F', srcPort: 8_080 })),
      ],
    },
    'the ends of connections in which the other side took part': {
      records: times(40, (i) => unanswered(1_000 + i, { history: 'FfA', state: 'OTH', srcPort: 50_000 + i })),
    },
    'connections of which the sensor missed the beginning': {
      records: times(30, (i) => unanswered(5_000 + i, { state: 'SHR', history: 'hCadCFf', srcPkts: 20 })),
    },
    'connections whose answers the sensor missed': {
      records: times(30, (i) => unanswered(5_000 + i, { history: 'SAD', srcPkts: 13 })),
    },
    'a device found by a question to a group, asked again and again': {
      records: times(30, (i) => udp(40_000 + i, { srcPort: 1_900, dstIp: '10.0.0.9', srcIp: '10.0.0.7' })),
    },
    'late answers of a resolver to the ports of its client': {
      records: times(40, (i) => udp(20_000 + i, { srcIp: '10.0.0.53', srcPort: 53, dstIp: '10.0.0.9' })),
    },
    'late answers of a resolver to fifty ports, again and again': {
      records: times(300, (i) => udp(20_000 + (i % 50), { srcPort: 53 })),
    },
    'answers of a resolver, as a sensor exports each way by itself': {
      records: (['nfdump', 'argus'] as const).flatMap((source) =>
        times(400, (i) => udp(20_000 + i, { source, srcPort: 53 })),
      ),
    },
    'connections whose direction the sensor turned round': {
      records: times(40, (i) => unanswered(40_000 + i, { srcPort: 8_080, history: '^r' })),
    },
    'connections of which the sensor cannot tell': {
      records: times(60, (i) => conn({ dstPort: 1_000 + i, established: null, state: 'OTH', history: 'C' })),
    },
    'announcements to a group': { records: times(60, (i) => udp(1_000 + i, { dstIp: '239.255.255.250' })) },
    'eight ports below raised steps': {
      config: { ports: [10, 50] },
      records: times(8, (i) => unanswered(5_000 + i)),
    },
    'all ports of two hosts and one of many, short of the last steps there may be, in bounded memory': {
      config: { ports: [9_999, 10_000] },
      records: [
        ...times(9_998, (i) => unanswered(i + 1, { dstIp: '2001:db8::1', tsMs: startMs + i })),
        ...times(9_998, (i) => unanswered(i + 1, { dstIp: '2001:db8::2', tsMs: startMs + 20_000 + i })),
        ...times(20, (i) => unanswered(i + 1, { tsMs: startMs + 120_000 + i })),
        ...times(5_000, (i) =>
          unanswered(80, {
            dstIp: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
            tsMs: startMs + 130_000 + i,
          }),
        ),
      ],
    },
  },
  loud: {
    'two hundred ports over UDP from the port of name servers': {
      records: times(200, (i) => udp(2_000 + i, { srcPort: 53 })),
      evidence: [
        { level: 'medium', facts: { ports: 6 } },
        { level: 'high', facts: { ports: 10 } },
        { level: 'high', facts: { ports: 100 } },
      ],
    },
    'the same, as many as are left out': {
      config: { strayAnswers: 4 },
      records: times(10, (i) => udp(2_000 + i, { srcPort: 53 })),
      evidence: [{ level: 'medium', facts: { ports: 6 } }],
    },
    'FIN probes, not answered by what is open and refused by the rest': {
      records: times(12, (i) =>
        unanswered(1 + i, {
          state: i === 3 ? 'SH' : 'RSTRH',
          history: i === 3 ? 'F' : 'Fr',
          srcPort: 40_000,
        }),
      ),
      evidence: [
        { level: 'medium', facts: { ports: 6 } },
        { level: 'high', facts: { ports: 10 } },
      ],
    },
    'ACK probes, which the sensor calls neither answered nor not': {
      records: times(7, (i) =>
        conn({
          dstPort: 1 + i,
          state: 'OTH',
          history: 'A',
          established: null,
          srcPkts: 1,
          srcBytes: 0,
          dstBytes: 0,
          srcPort: 40_000,
        }),
      ),
      evidence: [{ level: 'medium', facts: { ports: 6 } }],
    },
    'six refused ports': {
      records: times(6, (i) => unanswered(20 + i, { state: 'REJ', history: 'Sr', dstPkts: 1 })),
      evidence: [
        {
          type: 'VERTICAL_PORT_SCAN',
          profile: '10.0.0.9',
          victim: '10.0.0.1',
          level: 'medium',
          confidence: 0.6,
          facts: { ports: 6, packets: 6 },
          uids: 6,
        },
      ],
    },
    'a thousand ports, some tried twice': {
      records: times(1_100, (i) => unanswered(1 + (i % 1_050))),
      evidence: [
        { level: 'medium', facts: { ports: 6 } },
        { level: 'high', confidence: 1, facts: { ports: 10, packets: 10 }, uids: 10 },
        { level: 'high', facts: { ports: 100 }, uids: 100 },
        { level: 'high', facts: { ports: 1_000 }, uids: 100 },
      ],
    },
    'a scan hidden behind single contacts with many hosts': {
      config: { ports: [20] },
      records: times(40, (i) => unanswered(1 + i, { tsMs: startMs + i * 200 })).flatMap((probe, i) => [
        probe,
        ...times(100, (j) => unanswered(80, { dstIp: `10.9.${i}.${j}`, tsMs: startMs + i * 200 + j })),
      ]),
      evidence: [{ level: 'high', facts: { ports: 20 } }],
    },
    'TCP and UDP of the same host are two scans': {
      records: [...times(6, (i) => unanswered(100 + i)), ...times(6, (i) => udp(100 + i, { srcPkts: 2 }))],
      evidence: [
        { level: 'medium', confidence: 0.6 },
        { level: 'medium', confidence: 1 },
      ],
    },
    'the same scan again in the next window': {
      records: times(12, (i) => unanswered(1 + (i % 6), { tsMs: startMs + (i < 6 ? 0 : hours(1)) + i })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'a scan from a service port that begins with its own SYN': {
      records: times(6, (i) => unanswered(5_000 + i, { srcPort: 53 })),
      evidence: [{ facts: { ports: 6 } }],
    },
    'answers, when they are not left out': {
      config: { skipAnswers: false },
      records: times(6, (i) => udp(20_000 + i, { srcPort: 53 })),
      evidence: [{ facts: { ports: 6 } }],
    },
    'a traceroute, when it is not left out': {
      config: { skipClientPorts: false },
      records: times(9, (i) => udp(33_434 + i)),
      evidence: [{ facts: { ports: 6 } }],
    },
    'a scan told by Argus': {
      records: times(6, (i) => unanswered(20 + i, { source: 'argus', state: 'S_RA', history: 'S_RA' })),
      evidence: [{ facts: { ports: 6 } }],
    },
  },
})
