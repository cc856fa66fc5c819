import { hash } from 'node:crypto'
import { dns, hours, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dgaNxdomain } from './dga-nxdomain.ts'

const fails = (query: string, more: Parameters<typeof dns>[0] = {}) =>
  dns({ query, rcode: 'NXDOMAIN', answers: [], ttls: [], ...more })

const letters = 'bcdfghjklmnpqrstvwxzaeiou'
const random = (i: number): string =>
  [...hash('sha256', `name ${i}`, 'hex').slice(0, 24)]
    .map((digit, at) => letters[(Number.parseInt(digit, 16) * 7 + at + i) % 19])
    .join('')
const words = (i: number): string =>
  `${['silver', 'morning', 'open', 'little'][i % 4]}${['river', 'table', 'mouse'][i % 3]}-${i % 10}${i}`

testDetector(dgaNxdomain, {
  quiet: {
    'nine domains that are gone': { records: times(9, (i) => fails(`${random(i)}.com`)) },
    'a wrong search suffix behind every name': {
      records: times(300, (i) => fails(`www.site-${i}.com.corp.example.com`)),
    },
    'names of devices that a search list leaves bare or puts under its own zones': {
      records: times(200, (i) =>
        fails(
          [`host-${i}`, `host-${i}.lan`, `host-${i}.local`, `${i}.0.0.10.in-addr.arpa`, `h-${i}.nosuchzone`][
            i % 5
          ] ?? '',
        ),
      ),
    },
    'questions whether mirrors publish their services': {
      records: times(200, (i) => fails(`_http._tcp.mirror-${i}.example-${i}.org`)),
    },
    'a mail server asks its lists': {
      records: times(400, (i) => fails(`${i % 250}.2.0.192.list-${i % 20}.net`)).concat(
        times(60, (i) => fails(`shop-${i}.example.dbl.spamhaus.org`)),
      ),
    },
    'names that exist, and servers that fail': {
      records: times(200, (i) =>
        dns({ query: `${random(i)}.com`, ...(i % 2 === 0 ? {} : { rcode: 'SERVFAIL', answers: [] }) }),
      ),
    },
    'a resolver of a large office: few of many questions fail': {
      records: times(1_500, (i) =>
        i % 40 === 0 ? fails(`${words(i)}.com`) : dns({ query: `site-${i}.example` }),
      ),
    },
    'zones that were exempted': {
      config: { exempt: ['com'] },
      records: times(60, (i) => fails(`${random(i)}.com`)),
    },
    'fourteen where twenty are asked for': {
      config: { steps: [20] },
      records: times(14, (i) => fails(`${random(i)}.com`)),
    },
  },
  loud: {
    'ten generated names': {
      records: times(10, (i) => fails(`${random(i)}.com`)),
      evidence: [
        {
          level: 'high',
          confidence: 0.4,
          victim: null,
          uids: 10,
          facts: { domains: 10, names: 10, randomLookingShare: 1 },
        },
      ],
    },
    'a hundred and twenty, each asked twice, among ordinary questions': {
      records: times(120, (i) => [
        fails(`${random(i)}.net.`),
        dns(),
        fails(`${random(i).toUpperCase()}.net`),
      ]).flat(),
      evidence: [10, 15, 20, 30, 50, 100].map((domains) => ({ facts: { domains, names: domains } })),
    },
    'generated names with an address in front, as if lists were asked': {
      records: times(10, (i) => fails(`1.1.1.1.${random(i)}.com`)),
      evidence: [{ level: 'high', facts: { domains: 10, randomLookingShare: 1 } }],
    },
    'the same of words: more lists than anybody asks': {
      records: times(34, (i) => fails(`1.1.1.1.${words(i)}.com`)),
      evidence: [{ facts: { domains: 10 } }],
    },
    'lists that are not known, where none is left out': {
      config: { unknownLists: 0 },
      records: times(40, (i) => fails(`${i}.2.0.192.list-${i % 10}.net`)),
      evidence: [{ facts: { domains: 10 } }],
    },
    'generated of words': {
      records: times(30, (i) => fails(`${words(i)}.com`)),
      evidence: [
        { confidence: 0.1, facts: { domains: 10, randomLookingShare: 0 } },
        { confidence: 0.15 },
        { confidence: 0.2 },
        { confidence: 0.3 },
      ],
    },
    'a resolver that asks many servers, of words: a hint, and once': {
      records: times(400, (i) => {
        const server = { dstIp: `190.5.${i % 20}.29` }
        return i % 9 === 0 ? fails(`${words(i)}.com`, server) : dns({ query: `site-${i}.example`, ...server })
      }),
      evidence: [
        { level: 'low', facts: { domains: 10, servers: 9 } },
        { level: 'info', facts: { domains: 15 } },
        { level: 'info', facts: { domains: 20 } },
        { level: 'info', facts: { domains: 30 } },
      ],
    },
    'the same of letters at random: somebody behind it looks for a command server': {
      records: times(90, (i) => fails(`${random(i)}.com`, { dstIp: `190.5.${i % 20}.29` })),
      evidence: [10, 15, 20, 30, 50].map((domains) => ({ level: 'high', facts: { domains } })),
    },
    'of words, asked of a few servers': {
      config: { steps: [30] },
      records: times(30, (i) => fails(`${words(i)}.com`, { dstIp: `190.5.${i % 8}.29` })),
      evidence: [{ level: 'high', facts: { servers: 8 } }],
    },
    'below the suffix of a provider of dynamic names': {
      records: times(12, (i) => fails(`${random(i)}.duckdns.org`)),
      evidence: [{ facts: { domains: 10 } }],
    },
    'a busy resolver that is asked to be told of': {
      config: { minFailedShare: 0.01, steps: [10] },
      records: times(600, (i) =>
        i % 40 === 0 ? fails(`${words(i)}.com`) : dns({ query: `site-${i}.example` }),
      ),
      evidence: [{ facts: { domains: 10 } }],
    },
    'each window counts for itself': {
      config: { steps: [12] },
      records: times(24, (i) => fails(`${random(i)}.com`, { tsMs: startMs + (i < 12 ? 0 : hours(1)) + i })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'ten thousand, in bounded memory': {
      config: { steps: [1_000] },
      records: times(10_000, (i) =>
        fails(`${random(i)}${i}.example-${random(i)}${i}.com`, { uid: `${'C'.repeat(58)}${i}` }),
      ),
      evidence: [{ confidence: 1, facts: { domains: 1_000 } }],
    },
  },
})
