import { conn, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { longContact } from './long-contact.ts'

/** Connections of an hour, one after the other. */
const stretches = (n: number, given: Parameters<typeof conn>[0] = {}) =>
  times(n, (i) =>
    conn({
      dstIp: '93.184.216.34',
      srcPort: 40_000 + i,
      tsMs: startMs + i * minutes(62),
      durationMs: hours(1),
      ...given,
    }),
  )

testDetector(longContact, {
  quiet: {
    'a server of the same IPv6 subnet': {
      records: stretches(10, { srcIp: '2a01:4f8:1:2::9', dstIp: '2a01:4f8:1:2::5' }),
    },
    'three hours': { records: stretches(3) },
    'one connection of five hours': { records: stretches(1, { durationMs: hours(5) }) },
    'ten connections of an hour at the same time': { records: stretches(10, { tsMs: startMs }) },
    'a server of the house': { records: stretches(10, { dstIp: '10.0.0.5' }) },
    'a group': { records: stretches(10, { dstIp: '239.1.2.3', proto: 'udp' }) },
    'hundreds of connections of less than a minute': {
      records: times(600, (i) =>
        conn({ dstIp: '93.184.216.34', tsMs: startMs + i * minutes(1), durationMs: 59_000 }),
      ),
    },
    'an hour now and then, days apart': {
      records: times(6, (i) =>
        conn({ dstIp: '93.184.216.34', tsMs: startMs + hours(9 * i), durationMs: hours(1) }),
      ),
    },
    'where only a day is worth saying': { config: { hours: [24] }, records: stretches(9) },
    'where none may stand out': { config: { mostOfOne: 0.1 }, records: stretches(6) },
  },
  loud: {
    'four hours and eight in connections of an hour': {
      records: stretches(9),
      evidence: [
        {
          type: 'LONG_CONTACT',
          level: 'low',
          victim: '93.184.216.34',
          facts: { hours: 4, connections: 4, longestMinutes: 60 },
        },
        { facts: { hours: 8, connections: 8 } },
      ],
    },
    'amid a thousand hosts': {
      records: times(1_000, (i) => i).flatMap((i) => [
        conn({
          dstIp: `93.185.${i % 250}.${1 + Math.floor(i / 250)}`,
          durationMs: minutes(2),
          tsMs: startMs + i * 15_000,
        }),
        ...(i % 200 === 0 ? [stretches(5)[i / 200] ?? conn()] : []),
      ]),
      evidence: [{ victim: '93.184.216.34', facts: { hours: 4 } }],
    },
  },
})
