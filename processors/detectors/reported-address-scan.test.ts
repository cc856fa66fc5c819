import { conn, hours, notice, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { reportedAddressScan } from './reported-address-scan.ts'

const scan = (more: Parameters<typeof notice>[0] = {}) =>
  notice({
    note: 'Scan::Address_Scan',
    message: '10.0.0.9 scanned at least 25 unique hosts on port 445/tcp in 0m5s',
    dstIp: '10.0.0.9',
    dstPort: 445,
    ...more,
  })

testDetector(reportedAddressScan, {
  quiet: {
    'other notices, and scans of ports': {
      records: ['Scan::Port_Scan', 'SSL::Invalid_Server_Cert', ''].map((note) => notice({ note })),
    },
    pings: { records: [scan({ note: 'ICMP::ICMPAddress_Scan', dstPort: null })] },
    connections: { records: times(20, (i) => conn({ dstIp: `10.0.1.${i}`, established: false })) },
    'a site that calls its scans by another name': {
      config: { notes: ['Site::Sweep'] },
      records: [scan()],
    },
  },
  loud: {
    'the port of the notice, and nobody as victim': {
      records: [scan()],
      evidence: [
        { level: 'high', confidence: 1, attacker: '10.0.0.9', victim: null, facts: { dstPort: 445 } },
      ],
    },
    'the port that the message names': {
      records: [scan({ dstPort: null })],
      evidence: [{ facts: { dstPort: 445 } }],
    },
    'a message in another form': {
      records: [scan({ dstPort: null, message: 'many hosts' })],
      evidence: [{ facts: { dstPort: 0 } }],
    },
    'two ports, many times, in two windows': {
      records: times(16, (i) =>
        scan({ dstPort: i % 2 === 0 ? 22 : 23, tsMs: startMs + (i < 8 ? 0 : hours(1)) + i }),
      ),
      evidence: times(4, (i) => ({ facts: { dstPort: i % 2 === 0 ? 22 : 23 } })),
    },
    'pings count as well where somebody says so': {
      config: { exempt: [] },
      records: [scan({ note: 'ICMP::ICMPAddress_Scan', dstPort: null, message: '' })],
      evidence: [{ level: 'high' }],
    },
  },
})
