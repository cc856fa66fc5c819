import type { Conn, Level } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { withLargest } from '../stats/keep-largest.ts'
import { spokeBothWays } from '../stats/payload.ts'
import { type UidSample, uidsOf, withAnyUid } from '../stats/sample-uids.ts'
import { serviceAt } from '../stats/service-name.ts'
import { entriesOf, type SmallMap, sizeOfMap, valueUnder, withValue } from '../stats/small-map.ts'
import type { SmallSet } from '../stats/small-set.ts'
import { defineDetector, type Finding, type Tools } from './detector.ts'
import { count } from './settings.ts'
import { hasUnknownPort, isToldByBroker, isToldPorts, isUnexplained, noteBroker } from './unexplained-port.ts'

type Service = {
  flows: number
  said: 'nothing' | 'hint' | 'weighed'
  /** How often it spoke with the source. */
  talks: number
  /** Tries at which it is said that the source will not give up. */
  nextAt: number
  readonly first: Conn
  uids: UidSample
}

type Peer = { flows: number; answered: boolean }

type State = {
  /** By protocol, destination and port. */
  services: SmallMap<Service>
  /** Destinations of high UDP ports. */
  peers: SmallMap<Peer>
  /** Those of them that answered. */
  answeredPeers: number
  /** Destinations asked at a port where one is told which port to call next. */
  brokers: SmallSet<string>
  said: number
  /** Services among them that weigh. */
  weighty: number
}

const MAX_SERVICES = 300
const MAX_PEERS = 100
const MAX_UIDS = 10
/** How many times the tries at which it was first said that a source keeps trying are worth saying it again. */
const STILL_TRYING = 4
/** So many flows to one high port are a call or a game, whatever the peer is. */
const CALL_FLOWS = 6
/** Conversations from which a service beyond those that weigh is looked into when the window closes. */
const OFTEN = 5

const settings = {
  tries: count(
    3,
    'Tries at which a port that never answered is worth more than a note when the window closes.',
  ),
  manyTries: count(
    30,
    'Tries of a port that never answered at which it is said once more, and weighs: programs of people give up. Again at four times as many.',
  ),
  weighty: count(
    2,
    'Services of one host and window that weigh as much as they can; those beyond are hints, as programs with many peers talk to many.',
    MAX_SERVICES,
  ),
  peers: count(
    5,
    "Hosts that answered at high UDP ports in one window, which make the source a peer-to-peer program: its high UDP ports are then nobody's.",
    MAX_PEERS,
  ),
  peerPort: count(30_000, 'UDP ports above this are the high ports of peers.'),
  perWindow: count(
    15,
    'Services of one host reported in one window; a host with more has another story. Of the others one more is, that which it talked to most.',
    MAX_SERVICES,
  ),
}

type PortTools = Tools<State, typeof settings>

export const unknownPort = defineDetector({
  id: 'unknown-port',
  version: 4,
  claim: 'A host talks to a port that no service in wide use has.',
  spec: 'CONN-02',
  types: ['UNKNOWN_PORT'],
  level: 'medium',
  techniques: ['T1571'],
  misfires:
    'Games, in-house services, peer-to-peer programs: hence little confidence, and only so many in a window.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 4,
    maxBytes: 700_000,
    empty: (): State => ({
      services: null,
      peers: null,
      answeredPeers: 0,
      brokers: null,
      said: 0,
      weighty: 0,
    }),
  },
  on: {
    conn(record, tools) {
      const { proto, dstIp, dstPort } = record
      if (dstPort === null) return
      if (!hasUnknownPort(record)) {
        if (isToldPorts(record, tools)) noteBroker(tools.state(), dstIp)
        return
      }
      if (!isUnexplained(record, tools)) return
      if (tools.host.isScanner(tools.window.startMs)) return

      const state = tools.state()
      if (isToldByBroker(state, dstIp, dstPort)) return
      const talked = record.established === true && spokeBothWays(record)
      const isPeer = proto === 'udp' && dstPort > tools.config.peerPort
      if (isPeer) notePeer(state, dstIp, talked)
      const service = serviceOf(state, record, tools.config.manyTries)
      service.flows += 1
      service.uids = withAnyUid(service.uids, record.uid, MAX_UIDS)
      if (talked) service.talks += 1
      // Whether a caller of high UDP ports has many peers is known when the window closes.
      if (isPeer) return
      if (state.said >= tools.config.perWindow) return

      if (service.said !== 'nothing') {
        if (service.talks > 0 || record.established !== false || service.flows < service.nextAt) return
        const why = tools.network.isHome(dstIp, record.srcIp) ? 'kept trying within' : 'kept trying'
        state.said += 1
        service.said = 'weighed'
        tools.report(finding(service, record, why, `|again|${service.nextAt}`))
        const isFirst = service.nextAt === tools.config.manyTries
        service.nextAt = isFirst ? service.nextAt * STILL_TRYING : Number.POSITIVE_INFINITY
        return
      }
      // The internet tries every port of every host, all day.
      if (
        !talked &&
        (service.flows < tools.config.tries || !tools.network.isHome(record.srcIp, record.srcIp))
      )
        return
      const isBeyond = isHint(state, tools.config.weighty)
      service.said = isBeyond ? 'hint' : 'weighed'
      tools.report(finding(service, record, isBeyond ? 'hint' : talked ? 'talked' : 'tried'))
    },
  },
  onWindowClose(state, tools) {
    if (tools.host.isScanner(tools.window.startMs)) return
    const { perWindow } = tools.config
    const left = Array.from(entriesOf(state.services), ([, service]) => service).filter(
      (service) => service.said !== 'weighed' && isOfInterest(service, state, tools),
    )
    // The gravest first: what came first may have been sent first for that.
    left.sort((a, b) => worth(b) - worth(a))
    const most = left.find(({ talks }) => talks >= OFTEN)
    if (most !== undefined && perWindow > 0) {
      tools.report(finding(most, most.first, 'often', '|often'))
      most.said = 'weighed'
    }
    for (const service of left) {
      if (service.said !== 'nothing' || state.said >= perWindow) continue
      const why = isHint(state, tools.config.weighty) ? 'hint' : 'noted'
      tools.report(finding(service, service.first, why))
    }
  },
})

/** What a host outside tries is the internet's, and high UDP ports of a program with many peers, or of a call, are nobody's. */
function isOfInterest({ first }: Service, state: State, { config, network }: PortTools): boolean {
  const { srcIp, dstIp, dstPort, proto } = first
  if (!network.isHome(srcIp, srcIp)) return false
  if (proto !== 'udp' || (dstPort ?? 0) <= config.peerPort) return true
  return state.answeredPeers < config.peers && (valueUnder(state.peers, dstIp)?.flows ?? 0) < CALL_FLOWS
}

function notePeer(state: State, ip: string, answered: boolean): void {
  let peer = valueUnder(state.peers, ip)
  if (peer === undefined) {
    if (sizeOfMap(state.peers) >= MAX_PEERS) return
    peer = { flows: 0, answered: false }
    state.peers = withValue(state.peers, ip, peer)
  }
  peer.flows += 1
  if (!answered || peer.answered) return
  peer.answered = true
  state.answeredPeers += 1
}

/** When there is no room, services that were only tried go first: whoever has a channel could else hide it behind SYNs to ports by chance. */
function serviceOf(state: State, record: Conn, manyTries: number): Service {
  const name = serviceAt(record)
  let service = valueUnder(state.services, name)
  if (service === undefined) {
    if (sizeOfMap(state.services) >= MAX_SERVICES)
      state.services = withLargest(state.services, MAX_SERVICES / 2, worth)
    service = { flows: 0, said: 'nothing', talks: 0, nextAt: manyTries, first: record, uids: null }
    state.services = withValue(state.services, name, service)
  }
  return service
}

const worth = ({ talks, said, flows }: Service): number =>
  flows + (said === 'nothing' ? 0 : 1e9) + (talks > 0 ? 2e9 : 0)

/** Counts one more service that is spoken of, and tells whether that is more than weigh. */
function isHint(state: State, weighty: number): boolean {
  state.said += 1
  state.weighty += 1
  return state.weighty > weighty
}

/** By how much was seen of it. Within, it is more often a service that is down. */
const weights = {
  talked: { level: 'medium', confidence: 0.5 },
  'kept trying': { level: 'medium', confidence: 0.8 },
  'kept trying within': { level: 'medium', confidence: 0.4 },
  tried: { level: 'medium', confidence: 0.3 },
  noted: { level: 'low', confidence: 0.3 },
  /** More than any other beyond those that weigh. */
  often: { level: 'medium', confidence: 0.3 },
  hint: { level: 'low', confidence: 0.05 },
} as const satisfies Record<string, { level: Level; confidence: number }>

function finding(service: Service, record: Conn, why: keyof typeof weights, again = ''): Finding {
  const { srcIp, dstIp, dstPort, proto } = record
  const { talks } = service
  const verb =
    why === 'often'
      ? `talked ${talks} times to`
      : again !== ''
        ? 'kept trying'
        : talks > 0
          ? 'talked to'
          : 'tried'
  return {
    ...weights[why],
    key: `${proto}|${dstIp}|${dstPort}${again}`,
    record,
    uids: uidsOf(service.uids),
    description: `${srcIp} ${verb} ${proto} port ${dstPort} of ${dstIp}, which no service in wide use has`,
    facts: { port: dstPort ?? -1, flows: service.flows, established: record.established === true },
  }
}
