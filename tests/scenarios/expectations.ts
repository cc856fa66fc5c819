import { compareLevels } from '@weir/processors'
import type { CanonicalEvidence } from '@weir/schemas'
import { host } from '../generate/network.ts'
import type { Expectation, Scenario, Sensor } from '../generate/scenario.ts'

/** In words for a failed test; nothing when everything is as expected. */
export type Complaint = string

const hourMs = 3_600_000

/**
 * Expectations that no evidence meets, evidence of level medium or above that no expectation explains, and ends that are
 * called by the name of another host.
 */
export function compareWithExpectations(
  scenario: Scenario,
  evidence: readonly CanonicalEvidence[],
  sensor: Sensor,
): Complaint[] {
  const complaints = evidence.flatMap(misnamed)
  for (const expectation of scenario.expect) {
    if (isUnseen(scenario, sensor, expectation.detector)) continue
    if (evidence.some((one) => meets(scenario, expectation, one))) continue
    complaints.push(`not found: ${JSON.stringify(expectation)}`)
  }
  if (!scenario.otherwiseQuiet) return complaints
  for (const one of evidence) {
    if (compareLevels(one.level, 'medium') < 0) continue
    if (scenario.expect.some((expectation) => belongs(scenario, expectation, one))) continue
    complaints.push(`not expected: ${one.detector}, ${one.level}: ${one.description}`)
  }
  return complaints
}

export function isUnseen(scenario: Scenario, sensor: Sensor, detector: string): boolean {
  return scenario.unseen.some((unseen) => unseen.sensor === sensor && unseen.detector === detector)
}

/** What two sensors must agree on when they tell of the same finding. */
export function gistOf({ type, profile, victim, window }: CanonicalEvidence): string {
  return [type, profile, victim?.value ?? '', new Date(window.startMs).toISOString()].join(' ')
}

/** Names a host announced are its name in the site plan; MAC addresses are those of the plan. */
function misnamed({ detector, src, dst }: CanonicalEvidence): Complaint[] {
  const complaints: Complaint[] = []
  if (src !== null) {
    const others = src.names.filter((name) => name !== host(src.ip).name)
    if (others.length > 0) complaints.push(`${detector} calls ${src.ip} ${others.join(', ')}`)
  }
  // That an address is used with the MAC of another is what this one finds.
  if (detector === 'arp-spoofing') return complaints
  for (const end of [src, dst]) {
    if (end === null || end.mac === '' || end.mac === host(end.ip).mac) continue
    complaints.push(`${detector} gives ${end.ip} the MAC address ${end.mac}`)
  }
  return complaints
}

function meets(scenario: Scenario, expectation: Expectation, evidence: CanonicalEvidence): boolean {
  const startMs =
    expectation.window === undefined
      ? Math.floor(evidence.tsMs / hourMs) * hourMs
      : scenario.startMs + expectation.window
  return (
    evidence.profile === host(expectation.from).ip &&
    evidence.window.startMs === startMs &&
    evidence.window.endMs === startMs + hourMs &&
    compareLevels(evidence.level, expectation.level ?? 'info') >= 0 &&
    belongs(scenario, expectation, evidence)
  )
}

/** Also the half of a pair that is charged to the other end. */
function belongs(scenario: Scenario, expectation: Expectation, evidence: CanonicalEvidence): boolean {
  const from = host(expectation.from).ip
  const to = expectation.to === undefined ? undefined : host(expectation.to).ip
  const [first, last] = expectation.between
  return (
    evidence.detector === expectation.detector &&
    (evidence.profile === from || isOtherHalf(evidence, from)) &&
    (to === undefined || evidence.dst?.ip === to) &&
    evidence.tsMs >= scenario.startMs + first &&
    evidence.tsMs <= scenario.startMs + last
  )
}

/** Some sensors turn the ends of a file's record: the host is then known as the victim alone. */
function isOtherHalf({ attacker, victim, src }: CanonicalEvidence, from: string): boolean {
  return attacker.direction === 'dst' && (src?.ip === from || victim?.value === from)
}
