import { conn, dns, hours, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { dataUpload } from './data-upload.ts'

const outside = '93.184.216.34'
const sent = (srcBytes: number, given = {}) =>
  conn({ dstIp: outside, dstPort: 443, srcBytes, durationMs: minutes(1), ...given })

testDetector(dataUpload, {
  quiet: {
    'a page': { records: [sent(2_000)] },
    'a byte less than 100 MB': { records: [sent(99_999_999)] },
    'a large download': { records: [sent(2_000, { dstBytes: 5_000_000_000 })] },
    'a stream to a group': { records: [sent(500_000_000, { dstIp: '239.1.1.1', proto: 'udp' })] },
    'a neighbour by link-local address': { records: [sent(500_000_000, { dstIp: 'fe80::1' })] },
    'many middling connections, which slow-upload adds up': { records: times(50, () => sent(90_000_000)) },
    'a gigabyte, where two are asked for': {
      config: { minMegabytes: 2_000 },
      records: [sent(1_000_000_000)],
    },
  },
  loud: {
    'a backup to a neighbour over IPv6 does not leave': {
      records: [sent(2_000_000_000, { srcIp: '2a01:4f8:1:2::5', dstIp: '2a01:4f8:1:2::10' })],
      evidence: [
        { profile: '2a01:4f8:1:2::5', level: 'info', facts: { leavesNetwork: false } },
        { profile: '2a01:4f8:1:2::10', level: 'info' },
      ],
    },
    'an upload over IPv6 leaves': {
      records: [sent(2_000_000_000, { srcIp: '2a01:4f8:1:2::5', dstIp: '2606:4700::10' })],
      evidence: [
        { profile: '2a01:4f8:1:2::5', level: 'medium', facts: { leavesNetwork: true } },
        { profile: '2606:4700::10', level: 'medium' },
      ],
    },
    'exactly 100 MB to the internet, charged to both ends': {
      records: [sent(100_000_000)],
      evidence: [
        {
          type: 'DATA_UPLOAD',
          profile: '10.0.0.9',
          attacker: '10.0.0.9',
          victim: null,
          level: 'medium',
          confidence: 0.6,
          facts: { megabytes: 100, leavesNetwork: true, seconds: 60 },
        },
        { profile: outside, attacker: outside, level: 'medium' },
      ],
    },
    'a call that lasts long is less': {
      records: [sent(437_000_000, { dstBytes: 831_000_000, proto: 'udp' })],
      evidence: [
        { profile: '10.0.0.9', level: 'low', facts: { megabytes: 437 } },
        { profile: outside, level: 'low' },
      ],
    },
    'an upload whose acknowledgements are counted': {
      records: [sent(437_000_000, { dstBytes: 9_000_000 })],
      evidence: [{ level: 'medium' }, { level: 'medium' }],
    },
    'a third as much back, where that makes an exchange': {
      config: { exchangeShare: 0.3 },
      records: [sent(300_000_000, { dstBytes: 100_000_000 })],
      evidence: [{ level: 'low' }, { level: 'low' }],
    },
    'a copy within is only noted': {
      records: [sent(400_000_000, { dstIp: '10.0.0.1' })],
      evidence: [
        { profile: '10.0.0.9', level: 'info', facts: { leavesNetwork: false } },
        { profile: '10.0.0.1', level: 'info' },
      ],
    },
    'public addresses of our own are within': {
      network: ['93.184.216.0/24', '10.0.0.0/8'],
      records: [sent(400_000_000)],
      evidence: [
        { profile: '10.0.0.9', level: 'info' },
        { profile: outside, level: 'info' },
      ],
    },
    'an upload that is not to weigh': {
      config: { weighs: false },
      records: [sent(200_000_000)],
      evidence: [
        { profile: '10.0.0.9', level: 'info' },
        { profile: outside, level: 'info' },
      ],
    },
    'a backup in twenty pieces, of which one is ten times larger': {
      records: times(20, (i) => sent(i === 7 ? 2_000_000_000 : 200_000_000)),
      evidence: [
        { profile: '10.0.0.9', level: 'medium', facts: { megabytes: 200 } },
        { profile: outside, facts: { megabytes: 200 } },
        { profile: '10.0.0.9', level: 'info', facts: { megabytes: 2_000 } },
        { profile: outside, facts: { megabytes: 2_000 } },
      ],
    },
    'a backup to one name at many addresses is one upload': {
      records: times(8, (i) => [
        dns({ query: 'bucket.s3.example.com', answers: [`93.184.216.${40 + i}`] }),
        sent(110_000_000, { dstIp: `93.184.216.${40 + i}` }),
      ]).flat(),
      evidence: [
        { profile: '10.0.0.9', level: 'medium', confidence: 0.6, facts: { megabytes: 110 } },
        { profile: '93.184.216.40', level: 'medium' },
      ],
    },
    'uploads to several places: the first of each window weighs': {
      records: times(6, (i) =>
        sent(250_000_000, {
          dstIp: `93.184.216.${40 + (i % 3)}`,
          tsMs: startMs + (i < 3 ? 0 : hours(1)) + i,
        }),
      ),
      evidence: times(6, (i) => {
        const level = i % 3 === 0 ? ('medium' as const) : ('info' as const)
        return [
          { profile: '10.0.0.9', level, windowStartMs: startMs + (i < 3 ? 0 : hours(1)) },
          { profile: `93.184.216.${40 + (i % 3)}`, level },
        ]
      }).flat(),
    },
    'a call takes no weight from an upload to the same place': {
      records: [
        sent(300_000_000, { dstBytes: 300_000_000 }),
        sent(300_000_000, { dstBytes: 290_000_000, dstIp: '93.184.216.35' }),
        sent(300_000_000),
      ],
      evidence: [
        { profile: '10.0.0.9', level: 'low', confidence: 0.4 },
        { profile: outside, level: 'low' },
        { profile: '10.0.0.9', level: 'info' },
        { profile: '93.184.216.35', level: 'info' },
        { profile: '10.0.0.9', level: 'medium' },
        { profile: outside, level: 'medium' },
      ],
    },
  },
})
