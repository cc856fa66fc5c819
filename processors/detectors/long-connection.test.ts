import { conn, hours, seconds, startMs } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { longConnection } from './long-connection.ts'

testDetector(longConnection, {
  quiet: {
    'a short connection': { records: [conn()] },
    'a connection of exactly 25 minutes': { records: [conn({ durationMs: seconds(1_500) })] },
    'a long announcement to a group': {
      records: [conn({ durationMs: hours(3), proto: 'udp', dstIp: '239.255.255.250', dstPort: 1_900 })],
    },
    'a long broadcast': { records: [conn({ durationMs: hours(3), proto: 'udp', dstIp: '255.255.255.255' })] },
    'a duration that is not known': { records: [conn({ durationMs: Number.NaN, observedMs: startMs })] },
    'an hour, where a day is asked for': {
      config: { minSeconds: 86_400 },
      records: [conn({ durationMs: hours(1) })],
    },
  },
  loud: {
    'an hour and a second': {
      records: [conn({ durationMs: seconds(3_601), uid: 'CLONG' })],
      evidence: [
        {
          type: 'LONG_CONNECTION',
          level: 'low',
          confidence: 0.04,
          victim: '10.0.0.1',
          facts: { durationMinutes: 60 },
        },
      ],
    },
    'two days are certain': { records: [conn({ durationMs: hours(48) })], evidence: [{ confidence: 1 }] },
    'told of while it lasts and when it ends, said once': {
      records: [
        conn({ uid: 'CSAME', tsMs: startMs, durationMs: hours(1) }),
        conn({ uid: 'CSAME', tsMs: startMs, durationMs: hours(2) }),
      ],
      evidence: [{ facts: { durationMinutes: 60 } }],
    },
    'two connections': {
      records: [conn({ durationMs: hours(1) }), conn({ durationMs: hours(2) })],
      evidence: [{ facts: { durationMinutes: 60 } }, { facts: { durationMinutes: 120 } }],
    },
  },
})
