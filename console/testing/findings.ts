/** Made-up evidence, alerts and summaries for tests: the fields given over ordinary ones. */
import type { Alert, Evidence, Summary } from '@weir/schemas'

export const hourMs = 3_600_000
/** 2024-05-13 08:00 UTC. */
export const startMs = 1_715_587_200_000

export function evidence(fields: Partial<Evidence> & { readonly id: string }): Evidence {
  const profile = fields.profile ?? '10.0.0.5'
  return {
    type: 'VERTICAL_PORT_SCAN',
    detector: 'vertical-port-scan',
    detectorVersion: 1,
    level: 'medium',
    confidence: 1,
    tsMs: startMs,
    observedMs: startMs,
    site: 'default',
    profile,
    window: { startMs, endMs: startMs + hourMs },
    attacker: { direction: 'src', type: 'ip', value: profile },
    victim: { direction: 'dst', type: 'ip', value: '10.0.0.9' },
    src: { ip: profile, port: 40_000, names: [], mac: '' },
    dst: { ip: '10.0.0.9', port: 22, names: [], mac: '' },
    proto: 'tcp',
    uids: ['C1'],
    communityId: '',
    techniques: ['T1046'],
    description: `${profile} tried 6 tcp ports of 10.0.0.9.`,
    facts: { ports: 6 },
    related: [],
    ...fields,
  }
}

export function alert(fields: Partial<Alert> & { readonly id: string }): Alert {
  return {
    revision: 2,
    status: 'closed',
    tsMs: startMs,
    observedMs: startMs,
    site: 'default',
    profile: '10.0.0.5',
    window: { startMs, endMs: startMs + hourMs },
    weight: 1.5,
    threshold: 0.8,
    level: 'high',
    confidence: 0.75,
    evidence: ['e1', 'e2'],
    techniques: ['T1046'],
    description: 'made up',
    ...fields,
  }
}

export function summary(fields: Partial<Summary> = {}): Summary {
  return {
    version: '0.1.0',
    inputs: [
      {
        path: 'logs/conn.log',
        kind: 'zeek',
        passedOver: null,
        lines: 1010,
        accepted: { conn: 1000 },
        skipped: { comment: 9 },
        rejected: { 'bad-time': 1 },
      },
    ],
    records: 1000,
    late: {},
    suppressed: {},
    suppressedUnwritten: {},
    whitelisted: {},
    flooded: {},
    outsiders: 0,
    repeated: 0,
    lateEvidence: 0,
    deadLetters: 0,
    resumed: false,
    recordsPerSecond: 2000,
    wallSeconds: 0.5,
    cpuSeconds: 0.4,
    peakMemoryBytes: 120_000_000,
    evidence: {
      total: 3,
      byDetector: { 'vertical-port-scan': 3 },
      byLevel: { high: 1, medium: 2 },
      byType: { VERTICAL_PORT_SCAN: 3 },
    },
    alerts: {
      total: 1,
      byHost: [{ site: 'default', profile: '10.0.0.5', alerts: 1, weight: 1.5 }],
    },
    detectorErrors: {},
    settings: {},
    ...fields,
  }
}
