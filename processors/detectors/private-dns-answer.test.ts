import { dns, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { privateDnsAnswer } from './private-dns-answer.ts'

const open = '9.9.9.9'

testDetector(privateDnsAnswer, {
  quiet: {
    'public answers': {
      records: times(40, (i) => dns({ dstIp: open, answers: ['cdn.example.net', `93.184.216.${i}`] })),
    },
    'names of the place': {
      records: [
        'nas.lan',
        'printer.local',
        'gw.home.arpa',
        'db.corp',
        'localhost',
        'wpad',
        'Files.Internal.',
        'dns.msftncsi.com',
        '9.0.0.10.in-addr.arpa',
      ].map((query) => dns({ query, answers: ['10.0.0.5'] })),
    },
    'a zone of the place that was named': {
      config: { internalZones: ['inside.example.com'] },
      records: times(20, (i) => dns({ query: `srv-${i}.inside.example.com`, answers: ['10.0.0.5'] })),
    },
    'reputation lists answer with codes': {
      records: [
        dns({ query: '4.3.2.1.zen.spamhaus.org', answers: ['127.0.0.2', '127.0.0.10'] }),
        dns({ query: '4.3.2.1.list.example.net', answers: ['127.0.0.3'] }),
        dns({ query: 'shop.example.multi.uribl.com', answers: ['127.0.0.1'] }),
      ],
    },
    'a list of codes that was named': {
      config: { reputationZones: ['codes.example'] },
      records: [dns({ query: 'shop.example.codes.example', answers: ['127.0.0.7'] })],
    },
    'texts that begin or end like addresses': {
      records: [dns({ dstIp: open, qtype: 'TXT', answers: ['TXT 8 10.0.0.5', '10 mail.example.com'] })],
    },
    'shared addresses of providers are not private': {
      records: [dns({ dstIp: open, answers: ['100.64.0.9'] })],
    },
    'a router that answers privately twice, where rebinding is told from the third time': {
      config: { steps: [3, 10] },
      records: times(2, () => dns({ dstIp: open, query: 'a.example.com', answers: ['192.168.1.1'] })),
    },
  },
  loud: {
    'an ad blocker': {
      records: ['0.0.0.0', '::', '127.0.0.1', '0.0.0.0', '0.0.0.0'].map((answer, i) =>
        dns({ query: `ads.site-${i === 4 ? 0 : i}.com`, answers: [answer] }),
      ),
      evidence: times(4, () => ({ level: 'info', confidence: 0.8, facts: { reason: 'sinkhole' } }) as const),
    },
    'a name with an address in front that is sent to the host itself, which no list answers': {
      records: [dns({ query: '1.1.1.1.c2.example.com', answers: ['127.0.0.1'] })],
      evidence: [{ level: 'info', facts: { reason: 'sinkhole' } }],
    },
    'a product that asks for reputation by names of one domain, with a count': {
      records: times(120, (i) => dns({ query: `${i}x9f3.avqs.example.com`, answers: [`127.0.0.${i}`] })),
      evidence: [
        { level: 'info', facts: { times: 1, domain: 'example.com' } },
        { level: 'info', facts: { times: 100, domain: 'example.com' } },
      ],
    },
    'a resolver of the place that knows a public name differently': {
      records: times(30, () => dns({ query: 'intra.example.com', answers: ['192.168.1.5'] })),
      evidence: [
        { level: 'info', victim: 'intra.example.com', facts: { reason: 'internal-resolver', times: 1 } },
      ],
    },
    'a public resolver that sends a browser inside, and again': {
      records: times(25, () => dns({ dstIp: open, query: 'Rebind.example.com', answers: ['192.168.1.1'] })),
      evidence: [
        {
          level: 'low',
          confidence: 0.4,
          victim: 'rebind.example.com',
          facts: { reason: 'rebinding', times: 1, domain: 'example.com' },
        },
        { level: 'medium', facts: { times: 10 } },
      ],
    },
    'three databases of one provider that only the house reaches, asked for each minute': {
      records: times(90, (i) =>
        dns({ dstIp: open, query: `db${i % 3}.abcdef.rds.example.com`, answers: [`10.20.0.1${i % 3}`] }),
      ),
      evidence: [
        { level: 'low', facts: { times: 1 } },
        { level: 'medium', facts: { times: 10 } },
      ],
    },
    'several domains with a view for inside: one of a window weighs more': {
      records: times(60, (i) =>
        dns({ dstIp: open, query: `srv.company-${i % 4}.example`, answers: [`10.20.0.1${i % 4}`] }),
      ),
      evidence: [
        ...times(4, () => ({ level: 'low', facts: { times: 1 } }) as const),
        { level: 'medium', facts: { times: 10, domain: 'company-0.example' } },
        ...times(3, () => ({ level: 'low', facts: { times: 10 } }) as const),
      ],
    },
    'public and private in one answer': {
      records: [dns({ dstIp: open, query: 'rebind.example.com', answers: ['93.184.216.34', '10.0.0.1'] })],
      evidence: [{ level: 'medium', confidence: 0.6, facts: { answer: '10.0.0.1', mixedWithPublic: true } }],
    },
    'public and private in one answer, after private answers for other names of the domain': {
      records: [
        dns({ dstIp: open, query: 'intra.example.com', answers: ['10.0.0.2'] }),
        ...times(12, () =>
          dns({ dstIp: open, query: 'x.example.com', answers: ['93.184.216.34', '10.0.0.1'] }),
        ),
      ],
      evidence: [{ level: 'low' }, { level: 'medium', confidence: 0.6, facts: { mixedWithPublic: true } }],
    },
    'the same in two windows': {
      records: times(2, (i) =>
        dns({ tsMs: startMs + hours(i), dstIp: open, query: 'r.example.com', answers: ['fd00::1'] }),
      ),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'a long block list, in bounded memory': {
      config: { maxPerWindow: 400 },
      records: times(5_000, (i) => dns({ query: `ads.site-${i}.com`, answers: ['0.0.0.0'] })),
      evidence: times(400, () => ({ level: 'info' }) as const),
    },
    'the limit is for each reason': {
      config: { maxPerWindow: 2 },
      records: times(5, (i) => [
        dns({ query: `ads.site-${i}.com`, answers: ['0.0.0.0'] }),
        dns({ query: `rebind.example-${i}.com`, answers: ['10.0.0.77'], dstIp: open }),
      ]).flat(),
      evidence: [
        ...times(2, () => ({ facts: { reason: 'sinkhole' } })),
        ...times(2, () => ({ facts: { reason: 'rebinding' } })),
      ],
    },
  },
})
