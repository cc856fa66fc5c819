import { hours, sensorAlert, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { sensorSignature } from './sensor-signature.ts'

const trojan = 'A Network Trojan was detected'
const alert = (more: Parameters<typeof sensorAlert>[0] = {}) =>
  sensorAlert({
    signatureId: 2_019_401,
    signature: 'EXAMPLE MALWARE checkin',
    category: trojan,
    severity: 1,
    ...more,
  })
const anomaly = (more: Parameters<typeof sensorAlert>[0] = {}) =>
  sensorAlert({
    event: 'anomaly',
    signature: 'INVALID_ACK',
    category: 'stream',
    severity: null,
    signatureId: null,
    ...more,
  })

testDetector(sensorSignature, {
  quiet: {
    'oddities of packets': { records: times(20, () => anomaly()) },
    'fewer than are asked for': { config: { steps: [5] }, records: times(4, () => alert()) },
  },
  loud: {
    'a rule about malware after thirty that weigh nothing, which have no more room': {
      records: [
        ...times(30, (i) => alert({ signatureId: 100 + i, category: 'Misc activity', severity: 3 })),
        alert(),
      ],
      evidence: [
        ...times(20, () => ({ facts: { category: 'Misc activity' } })),
        { level: 'high', facts: { category: trojan, alertsOfOtherRulesUntold: 10 } },
      ],
    },
    'a rule about malware, with the techniques it names': {
      records: [alert({ techniques: ['T1071.001'] })],
      evidence: [
        {
          level: 'high',
          confidence: 0.6,
          attacker: '10.0.0.9',
          victim: '10.0.0.1',
          facts: { signatureId: 2_019_401, category: trojan, severity: 1, action: 'allowed', alerts: 1 },
        },
      ],
    },
    'each category by its own weight, whatever the severity': {
      records: ['Web Application Attack', 'Misc Attack', 'Potential Corporate Privacy Violation'].map(
        (category, i) => alert({ category, signatureId: i }),
      ),
      evidence: [{ level: 'medium', confidence: 0.5 }, { level: 'low' }, { level: 'info' }],
    },
    'rules of the house by their severity': {
      records: [1, 2, 3, 4, null].map((severity, i) => alert({ category: 'Ours', severity, signatureId: i })),
      evidence: [
        { level: 'medium' },
        { level: 'low' },
        { level: 'low' },
        { level: 'info', facts: { severity: 4 } },
        { level: 'info', facts: { severity: 0 } },
      ],
    },
    'categories that were put elsewhere': {
      config: { high: ['Ours'], medium: ['Theirs'], low: [trojan], info: ['Web Application Attack'] },
      records: ['Ours', 'Theirs', trojan, 'Web Application Attack'].map((category, i) =>
        alert({ category, signatureId: i }),
      ),
      evidence: [{ level: 'high' }, { level: 'medium' }, { level: 'low' }, { level: 'info' }],
    },
    'a thousand times, of which all but the first weigh little': {
      records: times(1_000, (i) => alert({ dstIp: `10.0.${i >> 8}.${i & 255}` })),
      evidence: [
        { level: 'high', facts: { alerts: 1 } },
        ...[10, 100, 1_000].map((alerts) => ({ level: 'low' as const, facts: { alerts } })),
      ],
    },
    'again in the next window': {
      records: times(4, (i) => alert({ tsMs: startMs + (i % 2) * hours(1) + i })),
      evidence: [{ level: 'high' }, { level: 'high' }],
    },
    'oddities, where they are wanted': {
      config: { anomalies: true },
      records: [anomaly({ severity: 1 }), anomaly({ dstIp: '' })],
      evidence: [{ level: 'info', facts: { signature: 'INVALID_ACK' } }],
    },
    'a command in a packet from outside is held against the home host it went to, too': {
      records: [
        ...times(9, () => alert({ srcIp: '93.184.216.34', dstIp: '10.0.0.9' })),
        alert({
          srcIp: '93.184.216.34',
          dstIp: '10.0.0.9',
          category: 'Web Application Attack',
          signatureId: 7,
        }),
        alert({ srcIp: '93.184.216.34', dstIp: '10.0.0.8' }),
      ],
      evidence: [
        { level: 'high', profile: '93.184.216.34', attacker: '93.184.216.34', victim: '10.0.0.9' },
        { level: 'high', profile: '10.0.0.9', attacker: '10.0.0.9', victim: '93.184.216.34' },
        { level: 'medium', profile: '93.184.216.34' },
        { level: 'low', profile: '93.184.216.34', facts: { alerts: 10 } },
        { level: 'high', profile: '10.0.0.8', facts: { alerts: 1 } },
      ],
    },
    'rules by the thousand, in bounded memory': {
      records: times(3_000, (i) => alert({ signatureId: null, signature: `${i}${'ñ'.repeat(900)}` })),
      evidence: times(20, () => ({ level: 'high' }) as const),
    },
  },
})
