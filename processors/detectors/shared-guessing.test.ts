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
    'sixty hosts that fail five times each': {
      records: many(60, 5),
      evidence: [
        {
          type: 'PASSWORD_GUESSING',
          level: 'medium',
          confidence: 0.7,
          profile: stranger(59),
          victim: server,
          facts: { sources: 60, attempts: 60, mostOfOne: 1, dstPort: 22 },
        },
        { profile: server, level: 'info' },
      ],
    },
    'two hundred, said at each doubling': {
      records: many(200, 3),
      evidence: [60, 80, 160].flatMap((sources) => [
        { level: 'medium' as const, facts: { sources } },
        { level: 'info' as const, profile: server },
      ]),
    },
    'a guess that is right': {
      records: [...many(60, 5), works(7, minutes(10)), works(900, minutes(11))],
      evidence: [
        { facts: { sources: 60 } },
        { profile: server },
        {
          level: 'high',
          confidence: 0.6,
          profile: stranger(7),
          victim: server,
          facts: { sources: 60, attempts: 300, ownAttempts: 5 },
        },
      ],
    },
    'slow ones, where they are given time': {
      config: { gapSeconds: 10_000 },
      records: times(30, (i) => fails(i, hours(1.1 * i), { authAttempts: 5 })),
      evidence: [{ facts: { sources: 20, attempts: 100 } }, { profile: server }],
    },
    'beside a few that work there': {
      records: [...times(5, (i) => works(200 + i, i)), ...many(60, 5)],
      evidence: [{ facts: { sourcesThatWork: 5 } }, { profile: server }],
    },
  },
})
