import { conn, dns, minutes, seconds, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { unusedDnsAnswer } from './unused-dns-answer.ts'

const at = (ms: number) => ({ tsMs: startMs + ms })
const told = (query: string, answer: string, ms: number) => dns({ query, answers: [answer], ...at(ms) })
const open = (dstIp: string, ms: number, given = {}) => conn({ dstIp, dstPort: 443, ...at(ms), ...given })

/** Ordinary work: names that are asked for and then connected to. */
const work = (n: number) =>
  times(n, (i) => [
    told(`www${i}.example.com`, `93.184.216.${i + 1}`, i * 1_000),
    open(`93.184.216.${i + 1}`, i * 1_000 + 40),
  ]).flat()

const signal = (n: number, everyMs = minutes(2)) =>
  times(n, (i) => told('sync.example.net', '151.101.9.9', seconds(30) + i * everyMs))

const idle = [open('93.184.216.1', minutes(45))]

testDetector(unusedDnsAnswer, {
  quiet: {
    'names that are connected to': { records: [...work(10), ...idle] },
    'a name that is looked up in advance, once': { records: [...work(10), ...signal(1), ...idle] },
    'both kinds of address, asked for at once': {
      records: [
        ...work(10),
        ...times(6, (i) =>
          dns({
            query: 'sync.example.net',
            qtype: i % 2 === 0 ? 'A' : 'AAAA',
            answers: [i % 2 === 0 ? '151.101.9.9' : '2a0e:1::9'],
            ...at(seconds(30) + i * 50),
          }),
        ),
        ...idle,
      ],
    },
    'a name that is asked for again and again, and then connected to': {
      records: [...work(10), ...signal(10), open('151.101.9.9', minutes(25)), ...idle],
    },
    'a connection of before that is still open': {
      records: [
        ...work(10),
        told('sync.example.net', '151.101.9.9', seconds(20)),
        open('151.101.9.9', seconds(21), { durationMs: seconds(2) }),
        ...signal(10),
        ...idle,
      ],
    },
    'another of the addresses is connected to': {
      records: [
        ...work(10),
        ...times(5, (i) =>
          dns({
            query: 'cdn.example.net',
            answers: [`151.101.7.${i}`, `151.101.8.${i}`],
            ...at(seconds(30) + minutes(i)),
          }),
        ),
        open('151.101.8.4', minutes(6)),
        ...idle,
      ],
    },
    'a resolver, which asks for others': {
      records: [
        ...work(5),
        ...times(4, (i) =>
          times(60, (j) =>
            told(`n${j}.example.net`, `151.101.${j}.9`, seconds(6) + minutes(2 * i) + j * 100),
          ),
        ).flat(),
        ...idle,
      ],
    },
    'a sensor that does not see connections': { records: signal(20) },
    'names without a connection in mind': {
      records: [
        ...work(10),
        ...[
          'files.office.local',
          'sample.spamhaus.org',
          'wpad',
          '9.0.0.10.in-addr.arpa',
          '*.example.org',
        ].flatMap((query) => times(6, (i) => told(query, '151.101.9.9', seconds(30) + minutes(i)))),
        ...idle,
      ],
    },
    'names that do not exist, and answers that are no public address': {
      records: [
        ...work(10),
        ...times(6, (i) =>
          dns({ query: 'a.example.net', rcode: 'NXDOMAIN', answers: [], ...at(seconds(30) + minutes(i)) }),
        ),
        ...times(6, (i) => told('b.example.net', '0.0.0.0', seconds(31) + minutes(i))),
        ...times(6, (i) => told('c.example.net', '10.0.0.7', seconds(32) + minutes(i))),
        ...idle,
      ],
    },
    'a name of the house, by its zone': {
      config: { exempt: ['example.net'] },
      records: [...work(10), ...signal(10), ...idle],
    },
    'five questions, where six are asked for': {
      config: { asked: 6 },
      records: [...work(10), ...signal(5), ...idle],
    },
    'a host that seldom connects, where it must often': {
      config: { minUsedShare: 0.99 },
      records: [...work(10), ...signal(10), ...idle],
    },
    'a host that connected to ten names, where twenty are asked for': {
      config: { minUsed: 20 },
      records: [...work(10), ...signal(10), ...idle],
    },
  },
  loud: {
    'a name that is asked for every two minutes and never used': {
      records: [...work(10), ...signal(10), ...idle],
      evidence: [
        {
          type: 'DNS_WITHOUT_CONNECTION',
          level: 'info',
          confidence: 0.8,
          victim: 'sync.example.net',
          tsMs: startMs + seconds(30),
          facts: { asked: 10, addresses: 1 },
          uids: 10,
        },
      ],
    },
    'a connection that comes too late': {
      config: { waitMinutes: 5 },
      records: [...work(10), ...signal(3, minutes(1)), open('151.101.9.9', minutes(20)), ...idle],
      evidence: [{ facts: { asked: 3 } }],
    },
    'twenty names, as far as they are told of': {
      config: { perWindow: 4 },
      records: [
        ...work(30),
        ...times(20, (i) =>
          times(3, (j) => told(`n${i}.example.net`, `151.101.${i}.9`, minutes(1) + minutes(j * 2) + i * 100)),
        ).flat(),
        ...idle,
      ],
      evidence: times(4, () => ({ facts: { asked: 3 } })),
    },
    'hundreds of long names with many addresses, in bounded memory': {
      config: { asked: 1, minUsed: 1, minUsedShare: 0, perWindow: 1 },
      records: [
        ...work(2),
        ...times(220, (i) =>
          dns({
            query: `${'x'.repeat(240)}${i}.example.net`,
            qtype: 'AAAA',
            answers: times(
              20,
              (j) => `2a0e:${(i + 1).toString(16)}:1111:2222:3333:4444:5555:${(j + 1).toString(16)}`,
            ),
            ...at(seconds(30) + i),
          }),
        ),
        ...idle,
      ],
      evidence: [{ facts: { asked: 1 } }],
    },
  },
})
