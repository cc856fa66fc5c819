import { conn, dns, listed, minutes, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { contactListedLater } from './contact-listed-later.ts'

const server = '93.184.216.34'
const after = (n: number, record = conn({ dstIp: '8.8.4.4' })) => ({
  ...record,
  tsMs: startMs + minutes(n),
  observedMs: startMs + minutes(n),
})

testDetector(contactListedLater, {
  quiet: {
    'no feed that could say more later': {
      records: [conn({ dstIp: server }), after(20)],
      intel: [listed('ip', server)],
    },
    'what was listed before is the business of others': {
      records: [conn({ dstIp: server }), after(20)],
      intel: [listed('ip', server)],
      listedAfter: { records: 1, intel: [listed('ip', '198.51.101.7')] },
    },
    'a contact of an earlier window': {
      records: [conn({ dstIp: server }), after(70), after(80)],
      listedAfter: { records: 2, intel: [listed('ip', server)] },
    },
    'beyond what is remembered': {
      config: { contacts: 2 },
      records: [...times(4, (i) => conn({ dstIp: `93.184.216.${i}` })), after(20)],
      listedAfter: { records: 4, intel: [listed('ip', '93.184.216.3')] },
    },
    'hosts of the house': {
      records: [conn({ dstIp: '10.0.0.77' }), after(20)],
      listedAfter: { records: 1, intel: [listed('range', '10.0.0.0/24')] },
    },
  },
  loud: {
    'an address of the window under way, with how often it was met': {
      records: [conn({ dstIp: server }), conn({ dstIp: server }), after(20)],
      listedAfter: { records: 2, intel: [listed('ip', server, { level: 'critical', confidence: 1 })] },
      evidence: [
        {
          type: 'THREAT_INTELLIGENCE_SEEN_BEFORE_LISTED',
          profile: '10.0.0.9',
          level: 'low',
          confidence: 0.8,
          victim: server,
          facts: { times: 2, seenBeforeListed: true },
        },
      ],
    },
    'names, at the level of the feed, once': {
      config: { share: 0.5, everyMinutes: 1 },
      records: [
        dns({ query: 'a.Evil.example.com' }),
        tls({ serverName: 'other.example.net' }),
        after(3),
        after(6),
      ],
      listedAfter: {
        records: 2,
        intel: [listed('domain', 'evil.example.com', { level: 'high', confidence: 1 })],
      },
      evidence: [{ level: 'high', confidence: 0.5, victim: 'a.evil.example.com' }],
    },
  },
})
