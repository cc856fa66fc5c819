import { conn, dhcp, dns, hours, minutes, seconds, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { connectionWithoutDns } from './connection-without-dns.ts'

const unnamed = '93.184.216.99'
/** The host is first seen, resolving a name, an hour before the story. */
const known = dns({ tsMs: startMs - hours(1), answers: ['93.184.216.34'] })
const call = (afterMs: number, given = {}) =>
  conn({ tsMs: startMs + afterMs, dstIp: unnamed, dstPort: 443, ...given })
const answer = (afterMs: number, given = {}) => dns({ tsMs: startMs + afterMs, answers: [unnamed], ...given })

testDetector(connectionWithoutDns, {
  quiet: {
    'an address that was looked up': { records: [known, answer(0), call(100)] },
    'an address that was looked up 23 hours before': {
      records: [known, answer(hours(-1) + 1), call(hours(22))],
    },
    'an answer told of 59 seconds after the connection': {
      records: [
        known,
        call(0),
        answer(-50, { observedMs: startMs + seconds(59) }),
        call(minutes(5), { dstPort: 80 }),
      ],
    },
    'a host that never resolves in our sight': {
      records: [conn({ tsMs: startMs - hours(1), dstIp: '10.0.0.1' }), call(0), call(minutes(10))],
    },
    'a host just come': { records: [dns({ tsMs: startMs }), call(minutes(29))] },
    'destinations within': {
      records: [known, call(0, { dstIp: '10.0.0.1' }), call(1, { dstIp: '224.0.0.251' })],
    },
    'our own public addresses': { network: ['10.0.0.0/8', '93.184.216.0/24'], records: [known, call(0)] },
    'names asked of a public server, time servers and pings': {
      records: [
        known,
        call(0, { dstPort: 53, proto: 'udp', service: 'dns' }),
        call(1, { dstPort: 5_000, service: 'dns' }),
        call(2, { dstPort: 123, proto: 'udp', service: 'ntp' }),
        call(4, { dstPort: 123, proto: 'udp', dstBytes: 0, dstPkts: 0, established: false }),
        call(3, { dstPort: null, proto: 'icmp' }),
      ],
    },
    'a public resolver over HTTPS': { records: [known, call(0, { dstIp: '1.1.1.1' })] },
    'services that everybody talks to, at addresses written into systems': {
      records: [known, call(0, { dstIp: '17.253.144.10' }), call(1, { dstIp: '2a03:2880:f12d:83::1' })],
    },
    'the DHCP server': {
      records: [known, dhcp({ tsMs: startMs - 1, srcIp: '10.0.0.9', serverIp: unnamed }), call(0)],
    },
    'sensors that tell of no DNS': {
      records: [known, call(0, { source: 'argus' }), call(1, { source: 'nfdump' })],
    },
    'a stranger calling a stranger': {
      records: [dns({ tsMs: startMs - hours(1), srcIp: '94.0.0.1' }), call(0, { srcIp: '94.0.0.1' })],
    },
    'an answer two minutes later, with a longer wait': {
      config: { waitSeconds: 180 },
      records: [known, call(0), answer(minutes(2)), call(minutes(10), { dstPort: 80 })],
    },
    'nothing, when nothing is to be said': { config: { perWindow: 0 }, records: [known, call(0)] },
    'a host seen for an hour, where two are asked for': {
      config: { startMinutes: 120 },
      records: [known, call(0)],
    },
  },
  loud: {
    'the port of time servers, where the sensor finds no such thing': {
      records: [known, call(0, { dstPort: 123, proto: 'udp' })],
      evidence: [{ facts: { port: 123 } }],
    },
    'the port of DNS over TLS at no known resolver': {
      records: [known, call(0, { dstPort: 853, service: 'ssl' })],
      evidence: [{ facts: { port: 853 } }],
    },
    'an IPv6 host, whose own address is of the internet': {
      records: [
        { ...known, srcIp: '2a01:4f8:1:2::5' },
        call(0, { srcIp: '2a01:4f8:1:2::5', dstIp: '2606:4700::99' }),
        call(1, { srcIp: '2a01:4f8:1:2::5', dstIp: '2a01:4f8:1:2::10' }),
      ],
      evidence: [{ profile: '2a01:4f8:1:2::5', facts: { port: 443 } }],
    },
    'an address that nobody looked up': {
      records: [known, call(0, { service: 'ssl' }), call(minutes(2))],
      evidence: [
        {
          type: 'CONNECTION_WITHOUT_DNS',
          level: 'info',
          confidence: 0.8,
          victim: null,
          tsMs: startMs,
          facts: { flows: 1, port: 443, service: 'ssl' },
        },
      ],
    },
    'five connections while waiting are one finding, and one more in the next window': {
      records: [known, ...times(5, (i) => call(i)), call(hours(1))],
      evidence: [
        { facts: { flows: 5 }, windowStartMs: startMs },
        { facts: { flows: 1 }, windowStartMs: startMs + hours(1) },
      ],
    },
    'a company that is not to be excused': {
      config: { organisations: ['google'] },
      records: [known, call(0, { dstIp: '17.253.144.10' }), call(1, { dstIp: '142.250.1.1' })],
      evidence: [{ level: 'info' }],
    },
    'told by Suricata': { records: [known, call(0, { source: 'suricata' })], evidence: [{ tsMs: startMs }] },
    'an answer too old': {
      config: { lookBackHours: 2 },
      records: [known, answer(0), call(hours(3))],
      evidence: [{ tsMs: startMs + hours(3) }],
    },
    'the answer of another host is not its own': {
      records: [known, answer(0, { srcIp: '10.0.0.8' }), call(10)],
      evidence: [{ profile: '10.0.0.9' }],
    },
    'two thousand addresses: fifty are said, in bounded memory': {
      records: [
        known,
        ...times(2_000, (i) =>
          call(i * 300, { dstIp: `2a01:4f8:aaaa:bbbb:cccc:dddd:eeee:${i.toString(16)}` }),
        ),
      ],
      evidence: times(50, () => ({ level: 'info' as const })),
    },
  },
})
