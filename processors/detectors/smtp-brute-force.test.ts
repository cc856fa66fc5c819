import { hours, minutes, seconds, smtp, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { smtpBruteForce } from './smtp-brute-force.ts'

const refused = (afterMs: number, more: Parameters<typeof smtp>[0] = {}) =>
  smtp({ lastReply: '535 5.7.8 Authentication failed', tsMs: startMs + afterMs, ...more })

testDetector(smtpBruteForce, {
  quiet: {
    'two wrong passwords in a row': { records: [refused(0), refused(seconds(2))] },
    'three, as fast as a person types': { records: times(3, (i) => refused(i * seconds(6))) },
    'a device with an old password, day and night': { records: times(100, (i) => refused(i * minutes(5))) },
    'a program with three accounts, each at its own server': {
      records: times(3, (i) => refused(i * 200, { dstIp: `10.0.0.${i + 1}` })),
    },
    'mail that is taken, however fast': { records: times(100, () => smtp()) },
    'six refusals by only two servers': {
      config: { logins: 4 },
      records: times(6, (i) => refused(i * 500, { dstIp: `10.0.0.${(i % 2) + 1}` })),
    },
    'six refusals by three servers where ten are asked for': {
      config: { loginsOverall: 10 },
      records: times(6, (i) => refused(i * 500, { dstIp: `10.0.0.${(i % 3) + 1}` })),
    },
    'three, where the span is shorter': {
      config: { spanSeconds: 3 },
      records: times(3, (i) => refused(i * seconds(2))),
    },
    'a wording that was taken off the list': {
      config: { texts: ['no such account'] },
      records: times(9, (i) => refused(i * 100, { lastReply: '554 5.7.1 bad smtp-auth user' })),
    },
  },
  loud: {
    'three within ten seconds': {
      records: times(3, (i) => refused(i * seconds(5))),
      evidence: [
        { level: 'high', confidence: 0.8, victim: '10.0.0.1', uids: 3, facts: { refusedLogins: 3 } },
      ],
    },
    'as many as can be asked for, at one server': {
      config: { logins: 64, minServers: 64 },
      records: times(64, (i) => refused(i * 100)),
      evidence: [{ confidence: 0.8, facts: { refusedLogins: 64 } }],
    },
    'as many as can be asked for, over as many servers': {
      config: { loginsOverall: 64, minServers: 64 },
      records: times(64, (i) => refused(i * 100, { dstIp: `10.0.0.${i + 1}` })),
      evidence: [{ victim: null, facts: { refusedLogins: 64, servers: 64 } }],
    },
    'the one in the middle is told last': {
      records: [refused(0), refused(seconds(9)), refused(seconds(4))],
      evidence: [{ facts: { refusedLogins: 3 } }],
    },
    'three minutes of guessing': {
      records: times(180, (i) => refused(i * seconds(1))),
      evidence: [
        { confidence: 0.8, facts: { refusedLogins: 3 } },
        ...[6, 12, 24, 48, 96].map((refusedLogins) => ({ confidence: 1, facts: { refusedLogins } })),
      ],
    },
    'one guess at each of many servers': {
      records: times(20, (i) => refused(i * 300, { dstIp: `10.0.0.${i + 1}` })),
      evidence: [
        { victim: null, facts: { refusedLogins: 6, servers: 6 } },
        { victim: null, facts: { refusedLogins: 12, servers: 12 } },
      ],
    },
    'two servers are enough when that is asked': {
      config: { minServers: 2, logins: 9 },
      records: times(6, (i) => refused(i * 300, { dstIp: `10.0.0.${(i % 2) + 1}` })),
      evidence: [{ facts: { servers: 2 } }],
    },
    'a second burst after a long silence counts anew': {
      config: { gapSeconds: 1_200 },
      records: [...times(3, (i) => refused(i * 500)), ...times(3, (i) => refused(hours(1) + i * 500))],
      evidence: [
        { windowStartMs: startMs, facts: { refusedLogins: 3 } },
        { windowStartMs: startMs + hours(1), facts: { refusedLogins: 3 } },
      ],
    },
    'more servers than are remembered, in bounded memory': {
      config: { logins: 3, loginsOverall: 64 },
      records: times(3_000, (i) =>
        refused(Math.floor(i / 15) * seconds(4) + i, {
          dstIp: `10.0.0.${Math.floor(i / 15) % 200}`,
          uid: `${'C'.repeat(58)}${i}`,
        }),
      ),
      evidence: times(200 * 3, () => ({ level: 'high' }) as const),
    },
  },
})
