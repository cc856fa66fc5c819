import { conn, dns, hours, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { pastebinTlsDownload } from './pastebin-tls-download.ts'

const session = (uid: string, more: Parameters<typeof tls>[0] = {}) =>
  tls({ uid, serverName: 'pastebin.com', ...more })
const flow = (uid: string, more: Parameters<typeof conn>[0] = {}) =>
  conn({ uid, dstIp: '93.184.216.34', dstPort: 443, service: 'ssl', dstBytes: 9_000, ...more })

testDetector(pastebinTlsDownload, {
  quiet: {
    'other sites, and names that only look alike': {
      records: ['www.example.com', 'notpastebin.com', 'pastebin.com.example.net', ''].flatMap(
        (serverName, i) => [session(`C${i}`, { serverName }), flow(`C${i}`)],
      ),
    },
    'a session whose connection is never told of': { records: times(3, (i) => session(`C${i}`)) },
    'hardly more than the handshake': { records: [session('C1'), flow('C1', { dstBytes: 3_699 })] },
    'a neighbour on the same address': {
      records: [dns({ query: 'pastebin.com' }), flow('C1'), session('C2')],
    },
    'larger downloads are asked for': { config: { minBytes: 9_000 }, records: [session('C1'), flow('C1')] },
    'another list of sites': { config: { sites: ['paste.example'] }, records: [session('C1'), flow('C1')] },
    'fewer than are asked for': { config: { steps: [2] }, records: [session('C1'), flow('C1')] },
  },
  loud: {
    'the session first': {
      records: [session('C1', { serverName: 'Raw.Pastebin.com' }), flow('C1', { dstBytes: 3_700 })],
      evidence: [
        { level: 'info', confidence: 1, victim: null, facts: { site: 'raw.pastebin.com', bytes: 3_700 } },
      ],
    },
    'the connection first': {
      records: [dns({ query: 'pastebin.com' }), flow('C1'), session('C1')],
      evidence: [{ facts: { site: 'pastebin.com', bytes: 9_000 } }],
    },
    'ten times, in two windows': {
      records: times(12, (i) => {
        const tsMs = startMs + (i < 10 ? 0 : hours(1)) + i
        return [session(`C${i}`, { tsMs }), flow(`C${i}`, { tsMs })]
      }).flat(),
      evidence: [1, 10, 1].map((downloads) => ({ facts: { downloads } })),
    },
    'thousands of names, in bounded memory': {
      records: times(2_000, (i) => {
        const serverName = `${'x'.repeat(200)}${i}.pastebin.com`
        return [session(`C${i}`, { serverName }), flow(`C${i}`), session(`D${i}`, { serverName })]
      }).flat(),
      evidence: times(20, () => ({ level: 'info' }) as const),
    },
  },
})
