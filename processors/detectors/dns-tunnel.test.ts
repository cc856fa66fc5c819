import { createHash } from 'node:crypto'
import { dns, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dnsTunnel } from './dns-tunnel.ts'

/** Random to look at, the same in every run. */
const code = (i: number) => createHash('sha256').update(String(i)).digest('hex').slice(0, 40)

const names = (n: number, zone: string, given: Parameters<typeof dns>[0] = {}, label = code) =>
  times(n, (i) => dns({ query: `${label(i)}.${zone}`, ...given }))

/** As an encoder of 32 characters makes them: random to look at, and half as long as is asked of the others. */
const short = (i: number) => {
  const digest = createHash('sha256').update(`short ${i}`).digest()
  return Array.from(digest.subarray(0, 13), (byte) => 'abcdefghijklmnopqrstuvwxyz234567'[byte % 32]).join('')
}

/** Four bytes a name. */
const tiny = (i: number) => code(i).slice(0, 8)

/** Many names below each of many domains, asked in turn. */
const spread = (domains: number, namesEach: number) =>
  times(domains * namesEach, (i) => dns({ query: `${code(i)}.site-${i % domains}.net` }))

testDetector(dnsTunnel, {
  quiet: {
    'thousands of very short names, short of what is asked of any': {
      records: names(2_900, 'example.net', {}, tiny),
    },
    'very short names by the thousand in a zone that is known to have them': {
      records: names(4_000, 'zen.spamhaus.org', {}, (i) => `${i % 250}.${i >> 8}.7.9`),
    },
    'the names of a large house, where more are asked for': {
      config: { manyNames: [5_000] },
      records: names(4_000, 'example.org', {}, (i) => `srv-web-${i}.berlin`),
    },
    'nine random names below each of three hundred domains': { records: spread(300, 9) },
    'forty ordinary long names below each of a hundred domains': {
      records: times(4_000, (i) =>
        dns({ query: `images-${i}.static-content.morning-table.site-${i % 100}.net` }),
      ),
    },
    'nine hundred random names over twenty domains': { records: spread(20, 45) },
    'names over a hundred domains, where more are asked for': {
      config: { spreadNames: [5_000] },
      records: spread(100, 45),
    },
    'forty-nine names': { records: names(49, 'example.net') },
    'one name, a thousand times': { records: times(1_000, () => dns({ query: `${code(1)}.example.net` })) },
    'four hundred short random names': { records: names(400, 't.example.net', {}, short) },
    'hosts by the thousand that are numbered or named': {
      records: [
        ...names(1_000, 'corp.example.com', {}, (i) => `workstation-${1_000 + i}`),
        ...names(1_000, 'example.org', {}, (i) => `srv-web-${1_000 + i}.berlin`),
      ],
    },
    'short random names, where more are asked for': {
      config: { shortNames: [1_200] },
      records: names(1_000, 't.example.net', {}, short),
    },
    'short names of many hosts': { records: names(300, 'example.net', {}, (i) => `host-${i}`) },
    'long names made of a word': {
      records: names(100, 'example.net', {}, (i) => 'a'.repeat(20 + (i % 30)) + String(i)),
    },
    'three hundred domains': { records: times(300, (i) => dns({ query: `${code(i)}.site-${i}.net` })) },
    'names of one provider that belong to many': {
      records: times(300, (i) => dns({ query: `${code(i)}.bucket-${i}.s3.amazonaws.com` })),
    },
    'reputation that is asked by hash': { records: names(300, 'hashes.sophosxl.net') },
    'names of devices in the house': {
      records: names(300, 'local', { dstIp: '224.0.0.251', dstPort: 5_353 }),
    },
    'names of printers asked of a neighbour at the port of multicast DNS': {
      records: names(300, 'example.net', { dstIp: '10.0.0.40', dstPort: 5_353 }),
    },
    'addresses in reverse': {
      records: times(300, (i) => dns({ query: `${i % 250}.${i % 7}.168.192.in-addr.arpa` })),
    },
    'addresses that a mail server asks known lists for, and one that is not known': {
      records: times(1_600, (i) => [
        dns({ query: `${i % 250}.${i % 199}.${i % 7}.${1 + (i % 220)}.zen.spamhaus.org` }),
        dns({ query: `${i % 250}.${i % 199}.${i % 7}.${1 + (i % 220)}.rbl.example.net` }),
      ]).flat(),
    },
    'a zone that is exempt': { config: { exempt: ['example.net'] }, records: names(100, 'example.net') },
    'where longer names are asked for': {
      config: { charactersPerName: 60 },
      records: names(100, 'example.net'),
    },
    'where more entropy is asked for': {
      config: { bitsPerCharacter: 4.5 },
      records: names(100, 'example.net'),
    },
  },
  loud: {
    "names asked of a tunnel's own server at the port of multicast DNS": {
      records: names(50, 'example.net', { dstIp: '93.184.216.34', dstPort: 5_353 }),
      evidence: [{ level: 'medium' }],
    },
    'names asked from the port of multicast DNS': {
      records: names(50, 'example.net', { srcPort: 5_353 }),
      evidence: [{ level: 'medium' }],
    },
    'six thousand names made of nothing, and a tunnel after them': {
      records: [
        ...times(6_000, (i) => dns({ query: `aaaaaa${String(i).padStart(6, 'a')}.decoy-${i % 3}.net` })),
        ...names(60, 'example.net'),
      ],
      evidence: [{ facts: { domain: 'example.net', names: 50 } }],
    },
    'a tunnel amid ever new names made of nothing': {
      records: times(9_000, (i) =>
        i % 90 === 0
          ? dns({ query: `${code(i)}.example.net` })
          : dns({ query: `aaaaaa${String(i).padStart(6, 'a')}.decoy-${i % 40}.net` }),
      ),
      evidence: [{ facts: { domain: 'example.net', names: 50 } }],
    },
    'fifty names': {
      records: names(50, 'example.net'),
      evidence: [
        {
          type: 'DNS_TUNNEL',
          level: 'medium',
          confidence: 0.6,
          victim: null,
          facts: { domain: 'example.net', names: 50, charactersPerName: 40, dataTypeQueries: 0 },
        },
      ],
    },
    'with an address in front, as if lists were asked': {
      records: names(60, 'example.net', {}, (i) => `1.1.1.1.${code(i)}`),
      evidence: [{ level: 'medium', facts: { names: 50 } }],
    },
    'a suffix of two labels, in TXT': {
      records: names(60, 't.example.co.uk', { qtype: 'TXT' }),
      evidence: [{ facts: { domain: 'example.co.uk', dataTypeQueries: 50 } }],
    },
    'thousands, said three times': {
      records: names(5_000, 'example.net'),
      evidence: [
        { level: 'medium', facts: { names: 50 } },
        { level: 'high', facts: { names: 200 } },
        { level: 'high', confidence: 0.9, facts: { names: 1_000 } },
      ],
    },
    'two thousand short random names, one a second': {
      records: names(2_000, 't.example.net', {}, short),
      evidence: [
        { level: 'medium', confidence: 0.5, facts: { names: 500, charactersPerName: 15 } },
        { level: 'high', confidence: 0.6, facts: { names: 1_500 } },
      ],
    },
    'twelve thousand names of four bytes each': {
      records: names(12_000, 'example.net', {}, tiny),
      evidence: [
        { level: 'medium', confidence: 0.4, facts: { names: 3_000, charactersPerName: 8 } },
        { level: 'medium', confidence: 0.6, facts: { names: 10_000 } },
      ],
    },
    'four bytes each that are written as an address in front of an unknown zone': {
      records: names(10_500, 'example.net', {}, (i) => `${i % 250}.${(i >> 8) % 250}.${i % 7}.9`),
      evidence: [
        { level: 'medium', confidence: 0.4, facts: { names: 3_000 } },
        { level: 'medium', confidence: 0.6, facts: { names: 10_000 } },
      ],
    },
    'names of four letters below a short domain': {
      config: { manyNames: [1_000] },
      records: names(1_100, 'x.co', {}, (i) => i.toString(36)),
      evidence: [{ facts: { domain: 'x.co', names: 1_000 } }],
    },
    'random names of eight characters, where these are long enough': {
      config: { shortCharacters: 8, shortBitsPerCharacter: 2, randomShare: 0.5 },
      records: names(600, 'example.net', {}, tiny),
      evidence: [{ level: 'medium', facts: { names: 500 } }],
    },
    'hosts that are numbered, where words count too': {
      config: { randomShare: 0 },
      records: names(600, 'example.com', {}, (i) => `workstation-${1_000 + i}`),
      evidence: [{ level: 'medium', facts: { names: 500 } }],
    },
    'nine thousand names over two hundred domains, none of which has fifty': {
      records: spread(200, 45),
      evidence: [
        { level: 'medium', confidence: 0.6, facts: { names: 1_000, domains: 100 } },
        { level: 'high', confidence: 0.7, facts: { names: 5_000, domains: 200 } },
      ],
    },
    'amid a thousand other domains': {
      records: times(3_000, (i) => i).flatMap((i) => [
        dns({ query: `${code(i)}.site-${i}.net` }),
        ...(i % 50 === 0 ? [dns({ query: `${code(i)}.example.net` })] : []),
      ]),
      evidence: [{ facts: { domain: 'example.net' } }],
    },
    'ten names, where that is asked for': {
      config: { names: [10] },
      records: names(12, 'example.net'),
      evidence: [{ level: 'medium' }],
    },
  },
})
