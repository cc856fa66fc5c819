import type { FlowRecord } from '@weir/schemas'
import { conn, dns, hours, http, minutes, seconds, startMs, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { beacon } from './beacon.ts'

const server = '93.184.216.34'

/** One call of a program that reports: small, short and alike. */
const call = (atMs: number, given: Parameters<typeof conn>[0] = {}) =>
  conn({
    dstIp: server,
    dstPort: 4_444,
    tsMs: startMs + atMs,
    srcPort: 40_000 + (Math.floor(atMs / 1_000) % 20_000),
    ...given,
  })

const calls = (n: number, everyMs: number, given: Parameters<typeof conn>[0] = {}, fromMs = 0) =>
  times(n, (i) => call(fromMs + i * everyMs, given))

/** Up to `share` early, the same in every run. */
const jittered = (n: number, everyMs: number, share: number) =>
  times(n, (i) => call(i * everyMs - Math.round(everyMs * share * (((i * i * 7) % 11) / 11)) + everyMs))

/** Intervals of a person: many short, few long. */
const clicks = times(40, (i) => ((i * i * 13) % 29) ** 2 * 1_000 + 3_000)
const browsing: FlowRecord[] = clicks.map((_, i) =>
  call(
    clicks.slice(0, i).reduce((sum, gap) => sum + gap, 0),
    { dstPort: 443, srcBytes: 400 + ((i * 331) % 5_000) },
  ),
)

const answer = (query: string) => dns({ query, answers: [server], tsMs: startMs - seconds(1) })

testDetector(beacon, {
  quiet: {
    'monitoring within an IPv6 subnet': {
      records: calls(40, minutes(1), { srcIp: '2a01:4f8:1:2::9', dstIp: '2a01:4f8:1:2::5' }),
    },
    'nine calls': { records: calls(9, minutes(5)) },
    'somebody who reads pages': { records: browsing },
    'time by NTP': { records: calls(40, seconds(64), { proto: 'udp', dstPort: 123, srcPort: 123 }) },
    'announcements to a group': { records: calls(40, minutes(1), { proto: 'udp', dstIp: '239.1.2.3' }) },
    broadcasts: { records: calls(40, minutes(1), { proto: 'udp', dstIp: '255.255.255.255' }) },
    'monitoring within': { records: calls(40, minutes(1), { dstIp: '10.0.0.5' }) },
    'ten calls within two minutes, which is too soon to say': { records: calls(10, seconds(12)) },
    'more than one a second': { records: calls(400, 1_100) },
    'one connection told of forty times': { records: calls(40, minutes(1), { srcPort: 50_001 }) },
    'a browser that opens six connections at once, now and then': {
      records: clicks
        .slice(0, 12)
        .flatMap((_, i) =>
          times(6, (k) => call(clicks.slice(0, i).reduce((sum, gap) => sum + gap, 0) + k * 50)),
        ),
    },
    'an address that the host knows as one of a vendor that polls': {
      records: [answer('push.services.mozilla.com'), ...calls(40, minutes(1), { dstPort: 443 })],
    },
    'an address that is asked by the name of a vendor in TLS': {
      records: times(40, (i) => i).flatMap((i) => [
        tls({
          serverName: 'telemetry.mozilla.org',
          dstIp: server,
          tsMs: startMs + minutes(i),
          srcPort: 40_000 + i,
        }),
        call(minutes(i), { dstPort: 443, srcPort: 40_000 + i }),
      ]),
    },
    'six hours of silence between calls': { records: calls(12, hours(6)) },
    'a service that is exempt': { config: { services: ['tcp/4444'] }, records: calls(30, minutes(1)) },
    'a zone that is exempt': {
      config: { zones: ['example.net'] },
      records: [answer('a.example.net'), ...calls(30, minutes(1), { dstPort: 443 })],
    },
    'where thirty calls are asked for': { config: { contacts: 30 }, records: calls(29, minutes(1)) },
    'where a perfect score is asked for': { config: { minScore: 1 }, records: jittered(30, minutes(1), 0.3) },
    'where perfect intervals are asked for': {
      config: { minTimestampScore: 1 },
      records: jittered(30, minutes(1), 0.3),
    },
    'where only slow ones are asked for': {
      config: { minIntervalSeconds: 90 },
      records: calls(40, minutes(1)),
    },
  },
  loud: {
    'every minute': {
      records: calls(40, minutes(1)),
      evidence: [
        {
          type: 'BEACON',
          level: 'medium',
          victim: server,
          facts: { intervalSeconds: 60, timestampScore: 1, sizeScore: 1 },
        },
      ],
    },
    'every minute with a third of jitter': {
      records: jittered(40, minutes(1), 0.3),
      evidence: [{ level: 'medium' }],
    },
    'every five minutes, in each hour': {
      records: calls(30, minutes(5)),
      evidence: [
        { windowStartMs: startMs, facts: { intervalSeconds: 300 } },
        { windowStartMs: startMs + hours(1) },
        { windowStartMs: startMs + hours(2) },
      ],
    },
    'a server that never answers': {
      records: calls(40, minutes(1), { established: false, state: 'S0', history: 'S', srcBytes: 0 }),
      evidence: [{ level: 'medium' }],
    },
    'every ten seconds, each try told of twice': {
      records: times(200, (i) => i).flatMap((i) => [
        call(i * 10_000, { srcPort: 40_000 + i, established: false, state: 'S0' }),
        call(i * 10_000 + 7_000, { srcPort: 40_000 + i, established: false, state: 'S0' }),
      ]),
      evidence: [{ facts: { intervalSeconds: 10 } }],
    },
    'from every minute to every five minutes within an hour': {
      records: [...calls(20, minutes(1)), ...calls(28, minutes(5), {}, minutes(24))],
      evidence: [
        { level: 'medium', windowStartMs: startMs, facts: { intervalSeconds: 60 } },
        { windowStartMs: startMs + hours(1), facts: { intervalSeconds: 300, intervalSecondsBefore: 60 } },
        { windowStartMs: startMs + hours(2), facts: { intervalSeconds: 300 } },
      ],
    },
    'from every ten seconds to every minute within one window': {
      records: [...calls(110, seconds(10)), ...calls(40, minutes(1), {}, minutes(19))],
      evidence: [
        { level: 'medium', facts: { intervalSeconds: 10 } },
        { level: 'low', facts: { intervalSeconds: 60, intervalSecondsBefore: 10 } },
      ],
    },
    'a name that is served from ever other addresses': {
      records: times(40, (i) =>
        tls({
          serverName: 'cdn-updates-7731.net',
          dstIp: `93.186.${i % 7}.${i}`,
          tsMs: startMs + minutes(i),
          srcPort: 40_000 + i,
        }),
      ),
      evidence: [{ level: 'medium', facts: { destination: 'cdn-updates-7731.net', sizeScore: 'not known' } }],
    },
    'a page without encryption by name and by address, said once': {
      records: times(40, (i) => i).flatMap((i) => [
        http({ host: 'panel.example.net:8080', tsMs: startMs + minutes(i), srcPort: 40_000 + i }),
        call(minutes(i), { dstPort: 80, srcPort: 40_000 + i }),
      ]),
      evidence: [{ facts: { destination: 'panel.example.net' } }],
    },
    'the web service of a host that knows its name, at first with weight': {
      records: [answer('cdn-updates-7731.net'), ...calls(90, minutes(1), { dstPort: 443 })],
      evidence: [
        { level: 'medium', windowStartMs: startMs, facts: { names: 'cdn-updates-7731.net' } },
        { level: 'low', windowStartMs: startMs + hours(1) },
      ],
    },
    'an address without a name, of a host that resolves names': {
      records: [
        dns({ tsMs: startMs - seconds(1), answers: ['203.0.114.9'] }),
        ...calls(40, minutes(1), { dstPort: 443 }),
      ],
      evidence: [{ level: 'medium', facts: { names: '' } }],
    },
    'within, where that is asked for': {
      config: { inside: true },
      records: calls(40, minutes(1), { dstIp: '10.0.0.5' }),
      evidence: [{ level: 'low', victim: '10.0.0.5' }],
    },
    'as Argus tells it, amid a scan of a thousand hosts': {
      records: times(1_200, (i) => i).flatMap((i) => [
        ...(i % 30 === 0 ? [call(i * 2_000, { source: 'argus', state: 'FSPA_FSPA', history: '' })] : []),
        conn({
          dstIp: `93.185.${i % 250}.${1 + Math.floor(i / 250)}`,
          established: false,
          tsMs: startMs + i * 2_000,
        }),
      ]),
      evidence: [{ victim: server, facts: { intervalSeconds: 60 } }],
    },
    'as Suricata tells it, out of order': {
      records: calls(40, minutes(1), { source: 'suricata', state: 'closed', history: '' })
        .map((record, i) => ({ record, at: i ^ 1 }))
        .sort((a, b) => a.at - b.at)
        .map(({ record }) => record),
      evidence: [{ facts: { intervalSeconds: 60 } }],
    },
  },
})
