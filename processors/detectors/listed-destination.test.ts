import { conn, hours, listed, minutes, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedDestination } from './listed-destination.ts'

const bad = '44.4.4.9'
const to = (dstIp = bad, given = {}) => conn({ dstIp, dstPort: 443, ...given })

testDetector(listedDestination, {
  quiet: {
    'no feed at all': { records: [to()] },
    'addresses that are not listed': {
      intel: [listed('ip', bad), listed('range', '45.0.0.0/24'), listed('domain', 'evil.example.com')],
      records: times(50, (i) => to(`93.184.216.${i}`)),
    },
    'echo requests': {
      intel: [listed('ip', bad)],
      records: [to(bad, { proto: 'icmp', srcPort: null, dstPort: null })],
    },
    'what has expired': { intel: [listed('ip', bad, { expiresMs: startMs })], records: [to()] },
    'exits of Tor, which are said as such': {
      intel: [listed('ip', bad, { level: 'info', tags: ['tor-exit'] })],
      records: [to()],
    },
  },
  loud: {
    'a listed address behind NAT64': {
      intel: [listed('ip', bad)],
      records: [to('64:ff9b::2c04:409', { srcIp: '2a01:4f8::5' })],
      evidence: [
        { profile: '2a01:4f8::5', victim: '64:ff9b::2c04:409', facts: { listed: bad } },
        { profile: '64:ff9b::2c04:409', level: 'high' },
      ],
    },
    'one call of a listed address': {
      intel: [listed('ip', bad, { description: 'Bot' })],
      records: [to()],
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'low',
          confidence: 1,
          attacker: '10.0.0.9',
          victim: bad,
          facts: { times: 1, listed: bad, feeds: 'lab', listedAs: 'Bot' },
        },
        { profile: bad, level: 'high', confidence: 1, attacker: bad, victim: '10.0.0.9' },
      ],
    },
    'a range, of two feeds, for IPv6': {
      intel: [
        listed('range', '2a00:1450::/32', { level: 'low', confidence: 0.4 }),
        listed('range', '2a00:1450:4::/48', { feed: 'two', confidence: 0.6 }),
      ],
      records: [to('2a00:1450:4::9')],
      evidence: [
        { level: 'low', confidence: 0.6, facts: { listed: '2a00:1450:4::/48', feeds: 'lab, two' } },
        { level: 'high', confidence: 0.6 },
      ],
    },
    'a thousand calls are one finding with a count that is said again without weight': {
      intel: [listed('ip', bad)],
      records: times(1_200, () => to(bad, { durationMs: 10 })),
      evidence: [
        { level: 'low', facts: { times: 1 }, uids: 1 },
        { level: 'high' },
        ...[10, 100, 1_000].flatMap((n) => [
          { level: 'info', facts: { times: n }, uids: 10, profile: '10.0.0.9' } as const,
          { level: 'info', profile: bad } as const,
        ]),
      ],
    },
    'each window and each indicator anew, and a range is one indicator': {
      intel: [listed('range', '44.4.4.0/24'), listed('ip', '44.4.5.5')],
      config: { steps: [1] },
      records: [
        to(),
        to(),
        to('44.4.4.8'),
        to('44.4.5.5'),
        to(bad, { tsMs: startMs + hours(1) + minutes(1) }),
      ],
      evidence: times(6, () => ({})),
    },
    'a sweep of listed addresses is told of the first ones, in bounded memory': {
      intel: times(600, (i) => listed('ip', `44.4.${Math.floor(i / 200)}.${i % 200}`, { level: 'info' })),
      records: times(600, (i) =>
        to(`44.4.${Math.floor(i / 200)}.${i % 200}`, { durationMs: 1, uid: `C${'x'.repeat(50)}${i}` }),
      ),
      evidence: times(400, () => ({ level: 'info' }) as const),
    },
  },
})
