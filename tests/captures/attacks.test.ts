import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareLevels, type EvidenceType } from '@weir/processors'
import type { CanonicalEvidence, Level } from '@weir/schemas'
import { analyzed, type Found, ifPresent, worstWindows } from './capture.ts'

/** Evidence that must be there; what is left out is not looked at. */
type Expected = {
  readonly type: EvidenceType
  readonly profile: string
  /** At least; medium when left out. */
  readonly level?: Level
  readonly victim?: string
  /** At the destination. */
  readonly port?: number
}

type Capture = {
  readonly what: string
  /** Under the folder of captures. */
  readonly path: string
  readonly evidence: readonly Expected[]
  /** Hosts that alert; no other does. */
  readonly alerts: readonly string[]
  /** Programs of which one has to be installed. */
  readonly readBy?: readonly string[]
}

const captures: readonly Capture[] = [
  {
    what: 'NjRAT calls a server that is gone, again and again',
    path: 'labelled/001-zeek-scenario-malicious/conn.log',
    evidence: [{ type: 'UNKNOWN_PORT', profile: '192.168.1.115', victim: '41.108.179.197', port: 1_177 }],
    alerts: ['192.168.1.115'],
  },
  {
    what: 'nmap goes through three networks',
    path: 'labelled/002-zeek-scenario-port-scanning',
    evidence: [
      { type: 'HORIZONTAL_PORT_SCAN', profile: '172.16.1.11', level: 'high' },
      { type: 'ICMP_ADDRESS_SCAN', profile: '172.16.1.11' },
      { type: 'VERTICAL_PORT_SCAN', profile: '172.16.1.11', level: 'high' },
    ],
    alerts: ['172.16.1.11'],
  },
  {
    what: 'Mirai, its server, and what it floods',
    path: 'labelled/iot23-34-1',
    evidence: [{ type: 'PORT_0_CONNECTION', profile: '192.168.1.195', level: 'high' }],
    alerts: ['192.168.1.195'],
  },
  {
    what: 'one port of many hosts',
    path: 'slips-samples/port-scans/horizontal',
    evidence: [{ type: 'HORIZONTAL_PORT_SCAN', profile: '10.0.2.112', level: 'high', port: 80 }],
    alerts: ['10.0.2.112'],
  },
  {
    what: 'many ports of one host',
    path: 'slips-samples/port-scans/vertical',
    evidence: [{ type: 'VERTICAL_PORT_SCAN', profile: '192.168.1.9', level: 'high', victim: '45.33.32.156' }],
    alerts: ['192.168.1.9'],
  },
  {
    what: 'a port that refuses thousands of connections within a minute, in NetFlow',
    path: 'slips-samples/test1-malicious.nfdump',
    readBy: ['nfdump'],
    evidence: [
      {
        type: 'MULTIPLE_RECONNECTION_ATTEMPTS',
        profile: '147.32.80.119',
        victim: '147.32.82.62',
        port: 902,
      },
    ],
    alerts: [],
  },
  {
    what: 'a phone with long connections and calls to another network, in Argus flows',
    path: 'slips-samples/test2-malicious.binetflow',
    evidence: [
      { type: 'LONG_CONNECTION', profile: '10.8.0.69', level: 'low' },
      { type: 'DIFFERENT_LOCALNET', profile: '10.8.0.69', level: 'low' },
    ],
    alerts: [],
  },
  {
    what: 'scans of an uplink, in Argus flows of which many show one side',
    path: 'slips-samples/test3-mixed.binetflow',
    evidence: [
      { type: 'HORIZONTAL_PORT_SCAN', profile: '216.73.23.146', level: 'high', port: 445 },
      { type: 'HORIZONTAL_PORT_SCAN', profile: '46.166.151.160', level: 'high', port: 3_389 },
      { type: 'VERTICAL_PORT_SCAN', profile: '147.32.84.147', victim: '178.44.141.128' },
    ],
    alerts: ['216.73.23.146', '46.166.151.160'],
  },
  {
    what: 'an infected device with peers, which scans two ports',
    path: 'slips-samples/test4-malicious.binetflow',
    evidence: [
      { type: 'HORIZONTAL_PORT_SCAN', profile: '192.168.2.12', level: 'high', port: 81 },
      { type: 'HORIZONTAL_PORT_SCAN', profile: '192.168.2.12', level: 'high', port: 23 },
      { type: 'UNKNOWN_PORT', profile: '192.168.2.12' },
    ],
    alerts: ['192.168.2.12'],
  },
  {
    what: 'one scanner among the noise of the internet, as Suricata tells it when it stops',
    path: 'slips-samples/test6-malicious.suricata.json',
    evidence: [
      { type: 'VERTICAL_PORT_SCAN', profile: '193.46.255.92', level: 'high', victim: '192.168.1.129' },
      { type: 'SENSOR_SIGNATURE', profile: '193.46.255.92', level: 'low' },
      { type: 'WEIRD_HTTP_METHOD', profile: '86.105.49.243', victim: '192.168.1.129' },
    ],
    alerts: ['193.46.255.92'],
  },
  {
    what: 'a scan for devices with telnet, in packets',
    path: 'slips-samples/test7-malicious.pcap',
    readBy: ['zeek', 'argus'],
    evidence: [
      { type: 'HORIZONTAL_PORT_SCAN', profile: '192.168.2.16', level: 'high', port: 23 },
      { type: 'HORIZONTAL_PORT_SCAN', profile: '192.168.2.16', level: 'high', port: 2_323 },
    ],
    alerts: ['192.168.2.16'],
  },
  {
    what: 'passwords of mail accounts, a JNDI lookup, ARP that nobody asked for, three sweeps by ICMP, a device of one maker that calls itself another',
    path: 'slips-samples/test9-mixed-zeek-dir',
    evidence: [
      { type: 'BAD_SMTP_LOGIN', profile: '10.1.11.101', level: 'low', victim: '80.75.42.226' },
      { type: 'SMTP_LOGIN_BRUTEFORCE', profile: '10.1.11.101', level: 'high', victim: '80.75.42.226' },
      { type: 'SUSPICIOUS_USER_AGENT', profile: '10.0.2.15', level: 'high' },
      { type: 'UNSOLICITED_ARP', profile: '192.168.1.15', level: 'low' },
      { type: 'ICMP_ADDRESS_SCAN', profile: '192.168.1.15', level: 'medium' },
      { type: 'ICMP_TIMESTAMP_SCAN', profile: '192.168.1.15', level: 'medium' },
      { type: 'ICMP_ADDRESS_MASK_SCAN', profile: '192.168.1.15', level: 'medium' },
      { type: 'ARP_OUTSIDE_LOCALNET', profile: '192.168.1.15', level: 'low', victim: '69.220.152.0' },
      { type: 'MULTIPLE_SSH_VERSIONS', profile: '192.168.1.247', level: 'low' },
      { type: 'INCOMPATIBLE_USER_AGENT', profile: '192.168.1.240', level: 'high' },
      { type: 'CN_URL_MISMATCH', profile: '10.0.2.15', level: 'info', victim: 'www.netflix.com' },
      { type: 'HTTP_TRAFFIC', profile: '10.0.2.15', level: 'info' },
    ],
    alerts: ['192.168.1.15', '10.1.11.101', '10.0.2.15'],
  },
  {
    what: 'many ports of one host, in Argus flows',
    path: 'slips-samples/test11-portscan.binetflow',
    evidence: [{ type: 'VERTICAL_PORT_SCAN', profile: '10.8.0.69', level: 'high', victim: '14.1.11.113' }],
    alerts: ['10.8.0.69'],
  },
  {
    what: 'a dozen hosts asked by ICMP within seconds whether they are there, in packets',
    path: 'slips-samples/test12-icmp-portscan.pcap',
    readBy: ['zeek', 'argus'],
    evidence: [{ type: 'ICMP_ADDRESS_SCAN', profile: '192.168.1.109' }],
    alerts: [],
  },
  {
    what: 'a client that asks for one address after the other',
    path: 'slips-samples/test13-malicious-dhcpscan-zeek-dir',
    evidence: [{ type: 'DHCP_SCAN', profile: '192.168.1.30' }],
    alerts: ['192.168.1.30'],
  },
  {
    what: 'ARP that nobody asked for',
    path: 'slips-samples/test16-malicious-zeek-dir',
    evidence: [
      { type: 'UNSOLICITED_ARP', profile: '192.168.1.15', level: 'low' },
      { type: 'ARP_OUTSIDE_LOCALNET', profile: '192.168.1.15', level: 'low', victim: '69.220.152.0' },
    ],
    alerts: [],
  },
  {
    what: 'passwords of SSH on a port of another service, in packets',
    path: 'slips-samples/test19-malicious-ssh',
    readBy: ['zeek', 'argus'],
    evidence: [{ type: 'PASSWORD_GUESSING', profile: '147.32.80.40', victim: '147.32.80.37', port: 902 }],
    alerts: ['147.32.80.40'],
  },
]

for (const { what, path, evidence, alerts, readBy } of captures) {
  test(`${path}: ${what}`, ifPresent(path, readBy), async (t) => {
    const found = await analyzed(path)
    t.diagnostic(figures(found, [...alerts, ...evidence.map(({ profile }) => profile)]))
    const missing = evidence.filter((wanted) => !found.evidence.some((one) => meets(one, wanted)))
    assert.deepEqual(missing, [], 'not found')
    const alerted = [...new Set(found.alerts.map(({ profile }) => profile))]
    assert.deepEqual(alerted.sort(), [...alerts].sort())
  })
}

function meets(evidence: CanonicalEvidence, wanted: Expected): boolean {
  return (
    evidence.type === wanted.type &&
    evidence.profile === wanted.profile &&
    compareLevels(evidence.level, wanted.level ?? 'medium') >= 0 &&
    (wanted.victim === undefined || evidence.victim?.value === wanted.victim) &&
    (wanted.port === undefined || evidence.dst?.port === wanted.port)
  )
}

function figures({ connections, evidence, summary }: Found, hosts: readonly string[]): string {
  const worst = worstWindows(evidence)
  const weights = [...new Set(hosts)].map((ip) => `${ip} ${(worst.get(ip) ?? 0).toFixed(2)}`)
  return `${connections} connections, ${JSON.stringify(summary.evidence.byLevel)}; worst window of ${weights.join(', ')}`
}
