import { listed, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedClientFingerprint } from './listed-client-fingerprint.ts'

const ja3 = 'a'.repeat(32)
const ja4 = 't13d1516h2_8daaf6152771_b186095e22b6'

testDetector(listedClientFingerprint, {
  quiet: {
    'no feed at all': { records: [tls({ ja3 })] },
    'the fingerprint of a server, and the hash of a file': {
      intel: [listed('ja3s', ja3), listed('file_md5', ja3)],
      records: [tls({ ja3 })],
    },
    'no fingerprint': { intel: [listed('ja3', ja3)], records: [tls()] },
  },
  loud: {
    'a listed JA3, once for all its handshakes up to ten': {
      intel: [listed('ja3', ja3, { description: 'Bot' })],
      records: times(9, (i) => tls({ ja3, dstIp: `93.184.216.${i}` })),
      evidence: [
        {
          profile: '10.0.0.9',
          level: 'high',
          confidence: 1,
          victim: '93.184.216.0',
          facts: { kind: 'ja3', listed: ja3, times: 1 },
        },
      ],
    },
    'a listed JA4': {
      intel: [listed('ja4', ja4)],
      config: { steps: [1] },
      records: [tls({ ja3, ja4 })],
      evidence: [{ facts: { kind: 'ja4', listed: ja4 } }],
    },
  },
})
