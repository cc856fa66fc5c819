import type { Conn } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { isScannable } from '../profile/address-class.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { addContact, type Contacts, emptyContacts, finish, MAX_PER_GROUP } from '../stats/contacts.ts'
import { scanConfidence } from '../stats/scan-confidence.ts'
import { serviceName } from '../stats/service-name.ts'
import { isUnanswered } from '../stats/unanswered.ts'
import { defineDetector } from './detector.ts'
import { count, flag, ratio, steps, texts } from './settings.ts'

type State = {
  /** Hosts that did not answer, by protocol and port. */
  readonly failed: Contacts<string>
  /** Hosts that did, for the same services, from the first failure on. */
  readonly answered: Map<string, Set<string>>
  answeredHeld: number
}

/** From this many hosts on, no broken service explains it. */
const CERTAIN_HOSTS = 10
const MAX_ANSWERED_HELD = 10_000
const HOUR_MS = 3_600_000

export const horizontalPortScan = defineDetector({
  id: 'horizontal-port-scan',
  version: 1,
  claim: 'A host tries one port on many hosts, most of which do not answer.',
  spec: 'SCAN-02',
  types: ['HORIZONTAL_PORT_SCAN'],
  level: 'high',
  techniques: ['T1046', 'T1018'],
  misfires:
    'Inventory and monitoring tools; peer-to-peer programs whose peers have gone; a site that lost its uplink.',
  key: bySource,
  settings: {
    hosts: steps(
      [6, 10, 100, 1_000],
      'Hosts of one port in one window that did not answer, at which it is said, and said again.',
      MAX_PER_GROUP,
    ),
    minFailedShare: ratio(
      0.25,
      'Hosts that did not answer among all tried on the port; a busy client stays below it.',
    ),
    skipResolvedHours: count(
      24,
      'Leave out hosts whose address the source was given by DNS within these hours; 0 to count them all.',
    ),
    patientServices: texts(
      ['udp/53', 'udp/123', 'udp/137', 'udp/161', 'udp/443', 'udp/3478', 'udp/6881', 'udp/51413'],
      'Services whose clients ask many hosts and live with silence, as protocol/port.',
    ),
    patientHosts: count(
      30,
      'Hosts of a patient service that must not answer before anything is said.',
      MAX_PER_GROUP,
    ),
    skipAnswers: flag(true, 'Leave out what reads like the way back of a connection seen only in part.'),
  },
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 2_500_000,
    empty: (): State => ({ failed: emptyContacts(), answered: new Map(), answeredHeld: 0 }),
  },
  on: {
    conn(record, tools) {
      const { dstPort, proto, established } = record
      if (established === null || (proto !== 'tcp' && proto !== 'udp')) return
      if (dstPort === null || dstPort === 0) return
      if (!isUnanswered(record)) {
        const state = tools.peek()
        if (state !== undefined) noteAnswer(state, record)
        return
      }
      if (!isScannable(record.dstIp) || !isScannable(record.srcIp)) return
      const { config } = tools
      if (config.skipAnswers && isAnswerLike(record)) return
      const withinMs = config.skipResolvedHours * HOUR_MS
      if (withinMs > 0 && tools.host.resolvedWithin(record.dstIp, record.tsMs, withinMs)) return

      const state = tools.state()
      const service = serviceName(proto, dstPort)
      const packets = record.srcPkts + record.dstPkts
      const group = addContact(state.failed, service, record.dstIp, packets, record.tsMs, record.uid)
      if (group === undefined) return
      const { total } = group
      const reached = lastStep(config.hosts, total)
      if (reached <= group.passed) return
      if (total < config.patientHosts && config.patientServices.includes(service)) return
      const answered = state.answered.get(service)?.size ?? 0
      if (total / (total + answered) < config.minFailedShare) return

      group.passed = reached
      tools.host.markScanner(tools.window.startMs)
      tools.report({
        key: `${service}|${config.hosts[reached - 1]}`,
        level: total < CERTAIN_HOSTS ? 'medium' : 'high',
        confidence: scanConfidence(group.packets),
        record,
        uids: [...group.uids],
        victim: null,
        description: `${record.srcIp} tried port ${service} of ${total} hosts without an answer, in ${group.packets} packets`,
        facts: {
          hosts: total,
          port: dstPort,
          answered,
          packets: group.packets,
          seconds: Math.round((record.tsMs - group.firstMs) / 1_000),
        },
      })
      if (reached === config.hosts.length) finish(state.failed, group)
    },
  },
})

/** How many of the steps are reached. */
function lastStep(at: readonly number[], total: number): number {
  let reached = 0
  while (reached < at.length && (at[reached] ?? 0) <= total) reached += 1
  return reached
}

/** Only where something failed before: a host whose connections all succeed costs no memory. */
function noteAnswer(state: State, record: Conn): void {
  const service = serviceName(record.proto, record.dstPort ?? 0)
  if (state.answeredHeld >= MAX_ANSWERED_HELD || !state.failed.groups.has(service)) return
  let hosts = state.answered.get(service)
  if (hosts === undefined) {
    hosts = new Set()
    state.answered.set(service, hosts)
  }
  if (hosts.has(record.dstIp)) return
  hosts.add(record.dstIp)
  state.answeredHeld += 1
}
