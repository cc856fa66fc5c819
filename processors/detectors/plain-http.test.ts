import { conn, hours, http, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { plainHttp } from './plain-http.ts'

testDetector(plainHttp, {
  quiet: {
    'encrypted sessions': { records: times(20, () => tls()) },
    'connections to port 80 that say nothing of what they carry': { records: times(20, () => conn()) },
    'fewer requests than are asked for': { config: { steps: [50] }, records: times(49, () => http()) },
    'servers of the house': { records: times(20, () => http({ dstIp: '10.0.0.1' })) },
    'nothing is to be said': { config: { perWindow: 0 }, records: times(5, () => http()) },
  },
  loud: {
    'once for a server, and again when it is much': {
      records: times(150, () => http()),
      evidence: [
        {
          level: 'info',
          confidence: 1,
          victim: '93.184.216.34',
          facts: { requests: 1, host: 'www.example.com' },
        },
        { facts: { requests: 100 } },
      ],
    },
    'a server of the house, where they count': {
      config: { inside: true },
      records: times(20, () => http({ dstIp: '10.0.0.1', host: 'intranet.example' })),
      evidence: [{ victim: '10.0.0.1' }],
    },
    'the first server of each window': {
      records: times(8, (i) =>
        http({ dstIp: `93.184.216.${i % 4}`, tsMs: startMs + (i < 4 ? 0 : hours(1)) + i }),
      ),
      evidence: [{ windowStartMs: startMs, victim: '93.184.216.0' }, { windowStartMs: startMs + hours(1) }],
    },
    'each server and each window, where that is asked for': {
      config: { perWindow: 10 },
      records: times(8, (i) =>
        http({ dstIp: `93.184.216.${i % 2}`, tsMs: startMs + (i < 4 ? 0 : hours(1)) + i, host: '' }),
      ),
      evidence: times(4, (i) => ({ victim: `93.184.216.${i % 2}`, facts: { host: `93.184.216.${i % 2}` } })),
    },
    'a crawl of thousands of servers, in bounded memory': {
      config: { perWindow: 1_000 },
      records: times(4_000, (i) =>
        http({ dstIp: `2a00:1450:1111:2222:3333:4444:${(i >> 8).toString(16)}:${i & 255}` }),
      ),
      evidence: times(1_000, () => ({ level: 'info' }) as const),
    },
  },
})
