import { dns, hours, http, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { pastebinHttpDownload } from './pastebin-http-download.ts'

const fetched = (more: Parameters<typeof http>[0] = {}) =>
  http({ host: 'pastebin.com', uri: '/raw/8Qh2', responseBytes: 2_000, ...more })

testDetector(pastebinHttpDownload, {
  quiet: {
    'other sites, and names that only look alike': {
      records: ['www.example.com', 'notpastebin.com', 'pastebin.com.example.net', ''].map((host) =>
        fetched({ host }),
      ),
    },
    'redirects and errors are small': { records: [fetched({ responseBytes: 699 })] },
    'texts that are left there': { records: [fetched({ method: 'POST' })] },
    'an address with a name of its own in the request': {
      records: [dns({ query: 'pastebin.com' }), fetched({ host: 'www.example.com' })],
    },
    'larger downloads are asked for': { config: { minBytes: 5_000 }, records: [fetched()] },
    'another list of sites': { config: { sites: ['paste.example'] }, records: [fetched()] },
    'fewer than are asked for': { config: { steps: [2] }, records: [fetched()] },
  },
  loud: {
    'a text of just that size, by name': {
      records: [fetched({ responseBytes: 700 })],
      evidence: [{ level: 'info', confidence: 1, victim: null, facts: { site: 'pastebin.com', bytes: 700 } }],
    },
    'below the name, in capitals': {
      records: [fetched({ host: 'Raw.Pastebin.com.' })],
      evidence: [{ facts: { site: 'raw.pastebin.com' } }],
    },
    'by the address that the name was resolved to': {
      records: [dns({ query: 'pastebin.com' }), fetched({ host: '93.184.216.34' })],
      evidence: [{ facts: { site: 'pastebin.com' } }],
    },
    'ten times, in two windows': {
      records: times(12, (i) => fetched({ tsMs: startMs + (i < 10 ? 0 : hours(1)) + i })),
      evidence: [1, 10, 1].map((downloads) => ({ facts: { downloads } })),
    },
    'thousands of names, in bounded memory': {
      records: times(2_000, (i) => fetched({ host: `${'x'.repeat(200)}${i}.pastebin.com` })),
      evidence: times(20, () => ({ level: 'info' }) as const),
    },
  },
})
