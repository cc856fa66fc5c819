import { listed, times, tls } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { listedServerFingerprint } from './listed-server-fingerprint.ts'

const ja3s = 'b'.repeat(32)

testDetector(listedServerFingerprint, {
  quiet: {
    'no feed at all': { records: [tls({ ja3s })] },
    'the fingerprint of a client': { intel: [listed('ja3', ja3s)], records: [tls({ ja3s })] },
  },
  loud: {
    'a listed JA3S: the server is blamed, the host lightly': {
      intel: [listed('ja3s', ja3s)],
      records: times(3, () => tls({ ja3s })),
      evidence: [
        { profile: '10.0.0.9', level: 'low', confidence: 1, attacker: '10.0.0.9', victim: '93.184.216.34' },
        { profile: '93.184.216.34', level: 'high', attacker: '93.184.216.34', victim: '10.0.0.9' },
      ],
    },
    'each server, at the steps that were set': {
      intel: [listed('ja3s', ja3s, { level: 'info' })],
      config: { steps: [2] },
      records: times(4, (i) => tls({ ja3s, dstIp: `93.184.216.${i % 2}` })),
      evidence: times(4, () => ({ level: 'info' }) as const),
    },
  },
})
