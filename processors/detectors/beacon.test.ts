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

/** Without a rhythm, the same in every run. */
const scattered = (n: number, below: number) =>
  ((Math.imul(n ^ (n >>> 7), 0x9e3779b1) ^ Math.imul(n + 17, 0x85ebca6b)) >>> 0) % below

/** Each call with a name said in its handshake. */
const named = (serverName: string, dstIp: string) =>
  times(40, (i) => i).flatMap((i) => [
    tls({ serverName, dstIp, tsMs: startMs + minutes(i), srcPort: 40_000 + i }),
    call(minutes(i), { dstIp, dstPort: 443, srcPort: 40_000 + i }),
  ])

const time = { proto: 'udp', dstPort: 123, srcPort: 123 } as const

const answer = (query: string) => dns({ query, answers: [server], tsMs: startMs - seconds(1) })

testDetector(beacon, {
  quiet: {
    'monitoring within an IPv6 subnet': {
      records: calls(40, minutes(1), { srcIp: '2a01:4f8:1:2::9', dstIp: '2a01:4f8:1:2::5' }),
    },
    'nine calls': { records: calls(9, minutes(5)) },
    'somebody who reads pages': { records: browsing },
    'time by NTP': { records: calls(40, seconds(64), { ...time, service: 'ntp' }) },
    'time as a flow sensor tells of it, whose answers are as long as the questions': {
      records: calls(40, seconds(64), {
        ...time,
        source: 'nfdump',
        srcPkts: 1,
        dstPkts: 1,
        srcBytes: 76,
        dstBytes: 76,
      }),
    },
    'time as a Zeek tells of it that does not know it, now and then in several packets': {
      records: times(40, (i) =>
        call(i * seconds(64), {
          ...time,
          srcPkts: 1 + (i % 6),
          dstPkts: 1 + (i % 5),
          srcBytes: 48 * (1 + (i % 6)),
          dstBytes: 48 * (1 + (i % 5)),
        }),
      ),
    },
    'a time server that never answers': {
      records: calls(40, seconds(64), { ...time, dstBytes: 0, dstPkts: 0, established: false }),
    },
    'mail fetched by the clock of a server that DNS named': {
      records: [answer('imap.example.net'), ...calls(40, minutes(1), { dstPort: 993, service: 'ssl' })],
    },
    'a public resolver asked over TLS': {
      records: calls(40, minutes(1), { dstIp: '9.9.9.9', dstPort: 853, service: 'ssl' }),
    },
    'push at an address of its company': {
      records: calls(40, minutes(1), { dstIp: '17.57.146.52', dstPort: 5_223, service: 'ssl' }),
    },
    'a time server within, unnamed': {
      records: calls(40, minutes(1), { ...time, dstIp: '10.0.0.7' }),
    },
    'announcements to a group': { records: calls(40, minutes(1), { proto: 'udp', dstIp: '239.1.2.3' }) },
    broadcasts: { records: calls(40, minutes(1), { proto: 'udp', dstIp: '255.255.255.255' }) },
    'monitoring within': { records: calls(40, minutes(1), { dstIp: '10.0.0.5' }) },
    'ten calls within two minutes, which is too soon to say': { records: calls(10, seconds(12)) },
    'fifty calls by the clock within two minutes': {
      records: calls(50, 2_200, { srcPort: null }),
    },
    'more than one a second': { records: calls(400, 1_100) },
    'one connection told of forty times': {
      records: calls(40, minutes(1), { srcPort: 50_001, source: 'argus', state: 'PA_PA', history: 'PA_PA' }),
    },
    'one connection told of forty times in pieces that touch': {
      records: calls(40, minutes(1), {
        srcPort: 50_001,
        source: 'nfdump',
        state: '',
        history: '',
        durationMs: 59_000,
      }),
    },
    'a SYN told of each time it is sent again': {
      records: times(9, (i) => [0, 1, 3, 7, 15, 31, 63].map((at) => at * 1_000 + i * hours(2))).flatMap(
        (tries) => tries.map((at) => call(at, { srcPort: 50_001, established: false, history: 'S' })),
      ),
    },
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
    'an address that is asked by the name of a vendor in TLS, which DNS gave it': {
      records: [answer('telemetry.mozilla.org'), ...named('telemetry.mozilla.org', server)],
    },
    'an address that is asked by the name of its organisation in TLS, though DNS is out of sight': {
      records: named('www.google.com', '142.250.1.100'),
    },
    'an address of an organisation by its AS number alone': {
      asNumbers: { [server]: 714 },
      records: named('www.apple.com', server),
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
    'three hundred calls within eleven minutes, every 2.2 seconds': {
      records: times(300, (i) =>
        call(i * 2_200 + ((i * 7) % 11) * 10, { dstPort: 443, srcPort: 40_000 + i }),
      ),
      evidence: [
        {
          level: 'medium',
          victim: server,
          facts: { contacts: 63, durationScore: 1, lastedMinutes: 2 },
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
    'every minute from one and the same port': {
      records: calls(40, minutes(1), { srcPort: 51_515 }),
      evidence: [{ level: 'medium', facts: { intervalSeconds: 60 } }],
    },
    'every ten minutes from one port to a server that never answers': {
      records: calls(40, minutes(10), { srcPort: 51_515, established: false, state: 'S0', history: 'S' }),
      evidence: times(6, () => ({ facts: { intervalSeconds: 600 } })),
    },
    'a name of an organisation that is only said, of an address that is none of its': {
      records: [
        dns({ tsMs: startMs - seconds(1), answers: ['203.0.114.9'] }),
        ...named('www.google.com', server),
      ],
      evidence: [{ level: 'medium', victim: server, facts: { names: 'www.google.com' } }],
    },
    'such a name where the sensor shows no DNS, as a hint': {
      records: named('www.google.com', server),
      evidence: [{ level: 'low', victim: server, facts: { names: 'www.google.com' } }],
    },
    'one page asked for by the name of an organisation at the address': {
      records: [
        ...calls(20, minutes(1)),
        http({ host: 'www.google.com', tsMs: startMs + minutes(20) - 5_000 }),
        ...calls(20, minutes(1), {}, minutes(20)),
      ],
      evidence: [{ victim: server }],
    },
    'an address that DNS gave it by two names, of which one is a vendor that polls': {
      records: [answer('telemetry.mozilla.org'), answer('panel.example.net'), ...calls(40, minutes(1))],
      evidence: [{ victim: server }],
    },
    'beside two hundred other destinations that come again': {
      records: times(40, (i) => [
        call(i * minutes(10)),
        ...times(200, (k) =>
          conn({
            dstIp: `93.185.${k % 2}.${1 + (k >> 1)}`,
            dstPort: 443,
            srcPort: 20_000 + ((i * 200 + k) % 20_000),
            srcBytes: scattered(i + k, 5_000),
            tsMs: startMs + i * minutes(10) + scattered(i * 1_000 + k, minutes(90)),
          }),
        ),
      ])
        .flat()
        .sort((a, b) => a.tsMs - b.tsMs),
      evidence: times(6, () => ({ victim: server, facts: { intervalSeconds: 600 } })),
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
    'the port of DNS over TLS of an address that nobody named, as a hint': {
      records: calls(40, minutes(1), { dstPort: 853, service: 'ssl' }),
      evidence: [{ level: 'low', facts: { destination: 'tcp/853 of 93.184.216.34' } }],
    },
    'the port of time servers, where the sensor finds no such thing': {
      records: calls(40, minutes(1), { ...time, srcPort: 40_123 }),
      evidence: [{ level: 'low' }],
    },
    'the port of mail over TLS of an address without a name': {
      records: calls(40, minutes(1), { dstPort: 993, service: 'ssl' }),
      evidence: [{ level: 'low' }],
    },
    'the port of a VPN, as a flow sensor tells of it': {
      records: calls(40, minutes(1), {
        proto: 'udp',
        dstPort: 51_820,
        source: 'nfdump',
        state: '',
        history: '',
      }),
      evidence: [{ level: 'low' }],
    },
    "a name that any customer of a cloud may take, below the cloud's own domain": {
      records: [
        answer('evilc2.eastus.cloudapp.azure.com'),
        ...named('evilc2.eastus.cloudapp.azure.com', server),
      ],
      evidence: [{ level: 'medium', facts: { names: 'evilc2.eastus.cloudapp.azure.com' } }],
    },
    'such a name below an exempt zone that was taken up as a whole': {
      config: { zones: ['azure.com'] },
      records: [
        answer('evilc2.eastus.cloudapp.azure.com'),
        ...named('evilc2.eastus.cloudapp.azure.com', server),
      ],
      evidence: [{ level: 'medium' }],
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
