import type { Conn, Level } from '@weir/schemas'
import { getDomain } from 'tldts'
import { bySource } from '../keys.ts'
import { isPublic, isScannable } from '../profile/address-class.ts'
import type { Network } from '../profile/network.ts'
import { isAnswerLike, isCountedStray } from '../stats/answer-like.ts'
import {
  addContact,
  type Contacts,
  emptyContacts,
  finish,
  isOneOfFew,
  MAX_PER_GROUP,
} from '../stats/contacts.ts'
import { uidsOf } from '../stats/sample-uids.ts'
import { scanConfidence } from '../stats/scan-confidence.ts'
import { serviceName } from '../stats/service-name.ts'
import { serviceCode, serviceSet } from '../stats/service-set.ts'
import { type SmallMap, sizeOfMap, valueUnder, withValue } from '../stats/small-map.ts'
import { hasItem, type SmallSet, sizeOfSet, withItem } from '../stats/small-set.ts'
import { textHash } from '../stats/text-hash.ts'
import { isUnanswered } from '../stats/unanswered.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, flag, ratio, steps, texts } from './settings.ts'

/** Of one service. */
type Answered = { hosts: SmallSet<string> }

type State = {
  /** Hosts that did not answer, by service; `null` until there is one. */
  failed: Contacts<string> | null
  /** Hosts that did: of each service some from the start, all once one fails. */
  answered: SmallMap<Answered>
  answeredHeld: number
  /** Hosts that did not answer and were excused by a name, as hashes, by the registered domain of that name; `null` until there is one. */
  excused: Map<string, Set<number>> | null
  excusedHeld: number
}

/** From this many hosts on, no broken service explains it. */
const CERTAIN_HOSTS = 10
/** The same of services whose clients live with silence. */
const CERTAIN_PATIENT_HOSTS = 100
/** Peers come and go by the hundred: from this many on it is worth more than a note. */
const MANY_PEERS = 1_000
/** Ports below are for services that are run for others (RFC 6335); patient services above belong to peers, relays and games. */
const FIRST_PEER_PORT = 1_024
/** A service of which so many hosts outside answered is one that the host uses: when the line is down, all of them fall silent at once. */
const USED_HOSTS = 20
/** Hosts held of a service, and services held, of which nothing has failed: enough to tell a busy client. */
const MAX_BEFORE_FAILURE = 40
const MAX_SERVICES_BEFORE_FAILURE = 50
const MAX_ANSWERED_HELD = 10_000
/** As many addresses as are remembered of the names a host resolved: who was given more has no name to excuse them. */
const MAX_EXCUSED = 2_000
const MINUTE_MS = 60_000

const settings = {
  hosts: steps(
    [6, 10, 100, 1_000],
    'Hosts of one port in one window that did not answer, at which it is said, and said again.',
    MAX_PER_GROUP,
  ),
  minFailedShare: ratio(
    0.25,
    'Hosts that did not answer among all tried on the port; a busy client stays below it.',
  ),
  skipResolvedMinutes: count(
    60,
    "Leave out hosts outside whose address the source was given by DNS within these minutes; 0 to count them all. Names of hosts within are anybody's to look up, and excuse nothing.",
  ),
  resolvedPerDomain: count(
    20,
    'Hosts outside that are left out in one window for names below one registered domain: a service has few addresses, and more count like any other.',
    MAX_EXCUSED,
  ),
  patientServices: texts(
    [
      'udp/53',
      'udp/123',
      'udp/137',
      'udp/161',
      'udp/443',
      'udp/3478',
      'udp/6881',
      'udp/51413',
      'udp/19302-19309',
      'udp/27015-27050',
      'tcp/6881',
      'tcp/7680',
      'tcp/51413',
    ],
    'Services whose clients ask many hosts and live with silence, as protocol/port or protocol/first-last. From port 1024 on they are taken for services of peers, of which silence is only noted.',
  ),
  patientHosts: count(
    30,
    'Hosts that must not answer before anything is said of a patient service, or of one of which 20 hosts outside did answer.',
    MAX_PER_GROUP,
  ),
  skipAnswers: flag(true, 'Leave out what reads like the way back of a connection seen only in part.'),
  strayAnswers: count(
    50,
    'Hosts of one port that are left out in one window as late answers over UDP, seen by a sensor that joins both ways of a flow; more are no answers.',
    MAX_PER_GROUP,
  ),
}

export const horizontalPortScan = defineDetector({
  id: 'horizontal-port-scan',
  version: 3,
  claim: 'A host tries one port on many hosts, most of which do not answer.',
  spec: 'SCAN-02',
  types: ['HORIZONTAL_PORT_SCAN'],
  level: 'high',
  techniques: ['T1046', 'T1018'],
  misfires:
    'Inventory and monitoring tools; peer-to-peer programs whose peers have gone; a site that lost its uplink.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 4,
    maxBytes: 2_550_000,
    empty: (): State => ({
      failed: null,
      answered: null,
      answeredHeld: 0,
      excused: null,
      excusedHeld: 0,
    }),
  },
  on: {
    conn(record, tools) {
      const { dstPort, proto, established } = record
      if (established === null || (proto !== 'tcp' && proto !== 'udp')) return
      if (dstPort === null || dstPort === 0) return
      if (!isUnanswered(record)) {
        noteAnswer(tools.state(), record, serviceOf(record, tools.network))
        return
      }
      if (!isScannable(record.dstIp) || !isScannable(record.srcIp)) return
      const { config } = tools
      const isAnswer = config.skipAnswers && isAnswerLike(record)
      if (isAnswer && !isCountedStray(record)) return
      const isOutside = leaves(record, tools.network)
      if (isOutside && isExcused(record, tools)) return

      const state = tools.state()
      const service = serviceOf(record, tools.network)
      const packets = record.srcPkts + record.dstPkts
      const failed = (state.failed ??= emptyContacts())
      if (isAnswer && isOneOfFew(failed, `stray ${service}`, record.dstIp, config.strayAnswers, record.tsMs))
        return
      const group = addContact(failed, service, record.dstIp, packets, record.tsMs, record.uid)
      if (group === undefined) return
      const { total } = group
      const reached = lastStep(config.hosts, total)
      if (reached <= group.passed) return
      const answered = sizeOfSet(valueUnder(state.answered, service)?.hosts ?? null)
      const isPatient = serviceSet(config.patientServices).has(serviceCode(proto, dstPort))
      const livesWithSilence = isPatient || (isOutside && answered >= USED_HOSTS)
      if (livesWithSilence && total < config.patientHosts) return
      if (total / (total + answered) < config.minFailedShare) return

      group.passed = reached
      const isOfPeers = isPatient && dstPort >= FIRST_PEER_PORT
      // Who only has peers that are gone says something all the same of other ports.
      if (!isOfPeers) tools.host.markScanner(tools.window.startMs)
      tools.report({
        key: `${service}|${config.hosts[reached - 1]}`,
        level: isOfPeers ? levelOfPeers(total) : levelOf(total, livesWithSilence),
        confidence: scanConfidence(group.packets),
        record,
        uids: uidsOf(group.uids),
        victim: null,
        description: `${record.srcIp} tried port ${serviceName(proto, dstPort)} of ${total} hosts without an answer, in ${group.packets} packets`,
        facts: {
          hosts: total,
          port: dstPort,
          answered,
          packets: group.packets,
          seconds: Math.round((record.tsMs - group.firstMs) / 1_000),
        },
      })
      if (reached === config.hosts.length) finish(failed, group)
    },
  },
})

/** Whether a name that the source was given for the host explains the call: but one domain has few hosts, and whoever scans may have names of their own. */
function isExcused({ dstIp, tsMs }: Conn, tools: Tools<State, typeof settings>): boolean {
  const { config, host } = tools
  const withinMs = config.skipResolvedMinutes * MINUTE_MS
  if (withinMs === 0 || !host.resolvedWithin(dstIp, tsMs, withinMs)) return false
  const name = host.namesOf(dstIp, tsMs).at(-1) ?? ''
  const domain = getDomain(name, registered) ?? name
  const known = tools.state()
  const excused = (known.excused ??= new Map())
  const hosts = excused.get(domain)
  const hash = textHash(dstIp)
  if (hosts?.has(hash) === true) return true
  if ((hosts?.size ?? 0) >= config.resolvedPerDomain || known.excusedHeld >= MAX_EXCUSED) return false
  if (hosts === undefined) excused.set(domain, new Set([hash]))
  else hosts.add(hash)
  known.excusedHeld += 1
  return true
}

/** Below the suffix of a provider anybody may have as many names as they like. */
const registered = { allowPrivateDomains: false, extractHostname: false } as const

function levelOf(hosts: number, livesWithSilence: boolean): Level {
  return hosts < (livesWithSilence ? CERTAIN_PATIENT_HOSTS : CERTAIN_HOSTS) ? 'medium' : 'high'
}

const levelOfPeers = (hosts: number): Level => (hosts < MANY_PEERS ? 'info' : 'low')

const leaves = ({ dstIp, srcIp }: Conn, network: Network): boolean =>
  isPublic(dstIp) && !network.isHome(dstIp, srcIp)

/** Hosts within and outside are counted apart: a browser's sites say nothing of the same port of the neighbours. */
function serviceOf(record: Conn, network: Network): string {
  const { proto, dstPort } = record
  return serviceName(leaves(record, network) ? outsideOf(proto) : proto, dstPort ?? 0)
}

const outsideOf = (proto: string): string => (proto === 'tcp' ? 'outside tcp' : 'outside udp')

/** How many of the steps are reached. */
function lastStep(at: readonly number[], total: number): number {
  let reached = 0
  while (reached < at.length && (at[reached] ?? 0) <= total) reached += 1
  return reached
}

/** A client that was answered by many before is a busy one, so they count from the start; not all of them are held for the few that fail. */
function noteAnswer(state: State, { dstIp }: Conn, service: string): void {
  const hasFailed = state.failed !== null && valueUnder(state.failed.groups, service) !== undefined
  let known = valueUnder(state.answered, service)
  if (known === undefined) {
    if (!hasFailed && sizeOfMap(state.answered) >= MAX_SERVICES_BEFORE_FAILURE) return
    known = { hosts: null }
    state.answered = withValue(state.answered, service, known)
  }
  const { hosts } = known
  if (!hasFailed && sizeOfSet(hosts) >= MAX_BEFORE_FAILURE) return
  if (state.answeredHeld >= MAX_ANSWERED_HELD || hasItem(hosts, dstIp)) return
  known.hosts = withItem(hosts, dstIp)
  state.answeredHeld += 1
}
