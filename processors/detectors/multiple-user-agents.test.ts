import { hours, http, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { multipleUserAgents } from './multiple-user-agents.ts'

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0'
const linux = 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/110.0'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15'
const as = (userAgent: string, more: Parameters<typeof http>[0] = {}) => http({ userAgent, ...more })

testDetector(multipleUserAgents, {
  quiet: {
    'many programs of one system': {
      records: [windows, 'Microsoft-CryptoAPI/10.0', 'Microsoft BITS/7.8', windows.replace('125', '126')].map(
        (agent) => as(agent),
      ),
    },
    'names that say nothing of a system': {
      records: [windows, 'curl/8.5.0', '', 'Update-Agent/10.0'].map((agent) => as(agent)),
    },
    'consoles and televisions': {
      records: [windows, 'Mozilla/5.0 (PlayStation; PlayStation 5/4.51)'].map((agent) => as(agent)),
    },
    'another system in the next window': {
      records: [as(windows, { tsMs: startMs }), as(linux, { tsMs: startMs + hours(1) })],
    },
    'a lab in which Linux does not count': {
      config: { exempt: ['linux'] },
      records: [as(windows), as(linux)],
    },
  },
  loud: {
    'a second system, once': {
      records: times(20, (i) => as(i % 2 === 0 ? windows : linux)),
      evidence: [
        {
          level: 'info',
          confidence: 1,
          victim: null,
          facts: { system: 'linux', formerSystem: 'windows', systems: 2 },
        },
      ],
    },
    'a third one': {
      records: [as(windows), as(linux), as(iphone)],
      evidence: [
        { facts: { system: 'linux' } },
        { facts: { system: 'apple', formerSystem: 'windows', systems: 3 } },
      ],
    },
    'again in another window': {
      records: times(4, (i) =>
        as(i % 2 === 0 ? windows : linux, { tsMs: startMs + (i < 2 ? 0 : hours(1)) + i }),
      ),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
    'names without end, in bounded memory': {
      records: times(500, (i) =>
        as(`${['Windows', 'Android', 'iPad', 'CrOS', 'Linux'][i % 5]} ${'ñ'.repeat(900)}${i}`),
      ),
      evidence: times(4, () => ({ level: 'info' }) as const),
    },
  },
})
