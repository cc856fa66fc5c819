import { dns, minutes, seconds, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dnsReverseScan } from './dns-reverse-scan.ts'

const named = (query: string, given = {}) =>
  dns({ query, qtype: 'PTR', answers: [], rcode: 'NXDOMAIN', ...given })
const walk = (i: number, given = {}) => named(`${i % 256}.${i >> 8}.20.10.in-addr.arpa`, given)
/** Public addresses, each of another network. */
const scattered = (i: number) => named(`7.${i}.${50 + i}.93.in-addr.arpa`)
const six = (i: number) => {
  const digits = `fd20${'0'.repeat(24)}${i.toString(16).padStart(4, '0')}`
  return named(`${[...digits].reverse().join('.')}.ip6.arpa`)
}

testDetector(dnsReverseScan, {
  quiet: {
    'nine names at once': { records: times(9, (i) => walk(i)) },
    'one name again and again': { records: times(100, () => walk(7)) },
    'a hundred names, one a second': { records: times(100, (i) => walk(i, { tsMs: startMs + seconds(i) })) },
    'forward names in a burst': { records: times(100, (i) => dns({ query: `a${i}.example.com` })) },
    'names that end alike': { records: times(100, (i) => named(`1.2.3.${i}.in-addr.arpa.example.com`)) },
    'services found by DNS, and names of networks': {
      records: times(100, (i) =>
        named(i % 2 === 0 ? `lb._dns-sd._udp.${i}.0.0.10.in-addr.arpa` : `${i}.10.in-addr.arpa`),
      ),
    },
    'no address at all': { records: times(100, (i) => named(`${i + 256}.1.1.1.in-addr.arpa`)) },
    'nineteen names, where twenty are asked for': {
      config: { names: 20 },
      records: times(19, (i) => walk(i)),
    },
    'a shorter span': {
      config: { spanSeconds: 1 },
      records: times(30, (i) => walk(i, { tsMs: startMs + i * 150 })),
    },
  },
  loud: {
    'a walk through a network': {
      records: times(45, (i) => walk(i)),
      evidence: [
        {
          type: 'DNS_ARPA_SCAN',
          level: 'medium',
          confidence: 0.7,
          victim: null,
          facts: { names: 10, range: '10.20.0.0/24', neighbourShare: 1 },
          uids: 10,
        },
        { level: 'low', confidence: 0.5, facts: { names: 20 } },
        { level: 'low', facts: { names: 40 } },
      ],
    },
    'one early question does not hide the burst that follows it': {
      records: [walk(200), ...times(10, (i) => walk(i, { tsMs: startMs + minutes(5) + i * 50 }))],
      evidence: [{ facts: { names: 10 } }],
    },
    'a walk through a network of IPv6, asked in capitals and with a dot at the end': {
      records: times(10, (i) => {
        const record = six(i)
        return { ...record, query: `${record.query.toUpperCase()}.` }
      }),
      evidence: [{ level: 'medium', facts: { range: 'fd20:0000:0000:0000::/64' } }],
    },
    'scattered addresses of the internet are a hint': {
      records: times(12, (i) => scattered(i)),
      evidence: [{ level: 'low', confidence: 0.3, facts: { range: '' } }],
    },
    'scattered addresses, where they count as much': {
      config: { neighbourShare: 0 },
      records: times(12, (i) => scattered(i)),
      evidence: [{ level: 'medium', confidence: 0.7 }],
    },
    'twenty networks in one go, in bounded memory': {
      records: times(5_000, (i) => walk(i, { tsMs: startMs + i / 10 })),
      evidence: times(7, (i) => ({ facts: { names: 10 * 2 ** i } })),
    },
  },
})
