import { hours, minutes, seconds, ssh, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { sharedGuessing } from './shared-guessing.ts'

const server = '10.1.0.5'
const stranger = (i: number) => `45.33.${i >> 8}.${i & 255}`
const fails = (i: number, afterMs: number, more: Parameters<typeof ssh>[0] = {}) =>
  ssh({
    srcIp: stranger(i),
    dstIp: server,
    authSuccess: false,
    authAttempts: 1,
    tsMs: startMs + afterMs,
    ...more,
  })
const works = (i: number, afterMs: number, more: Parameters<typeof ssh>[0] = {}) =>
  fails(i, afterMs, { authSuccess: true, ...more })
const many = (hosts: number, each: number, more: Parameters<typeof ssh>[0] = {}) =>
  times(hosts * each, (i) => fails(i % hosts, seconds(i), more))

testDetector(sharedGuessing, {
  quiet: {
    'one host that guesses': { records: many(1, 300) },
    'nineteen hosts': { records: many(19, 10) },
    'forty hosts that fail once each': { records: many(40, 1) },
    'twenty hosts, each at a server of its own': {
      records: times(200, (i) => fails(i % 20, seconds(i), { dstIp: `10.1.0.${(i % 20) + 1}` })),
    },
    'twenty hosts, each at a port of its own': {
      records: times(200, (i) => fails(i % 20, seconds(i), { dstPort: 2_200 + (i % 20) })),
    },
    'a server that many use, some of whom mistype': {
      records: times(300, (i) => {
        const user = i % 60
        return i < 120 && user % 2 === 0 ? fails(user, seconds(i)) : works(user, seconds(i))
      }),
    },
    'people who fail at first and get in afterwards': {
      records: [
        ...times(60, (i) => fails(i % 15, seconds(i))),
        ...times(15, (i) => works(i, minutes(2) + i)),
      ].concat(times(60, (i) => fails(20 + (i % 15), minutes(3) + seconds(i)))),
    },
    'sessions of which the sensor cannot tell': {
      records: many(60, 5, { authSuccess: null, authAttempts: null }),
    },
    'thirty hosts, an hour and more apart': {
      records: times(30, (i) => fails(i, hours(1.1 * i), { authAttempts: 5 })),
    },
    'where more hosts are asked for': { config: { sources: 100 }, records: many(60, 5) },
    'where more attempts are asked for': { config: { attempts: 500 }, records: many(60, 5) },
    'where hardly anybody may get in': {
      config: { failingShare: 0.99 },
      records: [...times(3, (i) => works(200 + i, i)), ...many(60, 5)],
    },
    'strangers without end, in bounded memory': {
      config: { sources: 1_024, attempts: 1_000_000 },
      records: times(6_000, (i) =>
        fails(i % 1_500, seconds(i), {
          srcIp: `2001:db8:aaaa:bbbb:cccc:dddd:eeee:${(i % 1_500).toString(16)}`,
          dstPort: 22 + (i % 5),
        }),
      ),
    },
  },
  loud: {
    'sixty hosts that fail once each: of the server alone': {
      records: many(60, 1),
      evidence: [
        {
          type: 'PASSWORD_GUESSING',
          level: 'info',
          confidence: 0.7,
          profile: server,
          victim: server,
          facts: { sources: 60, attempts: 60, mostOfOne: 1, dstPort: 22 },
          uids: 20,
        },
      ],
    },
    'sixty hosts that fail five times each: each by its own attempts': {
      records: many(60, 5),
      evidence: [
        { profile: server, level: 'info', facts: { sources: 60, attempts: 60 } },
        ...times(60, (i) => ({
          profile: stranger(i),
          attacker: stranger(i),
          victim: server,
          level: 'low' as const,
          confidence: 0.4,
          facts: { ownAttempts: 2, sources: 60 },
          uids: 1,
        })),
        ...times(60, (i) => ({
          profile: stranger(i),
          level: 'medium' as const,
          confidence: 0.4,
          facts: { ownAttempts: 4, sources: 60 },
        })),
      ],
    },
    'thirty that fail twice, and one whose single attempt makes the number full': {
      records: [...times(59, (i) => fails(i % 30, seconds(i))), fails(900, seconds(59))],
      evidence: [
        { profile: server, attacker: stranger(0), facts: { sources: 31, attempts: 60, mostOfOne: 2 } },
        ...times(29, (i) => ({
          profile: stranger(i),
          level: 'low' as const,
          tsMs: startMs + seconds(59),
          facts: { ownAttempts: 2 },
        })),
      ],
    },
    'the same in another order': {
      records: [fails(900, 0), ...times(59, (i) => fails(29 - (i % 30), seconds(i + 1)))],
      evidence: [
        { profile: server, facts: { sources: 31, attempts: 60, mostOfOne: 2 } },
        ...times(29, (i) => ({ profile: stranger(i + 1), level: 'low' as const })),
      ],
    },
    'twenty with four attempts, where five weigh in full': {
      config: { ownAttempts: 5 },
      records: many(20, 4),
      evidence: [{ profile: server }, ...times(20, (i) => ({ profile: stranger(i), level: 'low' as const }))],
    },
    'two hundred, the server told of at each doubling': {
      records: many(200, 1),
      evidence: [60, 80, 160].map((sources) => ({
        level: 'info' as const,
        profile: server,
        facts: { sources },
      })),
    },
    'a guess that is right': {
      records: [...many(60, 1), ...times(4, (i) => fails(7, minutes(9) + i)), works(7, minutes(10))].concat(
        works(900, minutes(11)),
      ),
      evidence: [
        { profile: server },
        { profile: stranger(7), level: 'low', facts: { ownAttempts: 2 } },
        { profile: stranger(7), level: 'medium', facts: { ownAttempts: 4 } },
        {
          level: 'high',
          confidence: 0.6,
          profile: stranger(7),
          victim: server,
          facts: { sources: 60, attempts: 64, ownAttempts: 5 },
        },
      ],
    },
    'one that is right after two that were not': {
      records: [...many(60, 1), fails(7, minutes(9)), works(7, minutes(10))],
      evidence: [
        { profile: server },
        { profile: stranger(7), level: 'low' },
        { profile: stranger(7), level: 'medium', confidence: 0.6, facts: { ownAttempts: 2 } },
      ],
    },
    'people who mistype once and get in beside a crowd, ten of them, hardly; then one who guessed': {
      records: [
        ...many(60, 1),
        ...times(10, (i) => fails(900 + i, minutes(9) + i)),
        ...times(10, (i) => works(900 + i, minutes(10) + i)),
        ...times(10, (i) => works(900 + i, hours(0.9) + i)),
        fails(8, minutes(55)),
        fails(8, minutes(55) + 1),
        works(8, minutes(56)),
      ],
      evidence: [
        { profile: server },
        ...times(10, (i) => ({
          profile: stranger(900 + i),
          level: 'low' as const,
          confidence: 0.3,
          facts: { ownAttempts: 1 },
        })),
        { profile: stranger(8), level: 'low' },
        { profile: stranger(8), level: 'medium', confidence: 0.6 },
      ],
    },
    'slow ones, where they are given time': {
      config: { gapSeconds: 10_000 },
      records: times(30, (i) => fails(i, hours(1.1 * i), { authAttempts: 5 })),
      evidence: [
        { profile: server, facts: { sources: 20, attempts: 100 } },
        ...times(30, (i) => ({ profile: stranger(i), level: 'medium' as const, facts: { ownAttempts: 5 } })),
      ],
    },
    'beside a few that work there': {
      records: [...times(5, (i) => works(200 + i, i)), ...many(60, 1)],
      evidence: [{ profile: server, facts: { sourcesThatWork: 5 } }],
    },
  },
})
