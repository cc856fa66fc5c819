import { conn, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { connectionStillOpen } from './connection-still-open.ts'

/** One record for each five minutes of a connection, as flow sensors write them. */
const pieces = (n: number, given: Parameters<typeof conn>[0] = {}) =>
  times(n, (i) =>
    conn({
      dstIp: '93.184.216.34',
      source: 'argus',
      state: 'CON',
      tsMs: startMs + i * minutes(5),
      durationMs: minutes(5),
      srcBytes: 100,
      dstBytes: 50,
      ...given,
    }),
  )

testDetector(connectionStillOpen, {
  quiet: {
    'fifty-five minutes in pieces': { records: pieces(11) },
    'one record of five hours': { records: [conn({ durationMs: hours(5) })] },
    'a client port that is used again the next hour': {
      records: times(5, (i) => conn({ durationMs: minutes(5), tsMs: startMs + hours(i) })),
    },
    'many connections of a client that follow each other': {
      records: times(40, (i) => conn({ ...pieces(40)[i], srcPort: 40_000 + i })),
    },
    'short records of one pair of ports': { records: pieces(40, { durationMs: 900 }) },
    'a group': { records: pieces(40, { dstIp: '239.1.2.3', proto: 'udp' }) },
    'where only a day is worth saying': { config: { hours: [24] }, records: pieces(100) },
  },
  loud: {
    'an hour in pieces': {
      records: pieces(13),
      evidence: [
        {
          type: 'OPEN_CONNECTION',
          level: 'low',
          victim: '93.184.216.34',
          facts: { hours: 1, records: 12, bytesSent: 1_200, bytesReceived: 600 },
        },
      ],
    },
    'an hour and four in pieces': {
      records: pieces(60),
      evidence: [{ facts: { hours: 1 } }, { facts: { hours: 4 } }],
    },
    'records that grow, as Zeek writes of connections still open': {
      records: times(6, (i) =>
        conn({
          dstIp: '93.184.216.34',
          state: 'S1',
          uid: 'COPEN',
          tsMs: startMs,
          durationMs: hours(1 + i),
          srcBytes: 1_000 * (i + 1),
        }),
      ),
      evidence: [{ facts: { hours: 2, bytesSent: 2_000 } }, { facts: { hours: 4, bytesSent: 4_000 } }],
    },
    'records of Suricata, whose ends are where the next begins': {
      records: pieces(13, { source: 'suricata', state: 'established', durationMs: minutes(4.9) }),
      evidence: [{ facts: { state: 'established' } }],
    },
    'amid a thousand other long connections': {
      records: times(1_300, (i) => i).flatMap((i) => [
        conn({
          dstIp: `93.185.${i % 250}.${1 + Math.floor(i / 250)}`,
          durationMs: minutes(5),
          tsMs: startMs + i * 3_000,
        }),
        ...(i % 100 === 0 ? [pieces(13)[i / 100] ?? conn()] : []),
      ]),
      evidence: [{ victim: '93.184.216.34' }],
    },
  },
})
