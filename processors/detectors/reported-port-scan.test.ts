import { conn, hours, notice, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { reportedPortScan } from './reported-port-scan.ts'

const scan = (more: Parameters<typeof notice>[0] = {}) =>
  notice({
    note: 'Scan::Port_Scan',
    message: '10.0.0.9 scanned at least 15 unique ports of host 10.0.0.7 in 0m4s',
    dstIp: '10.0.0.9',
    ...more,
  })

testDetector(reportedPortScan, {
  quiet: {
    'other notices, and scans of addresses': {
      records: ['Scan::Address_Scan', 'SSL::Invalid_Server_Cert', 'CaptureLoss::Too_Much_Loss', ''].map(
        (note) => notice({ note }),
      ),
    },
    connections: { records: times(20, (i) => conn({ dstPort: i + 1, established: false })) },
    'a site that calls its scans by another name': {
      config: { notes: ['Site::Sweep'] },
      records: [scan()],
    },
  },
  loud: {
    'the host that the message names': {
      records: [scan()],
      evidence: [{ level: 'high', confidence: 1, attacker: '10.0.0.9', victim: '10.0.0.7' }],
    },
    'the destination of the notice goes before the message': {
      records: [scan({ dstIp: '10.0.0.3' })],
      evidence: [{ victim: '10.0.0.3' }],
    },
    'an IPv6 host': {
      records: [scan({ message: '10.0.0.9 scanned at least 15 unique ports of host 2001:db8::7 in 0m4s' })],
      evidence: [{ victim: '2001:db8::7' }],
    },
    'a message in another form names nobody': {
      records: [scan({ message: 'many ports' }), scan({ message: 'scanned ports of host unknown in 1m' })],
      evidence: [{ victim: null }],
    },
    'said once for each host and window': {
      records: times(8, (i) => scan({ tsMs: startMs + (i % 2) * hours(1) + i })),
      evidence: [{ windowStartMs: startMs }, { windowStartMs: startMs + hours(1) }],
    },
  },
})
