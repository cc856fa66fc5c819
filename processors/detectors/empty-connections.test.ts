import { hours, http, minutes, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { emptyConnections } from './empty-connections.ts'

const ask = (more: Parameters<typeof http>[0] = {}) =>
  http({ host: 'www.google.com', uri: '/', responseBytes: 0, ...more })
const redirected = (more: Parameters<typeof http>[0] = {}) =>
  ask({ responseBytes: 219, statusCode: 301, ...more })

testDetector(emptyConnections, {
  quiet: {
    'three requests': { records: times(3, () => ask()) },
    'other sites, and names that only look alike': {
      records: ['www.example.com', 'mail.google.com', 'google.com.example.net', '93.184.216.34', ''].flatMap(
        (host) => times(5, () => ask({ host })),
      ),
    },
    'a search page that is opened and used': {
      records: times(8, (i) => redirected({ uri: i % 2 === 0 ? '/' : '/search?q=weir' })),
    },
    'a browser that is sent to the encrypted pages': {
      records: times(6, () => [redirected(), tls({ serverName: 'www.google.com' })]).flat(),
    },
    'used before it was asked': {
      records: [tls({ serverName: 'google.com' }), ...times(6, () => redirected())],
    },
    'requests that carry something': { records: times(9, () => ask({ requestBytes: 30 })) },
    'four requests in each of two halves of windows': {
      records: times(6, (i) => ask({ tsMs: startMs + (i < 3 ? minutes(50) : hours(1)) + i })),
    },
    'five where six are asked for': { config: { requests: 6 }, records: times(5, () => ask()) },
    'another list of sites': { config: { sites: ['example.com'] }, records: times(5, () => ask()) },
  },
  loud: {
    'four that get nothing back, as soon as they are there': {
      records: times(9, (i) =>
        ask({ host: i % 2 === 0 ? 'google.com' : 'WWW.Google.com', tsMs: startMs + minutes(i) }),
      ),
      evidence: [
        {
          level: 'medium',
          confidence: 1,
          victim: null,
          tsMs: startMs + minutes(3),
          uids: 4,
          facts: { site: 'google.com', requests: 4 },
        },
      ],
    },
    'four that are answered and lead nowhere, once the window is over': {
      records: times(5, (i) => redirected({ host: 'yahoo.com', tsMs: startMs + minutes(10 * i) })),
      evidence: [{ confidence: 0.5, tsMs: startMs + minutes(40), facts: { requests: 5, emptyResponses: 0 } }],
    },
    'each site by itself, in two windows': {
      records: times(16, (i) =>
        ask({ host: i % 2 === 0 ? 'bing.com' : 'gmail.com', tsMs: startMs + (i < 8 ? 0 : hours(1)) + i }),
      ),
      evidence: times(4, (i) => ({ facts: { site: i % 2 === 0 ? 'bing.com' : 'gmail.com' } })),
    },
    'sites by the hundred, in bounded memory': {
      config: { sites: times(200, (i) => `site-${i}.example`) },
      records: times(2_000, (i) =>
        redirected({
          host: `site-${i % 200}.example`,
          userAgent: 'x'.repeat(500),
          uid: `${'C'.repeat(50)}${i}`,
        }),
      ),
      evidence: times(50, () => ({ confidence: 0.5 })),
    },
  },
})
