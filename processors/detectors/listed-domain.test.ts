import { dns, http, listed, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedDomain } from './listed-domain.ts'

testDetector(listedDomain, {
  quiet: {
    'no feed at all': { records: [dns({ query: 'evil.example.com' })] },
    'names that only look alike': {
      intel: [listed('domain', 'evil.example.com'), listed('ip', '93.184.216.34')],
      records: ['example.com', 'notevil.example.com', 'evil.example.com.net', 'com', ''].flatMap((name) => [
        dns({ query: name }),
        tls({ serverName: name }),
        http({ host: name }),
      ]),
    },
  },
  loud: {
    'the name itself, in any spelling, in three protocols, once': {
      intel: [listed('domain', 'evil.example.com', { level: 'critical' })],
      records: [
        dns({ query: 'EVIL.example.com.' }),
        tls({ serverName: 'evil.example.com' }),
        http({ host: 'Evil.Example.Com:8080' }),
      ],
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'critical',
          confidence: 1,
          victim: 'evil.example.com',
          facts: { isBelow: false, seenIn: 'dns', times: 1 },
        },
        {
          profile: '93.184.216.34',
          level: 'critical',
          attacker: 'evil.example.com',
          victim: '10.0.0.9',
        },
      ],
    },
    'a name below: the longest listed one is meant, with less confidence': {
      intel: [listed('domain', 'example.com', { level: 'critical' }), listed('domain', 'b.example.com')],
      records: [tls({ serverName: 'a.b.example.com' })],
      evidence: [
        {
          level: 'high',
          confidence: 0.7,
          victim: 'a.b.example.com',
          facts: { listed: 'b.example.com', isBelow: true },
        },
        { confidence: 0.7, attacker: 'a.b.example.com', victim: '10.0.0.9' },
      ],
    },
    'less confidence still, as it was set': {
      intel: [listed('domain', 'example.com', { confidence: 0.5 })],
      config: { belowShare: 0.5, steps: [1] },
      records: times(20, (i) => dns({ query: `h${i}.example.com`, answers: [] })),
      evidence: [{ confidence: 0.25, facts: { times: 1 } }],
    },
    'two hosts, one name': {
      intel: [listed('domain', 'evil.example.com')],
      records: [
        dns({ query: 'evil.example.com', answers: ['10.0.0.80'] }),
        dns({ query: 'evil.example.com', answers: [], srcIp: '10.0.0.10' }),
      ],
      evidence: [{ profile: '10.0.0.9' }, { profile: '10.0.0.10' }],
    },
  },
})
