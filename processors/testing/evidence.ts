import type { Evidence } from '@weir/schemas'

/** Evidence of a host within against an address outside, for tests of what is done with evidence. */
export function evidence(given: Partial<Evidence> = {}): Evidence {
  return {
    id: 'e'.repeat(32),
    type: 'UNKNOWN_PORT',
    detector: 'unknown-port',
    detectorVersion: 1,
    level: 'medium',
    confidence: 0.5,
    tsMs: 0,
    observedMs: 0,
    site: 'main',
    profile: '10.0.0.5',
    window: { startMs: 0, endMs: 1 },
    attacker: { direction: 'src', type: 'ip', value: '10.0.0.5' },
    victim: { direction: 'dst', type: 'ip', value: '93.184.216.34' },
    src: { ip: '10.0.0.5', port: 50_000, names: [], mac: '00:03:93:00:00:01' },
    dst: { ip: '93.184.216.34', port: 22, names: [], mac: '' },
    proto: 'tcp',
    uids: [],
    communityId: '',
    techniques: [],
    description: '',
    facts: { flows: 3 },
    related: [],
    ...given,
  }
}
