import { conn, hours, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dnsOverHttps } from './dns-over-https.ts'

const resolver = '1.1.1.1'
const flow = (more: Parameters<typeof conn>[0] = {}) =>
  conn({ dstIp: resolver, dstPort: 443, service: 'ssl', ...more })

testDetector(dnsOverHttps, {
  quiet: {
    'ordinary sites, and names that only look alike': {
      records: ['www.example.com', 'notdns.google', 'dns.google.example.net', ''].map((serverName) =>
        tls({ serverName }),
      ),
    },
    'plain DNS and other ports of a public resolver': {
      records: [
        flow({ dstPort: 53, proto: 'udp' }),
        flow({ dstPort: 853 }),
        tls({ dstIp: resolver, dstPort: 853, serverName: '' }),
      ],
    },
    'a connection that nobody spoke on': {
      records: [flow({ established: false }), flow({ srcBytes: 0, dstBytes: 0 })],
    },
    'a sensor that says it is none': { records: [tls({ isDoh: false })] },
    'another list of names': {
      config: { servers: ['doh.example'] },
      records: [tls({ serverName: 'dns.google' })],
    },
    'addresses do not count here': {
      config: { byAddress: false },
      records: [flow(), tls({ dstIp: resolver, serverName: '' })],
    },
  },
  loud: {
    'by name, below it and in capitals': {
      records: [
        tls({ serverName: 'mozilla.cloudflare-dns.com' }),
        tls({ serverName: 'DNS.Google', dstIp: '203.0.113.8' }),
      ],
      evidence: [
        {
          level: 'info',
          confidence: 0.9,
          profile: '10.0.0.9',
          victim: '93.184.216.34',
          facts: { serverName: 'mozilla.cloudflare-dns.com', toldBySensor: false },
        },
        { victim: '203.0.113.8' },
      ],
    },
    'by the sensor': { records: [tls({ isDoh: true })], evidence: [{ facts: { toldBySensor: true } }] },
    'by address, in flows of any sensor': {
      records: [
        flow({ source: 'argus', service: '', srcPkts: 12, dstPkts: 10, srcBytes: 2_400, dstBytes: 6_100 }),
      ],
      evidence: [{ victim: resolver, facts: { serverName: '' } }],
    },
    'once for the session and its connection, in each of two windows': {
      records: times(8, (i) => {
        const tsMs = startMs + (i < 4 ? 0 : hours(1)) + i
        return i % 2 === 0 ? tls({ dstIp: resolver, serverName: 'one.one.one.one', tsMs }) : flow({ tsMs })
      }),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'thousands of servers under one name, in bounded memory': {
      records: times(3_000, (i) =>
        tls({
          dstIp: `2001:db8:1111:2222:3333:4444:${(i >> 8).toString(16)}:${i & 255}`,
          serverName: 'dns.nextdns.io',
        }),
      ),
      evidence: times(50, () => ({ level: 'info' }) as const),
    },
  },
})
