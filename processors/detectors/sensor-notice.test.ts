import { hours, notice, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { sensorNotice } from './sensor-notice.ts'

const raise = (note: string, more: Parameters<typeof notice>[0] = {}) =>
  notice({ note, message: 'something was seen', ...more })

testDetector(sensorNotice, {
  quiet: {
    'what is about the sensor, and what others tell of': {
      records: [
        'CaptureLoss::Too_Much_Loss',
        'Scan::Port_Scan',
        'ICMP::ICMPAddressScan',
        'TimestampScan',
        'SSH::Password_Guessing',
        'Weird::Activity',
        '',
      ].map((note) => raise(note)),
    },
    'a policy that is exempt here': { config: { exempt: ['Site::'] }, records: [raise('Site::Cafeteria')] },
    'fewer than are asked for': { config: { steps: [3] }, records: times(2, () => raise('Site::Odd')) },
  },
  loud: {
    'malware after thirty policies of the place, which have no more room': {
      records: [...times(30, (i) => raise(`Site::Odd_${i}`)), raise('TeamCymruMalwareHashRegistry::Match')],
      evidence: [
        ...times(20, () => ({ level: 'low' as const })),
        { level: 'high', facts: { noticesOfOtherNamesUntold: 10 } },
      ],
    },
    'a file that is known to be malware': {
      records: [raise('TeamCymruMalwareHashRegistry::Match', { sub: 'https://example.com/1' })],
      evidence: [
        {
          level: 'high',
          confidence: 0.8,
          attacker: '10.0.0.9',
          victim: '10.0.0.1',
          facts: { notices: 1, detail: 'https://example.com/1' },
        },
      ],
    },
    'each name by its own weight': {
      records: ['HTTP::SQL_Injection_Attacker', 'SSL::Certificate_Expired', 'Site::Odd'].map((note) =>
        raise(note),
      ),
      evidence: [{ level: 'medium' }, { level: 'info' }, { level: 'low', confidence: 0.5 }],
    },
    'names that were put elsewhere': {
      config: { high: ['Site::A'], medium: ['SSL::'], info: ['Site::B'] },
      records: ['Site::A', 'SSL::Old_Version', 'Site::B'].map((note) => raise(note)),
      evidence: [{ level: 'high' }, { level: 'medium' }, { level: 'info' }],
    },
    'about one host alone': {
      records: [raise('Site::Odd', { dstIp: '10.0.0.9' })],
      evidence: [{ victim: null }],
    },
    'a hundred times, in two windows': {
      records: times(110, (i) => raise('Intel::Notice', { tsMs: startMs + (i < 100 ? 0 : hours(1)) + i })),
      evidence: [
        { level: 'medium', facts: { notices: 1 } },
        { level: 'low', facts: { notices: 10 } },
        { level: 'low', facts: { notices: 100 } },
        { level: 'medium', facts: { notices: 1 } },
        { level: 'low', facts: { notices: 10 } },
      ],
    },
    'names without end, in bounded memory': {
      records: times(2_000, (i) => raise(`Site::${i}${'ñ'.repeat(600)}`)),
      evidence: times(20, () => ({ level: 'low' }) as const),
    },
  },
})
