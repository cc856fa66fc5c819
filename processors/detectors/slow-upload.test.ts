import { conn, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { slowUpload } from './slow-upload.ts'

const outside = '93.184.216.34'
const sent = (megabytes: number, given = {}) =>
  conn({ dstIp: outside, dstPort: 443, srcBytes: megabytes * 1_000_000, ...given })
const both = (profileFacts: object) => [
  { profile: '10.0.0.9', ...profileFacts },
  { profile: outside, ...profileFacts },
]

testDetector(slowUpload, {
  quiet: {
    'a little to one destination': { records: times(49, () => sent(10)) },
    'as much as a busy hour takes, spread over many destinations': {
      records: times(20, (i) => sent(90, { dstIp: `93.184.216.${i}` })),
    },
    'a lot, spread over many neighbours': {
      records: times(200, (i) => sent(90, { dstIp: `10.0.1.${i}` })),
    },
    'a lot, spread over many that give as much': {
      records: times(200, (i) => sent(90, { dstIp: `93.184.216.${i}`, dstBytes: 60_000_000 })),
    },
    'a lot of small requests to many': {
      records: times(3_000, (i) => sent(0.09, { dstIp: `93.184.${i >> 8}.${i & 255}` })),
      config: { spreadMegabytes: 100 },
    },
    'a lot, spread over two windows': {
      records: times(8, (i) => sent(100, { tsMs: startMs + (i < 4 ? 0 : hours(1)) + i })),
    },
    'a large download': { records: times(10, () => sent(0, { dstBytes: 900_000_000 })) },
    'a stream to a group': { records: times(10, () => sent(100, { dstIp: '239.1.1.1' })) },
    'a gigabyte, where ten are asked for': {
      config: { minMegabytes: 10_000 },
      records: times(10, () => sent(100)),
    },
    'five thousand destinations over IPv6, in bounded memory': {
      config: { spreadMegabytes: 1_000_000 },
      records: times(5_000, (i) =>
        sent(60, { dstIp: `2a00:1450:aaaa:bbbb:cccc:dddd:eeee:${i.toString(16)}` }),
      ),
    },
  },
  loud: {
    'half a gigabyte in small pieces, charged to both ends': {
      records: times(50, (i) => sent(10, { tsMs: startMs + minutes(i) })),
      evidence: [
        {
          type: 'DATA_UPLOAD',
          profile: '10.0.0.9',
          attacker: '10.0.0.9',
          victim: null,
          level: 'medium',
          confidence: 0.6,
          facts: { megabytes: 500, flows: 50, leavesNetwork: true },
          uids: 46,
        },
        { profile: outside, attacker: outside, level: 'medium' },
      ],
    },
    'three gigabytes: first, at each doubling, and the total when the window closes': {
      records: times(30, () => sent(100)),
      evidence: [
        ...both({ level: 'medium', facts: { megabytes: 500 } }),
        ...both({ level: 'info', facts: { megabytes: 1_000 } }),
        ...both({ level: 'info', facts: { megabytes: 2_000 } }),
        ...both({ level: 'info', facts: { megabytes: 3_000, flows: 30 }, windowStartMs: startMs }),
      ],
    },
    'a total that hardly grew is not said again': {
      records: [...times(5, () => sent(100)), sent(40)],
      evidence: both({ facts: { megabytes: 500 } }),
    },
    'an hour of calls is less': {
      records: times(5, () => sent(100, { dstBytes: 100_000_000 })),
      evidence: both({ level: 'low', facts: { megabytes: 500, megabytesReceived: 500 } }),
    },
    'calls after which data is carried off': {
      records: [...times(2, () => sent(300, { dstBytes: 250_000_000 })), ...times(10, () => sent(100))],
      evidence: [
        ...both({ level: 'low', facts: { megabytes: 600 } }),
        ...both({ level: 'info', facts: { megabytes: 1_000 } }),
        ...both({ level: 'medium', facts: { megabytes: 1_600 } }),
      ],
    },
    'one large upload, which has its weight as such, and others after it': {
      records: [sent(600), ...times(4, () => sent(100)), sent(300)],
      evidence: [
        ...both({ level: 'info', facts: { megabytes: 600, megabytesOfLargest: 600 } }),
        ...both({ level: 'info', facts: { megabytes: 1_000, megabytesOfLargest: 600 } }),
        ...both({
          level: 'medium',
          facts: { megabytes: 1_300, megabytesOfLargest: 600 },
          windowStartMs: startMs,
        }),
      ],
    },
    'a tenth as much back, where that makes an exchange': {
      config: { exchangeShare: 0.1 },
      records: times(5, () => sent(100, { dstBytes: 10_000_000 })),
      evidence: both({ level: 'low' }),
    },
    'a copy within is only noted': {
      records: times(5, () => sent(100, { dstIp: '10.0.0.1' })),
      evidence: [
        { profile: '10.0.0.9', level: 'info', facts: { leavesNetwork: false } },
        { profile: '10.0.0.1', level: 'info' },
      ],
    },
    'an upload that is not to weigh': {
      config: { weighs: false },
      records: times(5, () => sent(110)),
      evidence: both({ level: 'info' }),
    },
    'an upload hidden among many small ones': {
      records: times(100, (i) => sent(6, { tsMs: startMs + i * 100 })).flatMap((upload, i) => [
        upload,
        ...times(60, (j) => sent(1, { dstIp: `94.1.${i}.${j}`, tsMs: startMs + i * 100 + j })),
      ]),
      evidence: [
        ...both({ level: 'medium', facts: { megabytes: 504 } }),
        ...both({ level: 'info', facts: { megabytes: 600 } }),
        { level: 'low', facts: { megabytes: 2_000, destinations: 1_815 } },
        { level: 'info', facts: { megabytes: 4_000 } },
      ],
    },
    'nine gigabytes in portions to twenty destinations': {
      records: times(100, (i) => sent(90, { dstIp: `93.184.216.${i % 20}` })),
      evidence: [
        {
          type: 'DATA_UPLOAD',
          profile: '10.0.0.9',
          victim: null,
          level: 'low',
          confidence: 0.4,
          facts: { megabytes: 2_070, destinations: 20, leavesNetwork: true },
          uids: 23,
        },
        { level: 'info', facts: { megabytes: 4_050 } },
        { level: 'medium', confidence: 0.6, facts: { megabytes: 8_010, destinations: 20 } },
      ],
    },
    'what one destination was sent is said of that one, and the others together': {
      records: [...times(10, () => sent(90)), ...times(23, (i) => sent(90, { dstIp: `93.184.217.${i}` }))],
      evidence: [
        ...both({ level: 'medium', facts: { megabytes: 540 } }),
        ...both({ level: 'info', facts: { megabytes: 900 } }),
        { level: 'info', victim: null, facts: { megabytes: 2_070, destinations: 23 } },
      ],
    },
    'backups to five servers weigh as one': {
      records: times(30, (i) => sent(90, { dstIp: `93.184.216.${Math.floor(i / 6)}` })),
      evidence: times(5, (i) => [
        { profile: '10.0.0.9', level: i === 0 ? ('medium' as const) : ('info' as const) },
        { profile: `93.184.216.${i}` },
      ]).flat(),
    },
    'a call to each of two servers weighs as one': {
      records: times(10, (i) => sent(100, { dstIp: `93.184.216.${i % 2}`, dstBytes: 100_000_000 })),
      evidence: [
        { profile: '10.0.0.9', level: 'low', confidence: 0.4 },
        { profile: '93.184.216.0', level: 'low' },
        { profile: '10.0.0.9', level: 'info' },
        { profile: '93.184.216.1', level: 'info' },
      ],
    },
    'a spread that is not to weigh, where a gigabyte is worth saying': {
      config: { weighs: false, spreadMegabytes: 1_000 },
      records: times(12, (i) => sent(90, { dstIp: `93.184.216.${i}` })),
      evidence: [{ level: 'info', facts: { megabytes: 1_080, destinations: 12 } }],
    },
  },
})
