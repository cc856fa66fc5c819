import type { Conn, Level } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import { spokeBothWays } from '../stats/payload.ts'
import { defineDetector, type Finding } from './detector.ts'
import { count } from './settings.ts'
import { hasUnknownPort, isToldByBroker, isToldPorts, isUnexplained, noteBroker } from './unexplained-port.ts'

type Service = {
  flows: number
  said: boolean
  /** Whether it ever spoke with the source. */
  talked: boolean
  /** Tries at which it is said that the source will not give up. */
  nextAt: number
  readonly first: Conn
  readonly uids: string[]
}

type Peer = { flows: number; answered: boolean }

type State = {
  /** By protocol, destination and port. */
  readonly services: Map<string, Service>
  /** Destinations of high UDP ports. */
  readonly peers: Map<string, Peer>
  /** Those of them that answered. */
  answeredPeers: number
  /** Destinations asked at a port where one is told which port to call next. */
  readonly brokers: Set<string>
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

export const unknownPort = defineDetector({
  id: 'unknown-port',
  version: 3,
  claim: 'A host talks to a port that no service in wide use has.',
  spec: 'CONN-02',
  types: ['UNKNOWN_PORT'],
  level: 'medium',
  techniques: ['T1571'],
  misfires:
    'Games, in-house services, peer-to-peer programs: hence little confidence, and only so many in a window.',
  key: bySource,
  settings: {
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
      'Services of one host reported in one window; a host with more has another story.',
      MAX_SERVICES,
    ),
  },
  state: {
    scope: 'window',
    version: 2,
    maxBytes: 700_000,
    empty: (): State => ({
      services: new Map(),
      peers: new Map(),
      answeredPeers: 0,
      brokers: new Set(),
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
      if (service.uids.length < MAX_UIDS) service.uids.push(record.uid)
      if (talked) service.talked = true
      // Whether a caller of high UDP ports has many peers is known when the window closes.
      if (isPeer) return
      if (state.said >= tools.config.perWindow) return

      if (service.said) {
        if (service.talked || record.established !== false || service.flows < service.nextAt) return
        const why = tools.network.isHome(dstIp, record.srcIp) ? 'kept trying within' : 'kept trying'
        state.said += 1
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
      service.said = true
      tools.report(
        finding(service, record, isHint(state, tools.config.weighty) ? 'hint' : talked ? 'talked' : 'tried'),
      )
    },
  },
  onWindowClose(state, tools) {
    if (tools.host.isScanner(tools.window.startMs)) return
    const { peers, peerPort, perWindow } = tools.config
    for (const service of state.services.values()) {
      const { srcIp, dstIp, dstPort, proto } = service.first
      if (service.said || state.said >= perWindow || !tools.network.isHome(srcIp, srcIp)) continue
      const isPeer = proto === 'udp' && (dstPort ?? 0) > peerPort
      if (isPeer && (state.answeredPeers >= peers || (state.peers.get(dstIp)?.flows ?? 0) >= CALL_FLOWS))
        continue
      const why = isHint(state, tools.config.weighty) ? 'hint' : 'noted'
      tools.report(finding(service, service.first, why))
    }
  },
})

function notePeer(state: State, ip: string, answered: boolean): void {
  const { peers } = state
  let peer = peers.get(ip)
  if (peer === undefined) {
    if (peers.size >= MAX_PEERS) return
    peer = { flows: 0, answered: false }
    peers.set(ip, peer)
  }
  peer.flows += 1
  if (!answered || peer.answered) return
  peer.answered = true
  state.answeredPeers += 1
}

/** When there is no room, services that were only tried go first: whoever has a channel could else hide it behind SYNs to ports by chance. */
function serviceOf({ services }: State, record: Conn, manyTries: number): Service {
  const name = `${record.proto}|${record.dstIp}|${record.dstPort}`
  let service = services.get(name)
  if (service === undefined) {
    if (services.size >= MAX_SERVICES) keepLargest(services, MAX_SERVICES / 2, worth)
    service = { flows: 0, said: false, talked: false, nextAt: manyTries, first: record, uids: [] }
    services.set(name, service)
  }
  return service
}

const worth = ({ talked, said, flows }: Service): number => flows + (said ? 1e9 : 0) + (talked ? 2e9 : 0)

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
  hint: { level: 'low', confidence: 0.1 },
} as const satisfies Record<string, { level: Level; confidence: number }>

function finding(service: Service, record: Conn, why: keyof typeof weights, again = ''): Finding {
  const { srcIp, dstIp, dstPort, proto } = record
  const verb = again !== '' ? 'kept trying' : service.talked ? 'talked to' : 'tried'
  return {
    ...weights[why],
    key: `${proto}|${dstIp}|${dstPort}${again}`,
    record,
    uids: [...service.uids],
    description: `${srcIp} ${verb} ${proto} port ${dstPort} of ${dstIp}, which no service in wide use has`,
    facts: { port: dstPort ?? -1, flows: service.flows, established: record.established === true },
  }
}
