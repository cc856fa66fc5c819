import { dns, listed, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedNameResolved } from './listed-name-resolved.ts'

const intel = [listed('domain', 'evil.example.com')]

testDetector(listedNameResolved, {
  quiet: {
    'no feed at all': { records: [dns({ query: 'evil.example.com' })] },
    'names that are not listed': { intel, records: [dns({ query: 'www.example.com' })] },
    'a listed name that nobody answers': {
      intel,
      records: [dns({ query: 'evil.example.com', answers: [], rcode: 'NXDOMAIN' })],
    },
    'a listed name that a filter sends nowhere': {
      intel,
      records: [
        dns({ query: 'evil.example.com', answers: ['0.0.0.0'] }),
        dns({ query: 'evil.example.com', answers: ['10.0.0.1'] }),
      ],
    },
  },
  loud: {
    'a listed name with an address': {
      intel,
      records: times(3, () =>
        dns({ query: 'Evil.example.com', answers: ['cdn.example.net', '93.184.216.9'] }),
      ),
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'low',
          confidence: 1,
          victim: 'evil.example.com',
          facts: { answer: '93.184.216.9' },
        },
        { profile: '93.184.216.9', level: 'high', attacker: '93.184.216.9', victim: '10.0.0.9' },
      ],
    },
    'every address of an answer': {
      intel,
      records: [dns({ query: 'evil.example.com', answers: ['93.184.216.9', '93.184.216.10', '10.0.0.1'] })],
      evidence: [9, 10].flatMap((n) => [
        { level: 'low', facts: { answer: `93.184.216.${n}` } } as const,
        { level: 'high', profile: `93.184.216.${n}` } as const,
      ]),
    },
    'a name below, as it was set': {
      intel,
      config: { belowShare: 0.5, steps: [2] },
      records: times(2, () => dns({ query: 'a.evil.example.com' })),
      evidence: [
        { level: 'low', confidence: 0.5, facts: { times: 2 } },
        { level: 'high', confidence: 0.5 },
      ],
    },
  },
})
