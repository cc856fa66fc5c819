import { conn, listed, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedSource } from './listed-source.ts'

const bad = '44.4.4.9'
const from = (given = {}) => conn({ srcIp: bad, dstIp: '10.0.0.1', dstPort: 443, ...given })

testDetector(listedSource, {
  quiet: {
    'no feed at all': { records: [from()] },
    'sources that are not listed': { intel: [listed('ip', '44.4.4.8')], records: [from()] },
    'exits of Tor, which are said as such': {
      intel: [listed('ip', bad, { level: 'info', tags: ['tor'] })],
      records: [from()],
    },
  },
  loud: {
    'a listed address was answered': {
      intel: [listed('ip', bad)],
      records: [from()],
      evidence: [
        {
          profile: bad,
          level: 'high',
          confidence: 1,
          attacker: bad,
          victim: '10.0.0.1',
          facts: { answered: true },
        },
      ],
    },
    'a listed scanner that nobody answers weighs nothing, until one does': {
      intel: [listed('range', '44.4.4.0/24', { level: 'medium', confidence: 0.5 })],
      records: [
        ...times(50, (i) => from({ dstIp: `10.0.0.${i}`, established: false })),
        from({ established: true }),
      ],
      evidence: [
        { level: 'info', facts: { times: 1, answered: false } },
        { level: 'info', facts: { times: 10 } },
        { level: 'medium', confidence: 0.5, facts: { times: 1, answered: true, listed: '44.4.4.0/24' } },
      ],
    },
    'steps of the operator': {
      intel: [listed('ip', bad)],
      config: { steps: [3] },
      records: times(3, () => from()),
      evidence: [{ level: 'high', facts: { times: 3 } }],
    },
  },
})
