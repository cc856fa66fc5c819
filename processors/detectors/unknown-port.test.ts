import { conn, dns, ftp, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { unknownPort } from './unknown-port.ts'

const outside = '93.184.216.34'
const talk = (dstPort: number, given = {}) => conn({ dstIp: outside, dstPort, ...given })
const attempt = (dstPort: number, given = {}) => talk(dstPort, { established: false, ...given })
const datagrams = (dstPort: number, given = {}) => talk(dstPort, { proto: 'udp', history: 'Dd', ...given })
const late = { history: 'D', dstPkts: 0, dstBytes: 0 }

testDetector(unknownPort, {
  quiet: {
    'remote procedure calls of IPv6 hosts of one subnet': {
      records: times(5, () => talk(49_670, { srcIp: '2a01:4f8:1:2::5', dstIp: '2a01:4f8:1:2::10' })),
    },
    'services in wide use': {
      records: [22, 25, 53, 80, 443, 587, 993, 3306, 3389, 5432, 6379, 8080, 9100].map((port) => talk(port)),
    },
    'pings and protocols without ports': {
      records: [
        talk(0, { proto: 'icmp', dstPort: null, icmpType: 8, icmpCode: 0 }),
        talk(0, { proto: 'esp' }),
        talk(31_337, { proto: 'ipv6-icmp' }),
      ],
    },
    'groups, broadcasts and the host itself': {
      records: ['239.255.255.250', '255.255.255.255', 'ff02::fb', '127.0.0.1'].map((dstIp) =>
        datagrams(7_777, { dstIp }),
      ),
    },
    'remote procedure calls within': {
      records: [
        ...times(5, () => talk(49_670, { dstIp: '10.0.0.1' })),
        datagrams(55_000, { dstIp: '10.0.0.2' }),
      ],
    },
    'remote procedure calls on a low port, after asking which': {
      records: [talk(135, { dstIp: '10.0.0.1' }), talk(1_026, { dstIp: '10.0.0.1' })],
    },
    'passive FTP, as the sensor tells its data port': {
      records: [ftp({ dstIp: outside, dataPort: 28_123 }), talk(28_123)],
    },
    'passive FTP, as a flow export shows it': {
      records: [21, 28_123, 28_124].map((port) =>
        talk(port, { source: 'argus', state: 'FSPA_FSPA', srcBytes: 900 }),
      ),
    },
    'passive FTP of which the sensor shows only that it is FTP': {
      records: [talk(21, { service: 'ftp' }), talk(28_123)],
    },
    'passive FTP within TLS, of a server that DNS named': {
      records: [
        dns({ query: 'ftp.example.net', answers: [outside] }),
        talk(990, { service: 'ssl' }),
        talk(28_123),
      ],
    },
    'active FTP': { records: [talk(28_123, { srcIp: outside, srcPort: 20, dstIp: '10.0.0.9' })] },
    'active FTP within and to the outside, as the sensor says': {
      records: ['10.0.0.7', outside].map((dstIp) =>
        talk(28_123, { srcPort: 20, dstIp, service: 'ftp-data' }),
      ),
    },
    'a server that goes on with a client at home, at the beginning of a capture': {
      records: [datagrams(40_123, { srcIp: outside, srcPort: 443, dstIp: '10.0.0.9' })],
    },
    'a telephone conference by address, another by name': {
      records: [
        datagrams(8_802, { dstIp: '149.137.1.2' }),
        dns({ query: 'mmg.viber.com', answers: [outside] }),
        talk(5_242),
      ],
    },
    'a program with many peers': {
      records: times(80, (i) => datagrams(31_000 + i, { dstIp: `93.184.216.${i}` })),
    },
    'a long call with one peer': { records: times(8, () => datagrams(50_001)) },
    'the internet trying ports of ours': {
      records: times(9, () => attempt(4_444, { srcIp: outside, dstIp: '10.0.0.9' })),
    },
    'answers of which the sensor missed the question': {
      records: times(20, (i) =>
        datagrams(20_000 + i, { ...late, srcIp: '10.0.0.53', srcPort: 53, dstIp: '10.0.0.9' }),
      ),
    },
    'a call that looked new, when four peers are many': {
      config: { peers: 4 },
      records: times(4, (i) => datagrams(31_000, { dstIp: `93.184.217.${i}` })),
    },
    'high ports, when peers begin lower': {
      config: { peerPort: 20_000 },
      records: times(6, (i) => datagrams(21_000 + i, { dstIp: `93.184.218.${i}` })),
    },
    'nothing, when nothing is to be said': {
      config: { perWindow: 0 },
      records: [talk(4_444), attempt(4_445)],
    },
  },
  loud: {
    'a high TCP port beside a program with many peers': {
      records: [...times(8, (i) => datagrams(40_000 + i, { dstIp: `93.184.217.${i + 1}` })), talk(50_050)],
      evidence: [{ victim: outside, level: 'medium', facts: { port: 50_050 } }],
    },
    'high UDP ports of five hosts that never answer, which makes no program with peers': {
      records: times(5, (i) =>
        datagrams(40_000 + i, {
          dstIp: `93.184.217.${i + 1}`,
          established: false,
          history: 'D',
          dstBytes: 0,
        }),
      ),
      evidence: times(5, () => ({ level: 'low' as const })),
    },
    'a port of a host that was asked in vain which port to call': {
      records: [...[21, 111, 135, 990].map((port) => attempt(port)), talk(4_444)],
      evidence: [{ level: 'medium', facts: { port: 4_444 } }],
    },
    'a port that an IPv6 host keeps trying': {
      records: times(3, () => attempt(4_444, { srcIp: '2a01:4f8::5', dstIp: '2606:4700::99' })),
      evidence: [
        { profile: '2a01:4f8::5', victim: '2606:4700::99', facts: { flows: 3, established: false } },
      ],
    },
    'a conversation by UDP from a port below 1024': {
      records: [700, 53, 123].map((srcPort, i) => datagrams(4_444, { srcPort, dstIp: `93.184.216.${i}` })),
      evidence: [{ level: 'medium' }, { level: 'medium' }, { level: 'low' }],
    },
    'a port called from the data port of FTP': {
      records: [talk(4_444, { srcPort: 20 }), talk(4_444, { srcPort: 20, dstIp: '10.0.0.7' })],
      evidence: [{ level: 'medium' }, { level: 'medium' }],
    },
    'a port of a host with which nothing was spoken at the port of FTP, or no FTP': {
      records: [
        talk(21, { srcBytes: 0, dstBytes: 0 }),
        talk(21),
        talk(135, { service: 'dce_rpc' }),
        talk(990, { service: 'ssl' }),
        talk(4_444),
      ],
      evidence: [{ level: 'medium', facts: { port: 4_444 } }],
    },
    'a conversation after three hundred SYNs to ports by chance': {
      records: [
        ...times(320, (i) => attempt(20_100 + i, { dstIp: `93.185.${i % 250}.7` })),
        talk(4_444, { tsMs: startMs + hours(0.5) }),
      ],
      evidence: [
        { level: 'medium', victim: outside, facts: { port: 4_444 } },
        ...times(14, () => ({ level: 'low' as const })),
      ],
    },
    'calls to a port after twenty others were talked to, once each': {
      records: [
        ...times(20, (i) => talk(12_000 + i, { dstIp: `93.185.${i}.7` })),
        ...times(8, (i) => talk(4_444, { tsMs: startMs + minutes(10 + 5 * i) })),
      ],
      evidence: [
        ...times(2, () => ({ level: 'medium', confidence: 0.5, facts: { flows: 1 } }) as const),
        ...times(13, () => ({ level: 'low', confidence: 0.05 }) as const),
        { level: 'medium', confidence: 0.3, victim: outside, facts: { port: 4_444, flows: 8 } },
      ],
    },
    'a program with peers that it talks to a few times each: no more than it was': {
      records: times(120, (i) => talk(12_000 + (i % 30), { dstIp: `93.185.${i % 30}.7` })),
      evidence: [
        ...times(2, () => ({ level: 'medium', confidence: 0.5 }) as const),
        ...times(13, () => ({ level: 'low', confidence: 0.05 }) as const),
      ],
    },
    'notes of the port that was tried most, before others that came first': {
      config: { perWindow: 2, tries: 5 },
      records: [...times(4, (i) => attempt(12_000 + i)), ...times(3, () => attempt(4_444))],
      evidence: [{ level: 'low', facts: { port: 4_444, flows: 3 } }, { facts: { flows: 1 } }],
    },
    'a conversation on a port of no one': {
      records: [talk(4_444)],
      evidence: [
        {
          type: 'UNKNOWN_PORT',
          profile: '10.0.0.9',
          victim: outside,
          level: 'medium',
          confidence: 0.5,
          facts: { port: 4_444, flows: 1, established: true },
        },
      ],
    },
    'a hundred conversations, said once in each window': {
      records: times(100, (i) => talk(1_177, { tsMs: startMs + (i < 50 ? 0 : hours(1)) + i })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'one unanswered try is a note, when the window closes': {
      records: [attempt(4_444)],
      evidence: [{ level: 'low', confidence: 0.3, windowStartMs: startMs, facts: { flows: 1 } }],
    },
    'three unanswered tries are more': {
      records: times(3, () => attempt(4_444)),
      evidence: [{ level: 'medium', confidence: 0.3, facts: { flows: 3, established: false }, uids: 3 }],
    },
    'two tries, when two are enough': {
      config: { tries: 2 },
      records: times(2, () => attempt(4_444)),
      evidence: [{ level: 'medium', facts: { flows: 2 } }],
    },
    'a program that will not give up': {
      records: times(200, () => attempt(1_177)),
      evidence: [
        { level: 'medium', confidence: 0.3, facts: { flows: 3 } },
        { level: 'medium', confidence: 0.8, facts: { flows: 30 }, uids: 10 },
        { level: 'medium', confidence: 0.8, facts: { flows: 120 } },
      ],
    },
    'the same within, where a service may be down': {
      records: times(200, () => attempt(1_177, { dstIp: '10.0.0.1' })),
      evidence: [
        { confidence: 0.3, facts: { flows: 3 } },
        { confidence: 0.4, facts: { flows: 30 } },
        { confidence: 0.4, facts: { flows: 120 } },
      ],
    },
    'twenty services tried once: notes, of which two weigh': {
      records: times(20, (i) => attempt(12_000 + i)),
      evidence: [
        ...times(2, () => ({ level: 'low', confidence: 0.3 }) as const),
        ...times(13, () => ({ level: 'low', confidence: 0.05 }) as const),
      ],
    },
    'a service that failed and now and then answers': {
      records: times(200, (i) => (i === 20 ? talk(1_177) : attempt(1_177))),
      evidence: [{ confidence: 0.3, facts: { flows: 3 } }],
    },
    'a program that gives up late, where that is much': {
      config: { manyTries: 10 },
      records: times(12, () => attempt(1_177)),
      evidence: [{ facts: { flows: 3 } }, { facts: { flows: 10 } }],
    },
    'a conversation of which only one end spoke is a note': {
      records: [talk(4_444, { dstBytes: 0 })],
      evidence: [{ level: 'low' }],
    },
    'someone outside who talks to a port of ours': {
      records: [talk(4_444, { srcIp: outside, dstIp: '10.0.0.9' })],
      evidence: [{ profile: outside, level: 'medium' }],
    },
    'one high UDP port outside is a note': { records: [datagrams(50_001)], evidence: [{ level: 'low' }] },
    'a host within on a port of its own': {
      records: [talk(4_444, { dstIp: '10.0.0.1' })],
      evidence: [{ level: 'medium', victim: '10.0.0.1' }],
    },
    'five hundred services: fifteen are said, two of them weigh, in bounded memory': {
      records: times(500, (i) => talk(12_000 + i, { dstIp: `2001:db8::${(i % 50).toString(16)}` })),
      evidence: [
        ...times(2, () => ({ level: 'medium', confidence: 0.5 }) as const),
        ...times(13, () => ({ level: 'low', confidence: 0.05 }) as const),
      ],
    },
    'five services, where five may weigh': {
      config: { weighty: 5 },
      records: times(5, (i) => talk(12_000 + i)),
      evidence: times(5, () => ({ level: 'medium' as const })),
    },
    'a program with peers and a server that is gone': {
      records: [
        ...times(5, (i) => talk(12_000 + i)),
        ...times(30, () => attempt(1_177, { dstIp: '93.184.216.35' })),
      ],
      evidence: [
        ...times(2, () => ({ level: 'medium', confidence: 0.5 }) as const),
        ...times(3, () => ({ level: 'low' }) as const),
        { level: 'low', victim: '93.184.216.35', facts: { flows: 3 } },
        { level: 'medium', confidence: 0.8, victim: '93.184.216.35', facts: { flows: 30 } },
      ],
    },
  },
})
