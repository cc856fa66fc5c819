import { conn, hours, http, listed, minutes, startMs, times, tls } from '../testing/flows.ts'
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
    'addresses of the house, whatever range is put around them': {
      intel: [listed('range', '192.128.0.0/9')],
      records: [to('192.168.1.1')],
    },
    'requests for names, and requests and handshakes with servers that are not listed': {
      intel: [listed('ip', bad)],
      records: [http({ host: 'example.com', dstIp: '10.0.0.3' }), http({ host: '93.184.216.34:80' }), tls()],
    },
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
    'a sensor that tells of requests alone, for a name or for the address': {
      intel: [listed('ip', bad)],
      config: { steps: [1, 2] },
      records: [http({ host: `${bad}:80`, dstIp: bad }), http({ dstIp: bad })],
      evidence: [
        { profile: '10.0.0.9', level: 'low', victim: bad, facts: { times: 1, answered: true } },
        { profile: bad, level: 'high', victim: '10.0.0.9' },
        { profile: '10.0.0.9', level: 'info', facts: { times: 2 } },
        { profile: bad, level: 'info' },
      ],
    },
    'a sensor that tells of handshakes alone, which are answered minute by minute': {
      intel: [listed('ip', bad)],
      config: { steps: [1] },
      records: times(6, (i) =>
        tls({ dstIp: bad, established: null, ja3s: 'a'.repeat(32), tsMs: startMs + minutes(i) }),
      ),
      evidence: [
        { profile: '10.0.0.9', level: 'low', victim: bad, facts: { times: 1 } },
        { profile: bad, level: 'high' },
        { profile: '10.0.0.9', level: 'high', facts: { times: 5, answered: true } },
      ],
    },
    'a flow that is told of as a handshake, by its requests and as a connection, in either order, is one call in one minute':
      {
        intel: [listed('ip', bad)],
        config: { steps: [1, 2, 3, 4, 5] },
        records: times(4, (i) => {
          const tsMs = startMs + minutes(5 * i)
          const uid = `C${i}`
          const all = [
            tls({ dstIp: bad, uid, tsMs }),
            http({ dstIp: bad, uid, tsMs: tsMs + minutes(1) }),
            http({ dstIp: bad, uid, tsMs: tsMs + minutes(2) }),
            to(bad, { uid, tsMs, observedMs: tsMs + minutes(3), durationMs: minutes(3) }),
          ]
          return i % 2 === 0 ? all : all.toReversed()
        }).flat(),
        evidence: times(4, (i) => [
          { profile: '10.0.0.9', level: i === 0 ? 'low' : 'info', facts: { times: i + 1 } } as const,
          { profile: bad } as const,
        ]).flat(),
      },
    'requests of which the sensor knows no answer take none from their connections': {
      intel: [listed('ip', bad)],
      config: { steps: [1] },
      records: times(5, (i) => {
        const flow = { uid: `C${i}`, dstIp: bad, tsMs: startMs + minutes(i) }
        return [http({ ...flow, statusCode: null }), to(bad, flow)]
      }).flat(),
      evidence: [
        { level: 'low', facts: { times: 1, answered: false } },
        { level: 'high', profile: bad },
        { level: 'high', profile: '10.0.0.9', facts: { times: 5, answered: true } },
      ],
    },
    'a session of an hour that began with a handshake': {
      intel: [listed('ip', bad)],
      records: [
        tls({ dstIp: bad, uid: 'C1', tsMs: startMs }),
        to(bad, { uid: 'C1', tsMs: startMs, observedMs: startMs + hours(1), durationMs: hours(1) }),
      ],
      evidence: [
        { level: 'low', profile: '10.0.0.9' },
        { level: 'high', profile: bad },
        { level: 'high', profile: '10.0.0.9', facts: { times: 1, answered: true } },
      ],
    },
    'a listed address that is asked for through a proxy, in three ways': {
      intel: [listed('ip', bad), listed('ip', '2a00:1450::9')],
      config: { steps: [1, 2] },
      records: [
        http({ host: bad, uri: `http://${bad}/a.exe`, dstIp: '10.0.0.3', dstPort: 3128 }),
        http({ host: '', uri: `${bad}:443`, method: 'CONNECT', dstIp: '10.0.0.3', dstPort: 3128 }),
        http({ host: '[2a00:1450::9]:8080', dstIp: '10.0.0.3', dstPort: 3128 }),
      ],
      evidence: [
        { profile: '10.0.0.9', level: 'low', victim: bad, facts: { times: 1 } },
        { profile: bad, level: 'high', victim: '10.0.0.9' },
        { profile: '10.0.0.9', level: 'info', victim: bad, facts: { times: 2 } },
        { profile: bad, level: 'info' },
        { profile: '10.0.0.9', level: 'low', victim: '2a00:1450::9' },
        { profile: '2a00:1450::9', level: 'high' },
      ],
    },
    'a listed address that answers through a proxy again and again, and not where the proxy refuses': {
      intel: [listed('ip', bad), listed('ip', '44.4.5.5')],
      config: { steps: [1] },
      records: times(20, (i) =>
        http({
          host: i % 2 === 0 ? bad : '44.4.5.5',
          statusCode: i % 2 === 0 ? 200 : 403,
          tsMs: startMs + minutes(i),
          dstIp: '10.0.0.3',
          dstPort: 3128,
        }),
      ),
      evidence: [
        { profile: '10.0.0.9', level: 'low', victim: bad },
        { profile: bad, level: 'high' },
        { profile: '10.0.0.9', level: 'low', victim: '44.4.5.5' },
        { profile: '44.4.5.5', level: 'high' },
        { profile: '10.0.0.9', level: 'high', victim: bad, facts: { times: 5, answered: true } },
      ],
    },
    'a listed range of which each minute another address answers': {
      intel: [listed('range', '44.4.4.0/24')],
      config: { steps: [1] },
      records: times(6, (i) => to(`44.4.4.${i + 1}`, { tsMs: startMs + minutes(i) })),
      evidence: [
        ...times(4, () => [{ level: 'low' }, { level: 'high' }] as const).flat(),
        { level: 'high', profile: '10.0.0.9', victim: '44.4.4.5', facts: { listed: '44.4.4.0/24' } },
        ...times(2, () => [{ level: 'low' }, { level: 'high' }] as const).flat(),
      ],
    },
    'a command server that answers minute by minute weighs on the host itself, once': {
      intel: [listed('ip', bad, { level: 'critical', confidence: 0.9 })],
      config: { steps: [1] },
      records: times(60, (i) => to(bad, { tsMs: startMs + minutes(i) * 0.9 })),
      evidence: [
        { level: 'low', facts: { times: 1 } },
        { level: 'critical', profile: bad },
        {
          level: 'high',
          confidence: 0.9,
          profile: '10.0.0.9',
          victim: bad,
          facts: { times: 6, answered: true },
        },
      ],
    },
    'so does a session of an hour, and one call every other minute where less is asked for': {
      intel: [listed('ip', bad), listed('ip', '44.4.5.5')],
      config: { answeredMinutes: 2 },
      records: [
        to(bad, { tsMs: startMs, observedMs: startMs + hours(1), durationMs: hours(1) }),
        ...times(2, (i) => to('44.4.5.5', { tsMs: startMs + hours(1) + minutes(2 * i) })),
      ],
      evidence: times(
        2,
        () => [{ level: 'low' }, { level: 'high', profile: '10.0.0.9' }, { level: 'high' }] as const,
      ).flat(),
    },
    'what is listed as medium, what never answers and what was one visit weigh no more': {
      intel: [listed('ip', bad, { level: 'medium' }), listed('ip', '44.4.5.5'), listed('ip', '44.4.5.6')],
      config: { steps: [1] },
      records: times(240, (i) => {
        const tsMs = startMs + minutes(i / 4)
        if (i < 80) return to(bad, { tsMs })
        return i < 230 ? to('44.4.5.5', { tsMs, established: false }) : to('44.4.5.6', { tsMs })
      }),
      evidence: [
        ...times(3, () => ({ level: 'low', profile: '10.0.0.9' }) as const),
        { level: 'medium' },
        { level: 'high', profile: '44.4.5.5' },
        { level: 'high', profile: '44.4.5.6' },
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
    'each window and each address anew, those of one range as well': {
      intel: [listed('range', '44.4.4.0/24'), listed('ip', '44.4.5.5')],
      config: { steps: [1] },
      records: [
        to(),
        to(),
        to('44.4.4.8'),
        to('44.4.5.5'),
        to(bad, { tsMs: startMs + hours(1) + minutes(1) }),
      ],
      evidence: times(8, () => ({})),
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
