/** Findings into evidence: ids that a replay repeats, ends, names, linked pairs. */
import { hash } from 'node:crypto'
import type { Endpoint, Evidence, FlowRecord, Party, TimeWindow } from '@weir/schemas'
import type { Detector, Finding } from '../detectors/detector.ts'
import type { HostMemory } from '../profile/host-memory.ts'
import { communityId } from './community-id.ts'

const MAX_UIDS = 100

/** Identifies evidence by what it says of whom and when, so that saying it again is saying the same. */
export function evidenceId(
  detector: string,
  site: string,
  profile: string,
  window: TimeWindow,
  type: string,
  key: string,
): string {
  return idOf([detector, site, profile, window.startMs, type, key].join('\u0000'))
}

/** The evidence of a finding: one piece, or two that name each other. */
export function toEvidence(
  detector: Detector,
  finding: Finding,
  window: TimeWindow,
  observedMs: number,
  host: HostMemory,
): readonly Evidence[] {
  const { record, mirror } = finding
  const { site } = record
  const type = finding.type ?? detector.types[0]
  const profile = finding.profile ?? record.srcIp
  const id = evidenceId(detector.id, site, profile, window, type, finding.key)
  const main: Evidence = {
    id,
    type,
    detector: detector.id,
    detectorVersion: detector.version,
    level: finding.level ?? detector.level,
    confidence: roundConfidence(finding.confidence),
    tsMs: finding.tsMs ?? record.tsMs,
    observedMs,
    site,
    profile,
    window,
    attacker: finding.attacker ?? { direction: 'src', type: 'ip', value: record.srcIp },
    victim: finding.victim === undefined ? destinationOf(record) : finding.victim,
    src: endpoint(record.srcIp, record.srcPort, record, 'src', host),
    dst: record.dstIp === '' ? null : endpoint(record.dstIp, record.dstPort, record, 'dst', host),
    proto: record.proto,
    uids: distinct(finding.uids ?? [record.uid]),
    communityId: communityOf(record),
    techniques: finding.techniques ?? detector.techniques,
    description: finding.description,
    facts: finding.facts,
    related: [],
  }
  if (mirror === undefined) return [main]
  // From the main half's id: the same finding key against two hosts is two findings, for the other end too.
  const mirrorId = idOf(`${id}\u0000mirror`)
  return [
    { ...main, related: [mirrorId] },
    {
      ...main,
      id: mirrorId,
      profile: mirror.profile,
      level: mirror.level,
      confidence: roundConfidence(mirror.confidence),
      attacker: mirror.attacker,
      victim: mirror.victim,
      description: mirror.description,
      related: [id],
    },
  ]
}

function destinationOf(record: FlowRecord): Party | null {
  return record.dstIp === '' ? null : { direction: 'dst', type: 'ip', value: record.dstIp }
}

function endpoint(
  ip: string,
  port: number | null,
  record: FlowRecord,
  side: 'src' | 'dst',
  host: HostMemory,
): Endpoint {
  if (side === 'src') {
    const told = record.kind === 'conn' || record.kind === 'arp' ? record.srcMac : ''
    const mac = record.kind === 'dhcp' ? record.mac : told
    // A record of DHCP names its client itself: it may be looked at under a key that has no memory of hosts.
    const own = record.kind === 'dhcp' && record.hostName !== '' ? [record.hostName] : []
    const names = host.hostNames.length > 0 ? [...host.hostNames] : own
    return { ip, port, names, mac: mac === '' ? host.mac : mac }
  }
  const told = record.kind === 'conn' || record.kind === 'arp' ? record.dstMac : ''
  // Asking everybody says nothing of who has the address.
  const mac = record.kind === 'arp' && told === 'ff:ff:ff:ff:ff:ff' ? '' : told
  return { ip, port, names: [...host.namesOf(ip, record.tsMs)], mac }
}

function communityOf(record: FlowRecord): string {
  const icmpType = record.kind === 'conn' ? record.icmpType : null
  const icmpCode = record.kind === 'conn' ? record.icmpCode : null
  return communityId(
    record.srcIp,
    record.dstIp,
    record.proto,
    record.srcPort,
    record.dstPort,
    icmpType,
    icmpCode,
  )
}

function distinct(uids: readonly string[]): readonly string[] {
  return uids.length === 1 ? uids : [...new Set(uids)].slice(0, MAX_UIDS)
}

function roundConfidence(confidence: number): number {
  return Math.round(Math.min(1, Math.max(0, confidence)) * 10_000) / 10_000
}

/** Half a SHA-256. As a text of its own: a piece of the whole would keep the whole, for as long as evidence is remembered. */
const idOf = (text: string): string => hash('sha256', text, 'buffer').toString('hex', 0, 16)
