import { dns, listed, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedDnsAnswer } from './listed-dns-answer.ts'

testDetector(listedDnsAnswer, {
  quiet: {
    'no feed at all': { records: [dns()] },
    'answers that are not listed': {
      intel: [listed('ip', '44.4.4.4'), listed('domain', 'www.example.com')],
      records: [dns(), dns({ answers: ['10.0.0.1'] }), dns({ answers: [] })],
    },
    'a listed name in a text': {
      intel: [listed('domain', 'evil.example.com')],
      records: [dns({ qtype: 'TXT', answers: ['evil.example.com'] })],
    },
  },
  loud: {
    'an address, exactly or in a range': {
      intel: [listed('range', '44.4.4.0/24', { level: 'medium' })],
      records: [dns({ answers: ['93.184.216.34', '44.4.4.4'] })],
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'medium',
          confidence: 0.7,
          victim: '44.4.4.4',
          facts: { query: 'www.example.com', listed: '44.4.4.0/24' },
        },
        { profile: '44.4.4.4', level: 'medium', confidence: 1, attacker: '44.4.4.4', victim: '10.0.0.9' },
      ],
    },
    'another name, and one below a listed one': {
      intel: [listed('domain', 'evil.example.com'), listed('domain', 'worse.example.net')],
      records: [dns({ answers: ['Evil.example.com', 'x.worse.example.net', '93.184.216.34'] })],
      evidence: [
        { level: 'high', confidence: 1, victim: 'www.example.com', facts: { answer: 'evil.example.com' } },
        { level: 'high', confidence: 0.7, victim: 'www.example.com', facts: { listed: 'worse.example.net' } },
      ],
    },
    'shares and steps as they were set': {
      intel: [listed('domain', 'example.net'), listed('ip', '44.4.4.4')],
      config: { addressShare: 0.5, belowShare: 0.2, steps: [2] },
      records: times(2, () => dns({ answers: ['a.example.net', '44.4.4.4'] })),
      evidence: [{ confidence: 0.2 }, { confidence: 0.5, facts: { times: 2 } }, { confidence: 1 }],
    },
  },
})
