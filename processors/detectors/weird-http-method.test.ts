import { hours, http, startMs, times, weird } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { weirdHttpMethod } from './weird-http-method.ts'

const odd = (addl: string, name = 'unknown_HTTP_method') => weird({ name, addl })

testDetector(weirdHttpMethod, {
  quiet: {
    'methods that exist, in any case, and none': {
      records: ['GET', 'POST', 'HEAD', 'OPTIONS', 'PROPFIND', 'M-SEARCH', 'get', 'RPC_IN_DATA', ''].map(
        (method) => http({ method }),
      ),
    },
    'other oddities': { records: times(10, () => odd('', 'data_before_established')) },
    'oddities of one host alone': {
      records: [weird({ name: 'unknown_HTTP_method', addl: 'FOO', dstIp: '' })],
    },
    'a method of the house': { config: { known: ['GET', 'FOO'] }, records: [http({ method: 'FOO' })] },
    'a sensor whose oddities are not asked': { config: { names: [] }, records: [odd('FOO')] },
    'fewer than are asked for': { config: { steps: [3] }, records: times(2, () => http({ method: 'FOO' })) },
  },
  loud: {
    'in the log of requests': {
      records: [http({ method: 'HELO', host: 'a.example' })],
      evidence: [
        {
          level: 'medium',
          confidence: 0.9,
          victim: '93.184.216.34',
          facts: { method: 'HELO', host: 'a.example' },
        },
      ],
    },
    'in the log of oddities': {
      records: [odd('XYZZY')],
      evidence: [
        { attacker: '10.0.0.9', victim: '10.0.0.1', facts: { method: 'XYZZY', toldBy: 'oddities' } },
      ],
    },
    'in both it is one finding': {
      records: [odd('FOO'), http({ method: 'FOO' })],
      evidence: [{ facts: { method: 'FOO' } }],
    },
    'a hundred requests, in two windows': {
      records: times(110, (i) => http({ method: 'FOO', tsMs: startMs + (i < 100 ? 0 : hours(1)) + i })),
      evidence: [1, 10, 100, 1, 10].map((requests) => ({ facts: { requests } })),
    },
    'a scanner that makes methods up, in bounded memory': {
      records: times(3_000, (i) => http({ method: `${i}${'ñ'.repeat(400)}` })),
      evidence: times(20, () => ({ level: 'medium' }) as const),
    },
  },
})
