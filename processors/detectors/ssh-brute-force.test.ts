import { conn, hours, minutes, notice, seconds, software, ssh, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { sshBruteForce } from './ssh-brute-force.ts'

const fails = (afterMs: number, more: Parameters<typeof ssh>[0] = {}) =>
  ssh({ authSuccess: false, authAttempts: 1, client: '', tsMs: startMs + afterMs, ...more })
const works = (afterMs: number, more: Parameters<typeof ssh>[0] = {}) =>
  ssh({ authSuccess: true, authAttempts: 2, client: '', tsMs: startMs + afterMs, ...more })
/** As a flow sensor sees a failed login: short, a few thousand bytes, always about the same. */
const flow = (afterMs: number, more: Parameters<typeof conn>[0] = {}) =>
  conn({
    source: 'argus',
    dstPort: 22,
    state: 'FSPA_FSPA',
    durationMs: 3_000,
    srcBytes: 1_900,
    dstBytes: 2_600,
    tsMs: startMs + afterMs,
    ...more,
  })
/** A session on a port of its own, of which Argus tells bytes on the wire: about 1,750 and 1,850 of payload. */
const hidden = (afterMs: number, more: Parameters<typeof conn>[0] = {}) =>
  conn({
    source: 'argus',
    dstPort: 10_022,
    srcPort: 40_000 + (Math.floor(afterMs / 10) % 20_000),
    state: 'FSPA_FSPA',
    durationMs: 3_000,
    srcPkts: 12,
    srcBytes: 2_544,
    dstPkts: 10,
    dstBytes: 2_507,
    tsMs: startMs + afterMs,
    ...more,
  })
/** As Suricata tells of one session: no result, and a connection with the same id. */
const session = (i: number, everyMs: number, more: Parameters<typeof conn>[0] = {}) => [
  ssh({ source: 'suricata', uid: `S${i}`, tsMs: startMs + i * everyMs }),
  flow(i * everyMs, { source: 'suricata', state: 'closed', service: 'ssh', uid: `S${i}`, ...more }),
]

testDetector(sshBruteForce, {
  quiet: {
    'a login that works an hour after a few servers refused': {
      records: [
        ...times(9, (i) => fails(seconds(i), { dstIp: `10.1.0.${i + 1}` })),
        works(seconds(30), { dstIp: '10.2.0.1' }),
      ],
    },
    'a person who mistypes eight times': { records: times(8, (i) => fails(seconds(5) * i)) },
    'an administrator at work all day': {
      records: times(300, (i) => [
        works(minutes(2) * i, { uid: `S${i}` }),
        flow(minutes(2) * i, { source: 'zeek', uid: `S${i}` }),
      ]).flat(),
    },
    'a job of many short logins, of which the sensor tells that they work': {
      records: times(60, (i) => [
        works(seconds(3) * i, { uid: `S${i}` }),
        flow(seconds(3) * i, { source: 'zeek', service: 'ssh', uid: `S${i}` }),
      ]).flat(),
    },
    'many failures, but with an hour and more between them': {
      records: times(30, (i) => fails(minutes(61) * i)),
    },
    'a job every ten minutes, of which the sensor cannot tell the result': {
      records: times(100, (i) => session(i, minutes(10))).flat(),
    },
    'a login that works among many the sensor cannot read': {
      records: [...times(60, (i) => ssh({ tsMs: startMs + seconds(i) })), works(minutes(2))].filter(
        (_, i) => i % 3 === 0,
      ),
    },
    'copies of many files, one session each': {
      records: times(60, (i) => flow(seconds(2) * i, { dstBytes: 40_000 })),
    },
    'health checks that read the banner every two seconds': {
      records: times(200, (i) => flow(seconds(2) * i, { srcBytes: 60, dstBytes: 400, durationMs: 20 })),
    },
    'commands whose output is of any size': {
      records: times(60, (i) =>
        flow(seconds(3) * i, { dstBytes: 200 + (i % 7 === 0 ? 8_000 : (i % 5) * 300), srcBytes: 900 }),
      ),
    },
    'one long session that the flow sensor cuts into pieces': {
      records: times(200, (i) =>
        flow(seconds(5) * i, { state: 'PA_PA', srcPort: 50_001, durationMs: 5_000 }),
      ),
    },
    'a port scan': {
      records: times(200, (i) =>
        flow(10 * i, { established: false, state: 'S_RA', srcBytes: 60, dstBytes: 60 }),
      ),
    },
    'long sessions': { records: times(20, (i) => flow(seconds(5) * i, { durationMs: minutes(5) })) },
    'long sessions, by a shorter measure': {
      config: { maxSessionSeconds: 2 },
      records: times(30, (i) => flow(seconds(5) * i)),
    },
    'programs that poll a web server over TLS on a port of its own': {
      records: times(300, (i) =>
        hidden(seconds(1) * i, { durationMs: 80, srcBytes: 2_100, dstBytes: 5_900, dstPkts: 11 }),
      ),
    },
    'the same over a slow line, whose answers are larger than the questions': {
      records: times(300, (i) => hidden(seconds(1) * i, { durationMs: 900, dstBytes: 5_900, dstPkts: 11 })),
    },
    'services that show each other certificates, ten times a second': {
      records: times(300, (i) => hidden(100 * i, { durationMs: 60 })),
    },
    'agents that hold a connection until there is news': {
      records: times(60, (i) => hidden(seconds(2) * i, { durationMs: seconds(30) })),
    },
    'a pool of connections to a database on a port of its own': {
      records: times(40, (i) =>
        hidden(100 * i, { durationMs: minutes(10), srcBytes: 900_000, dstBytes: 4_000_000 }),
      ),
    },
    'short sessions of a database': {
      records: times(300, (i) => hidden(200 * i, { srcBytes: 1_100, dstBytes: 1_400 })),
    },
    'keep-alives of a connection, cut into pieces by the flow sensor': {
      records: times(200, (i) => hidden(seconds(5) * i, { srcPort: 50_001 })),
    },
    'pieces of many connections that last': {
      records: times(200, (i) => hidden(seconds(1) * i, { state: 'CON' })),
    },
    'monitoring every ten seconds': { records: times(500, (i) => hidden(seconds(10) * i)) },
    'requests of any size': {
      records: times(60, (i) => hidden(seconds(1) * i, { srcBytes: 2_000 + 150 * ((7 * i) % 10) })),
    },
    'eight sessions of one size': { records: times(8, (i) => hidden(seconds(1) * i)) },
    'the same sessions on a port that services have': {
      records: times(60, (i) => hidden(seconds(1) * i, { dstPort: [445, 3_306, 8_443][i % 3] ?? 445 })),
    },
    'the same sessions, in which a sensor looked for SSH and found none': {
      records: times(60, (i) => hidden(seconds(1) * i, { source: 'zeek', history: 'ShADadFf' })),
    },
    'a client that signs on twice for each piece of work': {
      records: times(60, (i) => hidden(seconds(1) * i, i % 3 === 2 ? { dstBytes: 300_000 } : {})),
    },
    'guesses that are slow, few, long, short, large, small or unlike by these settings': {
      config: {
        burstSessions: 12,
        burstSeconds: 20,
        minGuessSeconds: 2,
        maxGuessSeconds: 5,
        minGuessBytes: 1_500,
        maxGuessBytes: 2_500,
        burstSpread: 0.01,
      },
      records: [
        ...times(40, (i) => hidden(seconds(2) * i, { dstIp: '10.0.1.1' })),
        ...times(11, (i) => hidden(seconds(1) * i, { dstIp: '10.0.1.2' })),
        ...times(40, (i) => hidden(seconds(1) * i, { dstIp: '10.0.1.3', durationMs: 6_000 })),
        ...times(40, (i) => hidden(seconds(1) * i, { dstIp: '10.0.1.4', durationMs: 1_000 })),
        ...times(40, (i) => hidden(seconds(1) * i, { dstIp: '10.0.1.5', dstBytes: 3_300 })),
        ...times(40, (i) => hidden(seconds(1) * i, { dstIp: '10.0.1.6', srcBytes: 2_100, dstBytes: 2_000 })),
        ...times(40, (i) =>
          hidden(seconds(1) * i, { dstIp: '10.0.1.7', srcBytes: i % 2 === 0 ? 2_500 : 2_600 }),
        ),
      ],
    },
    'a wrong key on nine servers': { records: times(9, (i) => fails(100 * i, { dstIp: `10.0.1.${i}` })) },
    'twelve attempts where fifteen are asked for': {
      config: { minAttempts: 15 },
      records: times(12, (i) => fails(seconds(1) * i)),
    },
    'sessions on a port that is not taken for SSH': {
      config: { ports: [2_200] },
      records: times(30, (i) => flow(seconds(5) * i)),
    },
    'sessions that are fast, but not fast enough, few enough, large enough or alike enough for these settings':
      {
        config: { sessionsPerMinute: 30, minSessions: 12, minSessionBytes: 3_000, maxSpread: 0.1 },
        records: [
          ...times(40, (i) => flow(seconds(5) * i, { dstIp: '10.0.1.1' })),
          ...times(11, (i) => flow(seconds(1) * i, { dstIp: '10.0.1.2' })),
          ...times(40, (i) => flow(seconds(1) * i, { dstIp: '10.0.1.3', dstBytes: 1_000 })),
          ...times(40, (i) =>
            flow(seconds(1) * i, { dstIp: '10.0.1.4', dstBytes: 2_600 + 200 * ((7 * i) % 20) }),
          ),
        ],
      },
  },
  loud: {
    'a login that works after three hundred servers, of which the first are forgotten': {
      config: { minServers: 300 },
      records: [
        ...times(300, (i) => fails(seconds(i), { dstIp: `10.1.${i >> 8}.${i & 255}` })),
        works(seconds(400), { dstIp: '10.1.0.5' }),
      ],
      evidence: [
        { facts: { servers: 300 } },
        { level: 'high', confidence: 0.5, victim: '10.1.0.5', facts: { attempts: 0, serversFailed: 300 } },
      ],
    },
    'logins that work at others during a spray, five of which are said': {
      config: { minServers: 20 },
      records: [
        ...times(20, (i) => fails(seconds(i), { dstIp: `10.1.0.${i + 1}` })),
        ...times(9, (i) => works(seconds(30 + i), { dstIp: `10.2.0.${i + 1}` })),
      ],
      evidence: [
        { facts: { servers: 20 } },
        ...times(5, () => ({ level: 'high' as const, confidence: 0.5 })),
      ],
    },
    'forty guesses on one server': {
      records: times(40, (i) => fails(seconds(3) * i)),
      evidence: [
        {
          level: 'medium',
          confidence: 0.5,
          victim: '10.0.0.1',
          uids: 9,
          facts: { attempts: 9, dstPort: 22 },
        },
        { confidence: 0.52, facts: { attempts: 10 } },
        { confidence: 0.56, facts: { attempts: 12 } },
        { confidence: 0.63, facts: { attempts: 16 } },
        { confidence: 0.79, uids: 20, facts: { attempts: 24 } },
        { confidence: 1, facts: { attempts: 40, durationSeconds: 117 } },
      ],
    },
    'a session with many attempts jumps over points': {
      records: times(4, (i) => fails(seconds(10) * i, { authAttempts: 6 })),
      evidence: [{ facts: { attempts: 12 } }, { facts: { attempts: 18 } }, { facts: { attempts: 24 } }],
    },
    'slow guesses over the border of two windows': {
      records: times(9, (i) => fails(minutes(20) * i)),
      evidence: [{ windowStartMs: startMs + hours(2), facts: { attempts: 9 } }],
    },
    'the same, told apart by a shorter gap': {
      config: { gapSeconds: 60 },
      records: times(19, (i) => fails((i < 9 ? 0 : hours(1)) + seconds(1) * i)),
      evidence: [{ facts: { attempts: 9 } }, { facts: { attempts: 9 } }, { facts: { attempts: 10 } }],
    },
    'a library as the client adds to the confidence': {
      records: times(9, (i) => fails(seconds(1) * i, { client: 'SSH-2.0-libssh2_1.10' })),
      evidence: [{ confidence: 0.57 }],
    },
    'a banner of the software log adds more, and a notice makes it certain': {
      records: [
        software({ tsMs: startMs, softwareType: 'SSH::CLIENT', unparsedVersion: 'SSH-2.0-paramiko_3.4' }),
        ...times(9, (i) => fails(seconds(1) * i)),
        notice({
          tsMs: startMs + seconds(10),
          dstIp: '',
          note: 'SSH::Password_Guessing',
          message: '10.0.0.9 appears to be guessing SSH passwords (seen in 30 connections).',
        }),
        fails(seconds(11)),
      ],
      evidence: [
        { confidence: 0.6, facts: { client: 'SSH-2.0-paramiko_3.4' } },
        { confidence: 1, facts: { attempts: 10, confirmedConnections: 30 } },
      ],
    },
    'the connections of the same sessions do not count twice': {
      records: times(9, (i) => [
        flow(seconds(2) * i, { source: 'zeek', service: 'ssh', uid: `S${i}` }),
        fails(seconds(2) * i, { uid: `S${i}` }),
      ]).flat(),
      evidence: [{ level: 'medium', facts: { attempts: 9 } }],
    },
    'a login works after the guesses': {
      records: [...times(9, (i) => fails(seconds(1) * i)), works(seconds(20)), works(seconds(30))],
      evidence: [
        { level: 'medium', facts: { attempts: 9 } },
        { level: 'high', confidence: 0.5, victim: '10.0.0.1', uids: 10, facts: { attempts: 9 } },
      ],
    },
    'one guess on each of many servers, and one of them works': {
      config: { minServers: 5 },
      records: [
        ...times(12, (i) => fails(seconds(1) * i, { dstIp: `10.0.1.${i}` })),
        works(seconds(20), { dstIp: '10.0.1.3' }),
      ],
      evidence: [
        { level: 'medium', confidence: 0.6, victim: null, uids: 5, facts: { servers: 5 } },
        { confidence: 0.8, facts: { servers: 10 } },
        { level: 'high', victim: '10.0.1.3', facts: { attempts: 1 } },
      ],
    },
    'a flow sensor sees short sessions that are alike': {
      records: times(12, (i) => flow(seconds(10) * i)),
      evidence: [
        { level: 'low', confidence: 0.3, uids: 10, facts: { sessions: 10, meanBytes: 4_500 } },
        { level: 'low', confidence: 0.31, facts: { sessions: 11 } },
      ],
    },
    'forty sessions of one size on a port that no service has': {
      records: times(40, (i) => hidden(250 * i)),
      evidence: [
        {
          type: 'PASSWORD_GUESSING',
          level: 'medium',
          confidence: 0.4,
          victim: '10.0.0.1',
          uids: 9,
          facts: { sessions: 9, dstPort: 10_022, byFlowsAlone: true, meanPayloadSent: 1_752 },
        },
        { level: 'medium', confidence: 0.6, facts: { sessions: 18 } },
        { level: 'medium', confidence: 0.7, uids: 20, facts: { sessions: 36, durationSeconds: 9 } },
      ],
    },
    'the same, of which the server turns some away and lets one in': {
      records: times(40, (i) =>
        hidden(
          250 * i,
          i % 3 === 1
            ? { srcPkts: 4, srcBytes: 296, dstPkts: 4, dstBytes: 282, durationMs: 7 }
            : i === 30
              ? { srcBytes: 30_000 }
              : {},
        ),
      ),
      evidence: [{ facts: { sessions: 9 } }, { facts: { sessions: 18, largerSessions: 0 } }],
    },
    'sessions in a word of Argus, on a port whose clients keep theirs': {
      records: times(9, (i) => hidden(seconds(2) * i, { dstPort: 902, state: 'FIN' })),
      evidence: [{ facts: { dstPort: 902 } }],
    },
    'sessions as NetFlow counts them': {
      records: times(9, (i) =>
        hidden(seconds(2) * i, { source: 'nfdump', state: '...AP.SF', srcBytes: 2_376, dstBytes: 2_367 }),
      ),
      evidence: [{ facts: { meanPayloadSent: 1_752 } }],
    },
    'guesses on the port of SSH, each too small to be a login': {
      records: times(20, (i) => hidden(seconds(2) * i, { dstPort: 22, state: 'FIN' })),
      evidence: [
        { level: 'medium', confidence: 0.4, facts: { sessions: 9, dstPort: 22 } },
        { level: 'medium', facts: { sessions: 18 } },
      ],
    },
    'jobs of many short logins, each of which carries more than one that is refused, stay low': {
      records: times(12, (i) =>
        hidden(seconds(1) * i, { dstPort: 22, srcPkts: 20, srcBytes: 4_100, dstPkts: 18, dstBytes: 4_300 }),
      ),
      evidence: [
        { level: 'low', facts: { sessions: 10 } },
        { level: 'low', facts: { sessions: 11 } },
      ],
    },
    'monitoring for an hour, then guesses: what came before does not count': {
      records: [
        ...times(120, (i) => hidden(seconds(30) * i)),
        ...times(12, (i) => hidden(hours(1) + seconds(1) * i)),
      ],
      evidence: [{ windowStartMs: startMs + hours(1), facts: { sessions: 9 } }],
    },
    'a sensor without results sees the same': {
      records: times(10, (i) => session(i, seconds(5))).flat(),
      evidence: [{ level: 'low', facts: { sessions: 10, connections: 10 } }],
    },
    'a sensor without results and connections needs three times as many': {
      records: times(31, (i) => ssh({ source: 'suricata', tsMs: startMs + seconds(2) * i })),
      evidence: [{ level: 'low', facts: { sessions: 30, connections: 0 } }],
    },
    'sessions that are larger, by a larger measure': {
      config: { maxSessionBytes: 30_000 },
      records: times(10, (i) => flow(seconds(5) * i, { dstBytes: 20_000 })),
      evidence: [{ facts: { meanBytes: 21_900 } }],
    },
    'many servers, each guessed at, in bounded memory': {
      config: { minServers: 100_000 },
      records: times(9 * 300, (i) =>
        fails(10 * i, {
          dstIp: `2001:db8:aaaa:bbbb:cccc:dddd:eeee:${(Math.floor(i / 9) + 4_096).toString(16)}`,
          uid: `${'C'.repeat(58)}${i}`,
        }),
      ),
      evidence: times(300, () => ({ level: 'medium', facts: { attempts: 9 } }) as const),
    },
    'sessions on more ports than are remembered, in bounded memory': {
      config: { burstSessions: 40 },
      records: times(200 * 40, (i) =>
        hidden(100 * i, {
          dstIp: `2001:db8:aaaa:bbbb:cccc:dddd:eeee:${(4_096 + Math.floor(i / 40)).toString(16)}`,
          uid: `${'C'.repeat(58)}${i}`,
        }),
      ),
      evidence: times(200, () => ({ level: 'medium', facts: { sessions: 40 } }) as const),
    },
    'more sessions than are remembered at any one server, in bounded memory': {
      config: { minSessions: 2_000 },
      records: times(128 * 30, (i) =>
        flow(10 * i, { dstIp: `10.0.1.${i % 128}`, uid: `${'C'.repeat(58)}${i}` }),
      ).concat(times(2_000, (i) => flow(40_000 + i, { dstIp: '10.0.1.1' }))),
      evidence: [
        { facts: { sessions: 2_000 } },
        { facts: { sessions: 2_001 } },
        { facts: { sessions: 2_003 } },
        ...times(2, () => ({})),
      ],
    },
  },
})
