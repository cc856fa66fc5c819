import { days, dns, hours, listed, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { youngDomain } from './young-domain.ts'

const day = (beforeDays: number): string =>
  `registered:${new Date(startMs - days(beforeDays)).toISOString().slice(0, 10)}`
const young = (tags: readonly string[], value = 'parcel-77.com') =>
  listed('domain', value, { level: 'info', tags: [...tags] })
const query = 'login.parcel-77.com'

testDetector(youngDomain, {
  quiet: {
    'names that nobody lists': {
      intel: [young([day(3)])],
      records: [dns(), dns({ query: 'parcel-78.com' })],
    },
    'listed for something else': {
      intel: [listed('domain', 'parcel-77.com', { tags: ['c2'] })],
      records: [dns({ query })],
    },
    'of age, and not yet registered': {
      intel: [young([day(60)]), young([day(-2)], 'later.example')],
      records: [dns({ query }), dns({ query: 'later.example' })],
    },
    'of age here': { config: { days: 5 }, intel: [young([day(6)])], records: [dns({ query })] },
    'a date counts more than the tag beside it': {
      intel: [young([day(400), 'nrd'])],
      records: [dns({ query })],
    },
    'a question that nothing has answered yet': {
      intel: [young(['nrd'])],
      records: [dns({ query, rcode: '', answers: [] })],
    },
    'another tag': { config: { tags: ['fresh'] }, intel: [young(['nrd'])], records: [dns({ query })] },
  },
  loud: {
    'by the day it was registered': {
      intel: [young([day(3)])],
      records: [dns({ query: 'Login.Parcel-77.com.' })],
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'info',
          victim: query,
          facts: { domain: 'parcel-77.com', ageDays: 3, answer: '93.184.216.34' },
        },
        { profile: '93.184.216.34', level: 'low', attacker: '93.184.216.34', victim: null },
      ],
    },
    'by a tag, without an answer': {
      intel: [young(['newly-registered'])],
      records: [dns({ query, answers: [], rcode: 'NXDOMAIN' })],
      evidence: [{ level: 'info' }],
    },
    'on the last day': {
      intel: [young([day(59)])],
      records: [dns({ query, answers: [] })],
      evidence: [{ facts: { ageDays: 59 } }],
    },
    'once for each domain and window, and again at each step': {
      config: { steps: [1, 3] },
      intel: [young(['nrd'])],
      records: [
        ...times(4, (i) => dns({ query: `n-${i}.parcel-77.com`, answers: [] })),
        dns({ query, answers: [], tsMs: startMs + hours(1) }),
      ],
      evidence: [{ facts: { times: 1 } }, { facts: { times: 3 } }, { windowStartMs: startMs + hours(1) }],
    },
    'domains by the thousand, in bounded memory': {
      intel: times(2_000, (i) => young(['nrd'], `n-${i}.example`)),
      records: times(2_000, (i) => dns({ query: `n-${i}.example`, answers: [] })),
      evidence: times(200, () => ({ level: 'info' }) as const),
    },
  },
})
