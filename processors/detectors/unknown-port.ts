import type { Conn, Level } from '@weir/schemas'
import { isKnownPort } from '../data/known-ports.ts'
import { organisationOfPort } from '../data/organisation-ports.ts'
import { bySource } from '../keys.ts'
import { isLoopback, isUnicast } from '../profile/address-class.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { spokeBothWays } from '../stats/payload.ts'
import { defineDetector, type Finding } from './detector.ts'
import { count } from './settings.ts'

type Service = {
  flows: number
  said: boolean
  /** Whether it was said that the source would not give up. */
  saidAgain: boolean
  readonly first: Conn
  readonly uids: string[]
}

type State = {
  /** By protocol, destination and port. */
  readonly services: Map<string, Service>
  /** Destinations of high ports, with their flows. */
  readonly peers: Map<string, number>
  /** Destinations asked at a port where one is told which port to call next. */
  readonly brokers: Set<string>
  said: number
}

const MAX_SERVICES = 300
const MAX_PEERS = 100
const MAX_BROKERS = 50
const MAX_UIDS = 10
/** So many flows to one high port are a call or a game, whatever the peer is. */
const CALL_FLOWS = 6
/** FTP control, portmapper, Windows RPC endpoint mapper, FTP over TLS. */
const brokerPorts: ReadonlySet<number> = new Set([21, 111, 135, 990])
const FIRST_CLIENT_PORT = 1_024
/** Ports from here on are handed out by the system and belong to no service (RFC 6335). */
const FIRST_DYNAMIC_PORT = 49_152

export const unknownPort = defineDetector({
  id: 'unknown-port',
  version: 1,
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
      'Tries of a port that never answered at which it is said once more, and weighs: programs of people give up.',
    ),
    peers: count(5, 'Hosts called at high ports in one window that make the source a peer-to-peer program.'),
    peerPort: count(30_000, 'Ports above this are the high ports of peers.'),
    perWindow: count(20, 'Services of one host reported in one window; a host with more has another story.'),
  },
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 700_000,
    empty: (): State => ({ services: new Map(), peers: new Map(), brokers: new Set(), said: 0 }),
  },
  on: {
    conn(record, tools) {
      const { proto, dstIp, dstPort } = record
      if (dstPort === null || dstPort === 0 || (proto !== 'tcp' && proto !== 'udp')) return
      if (isKnownPort(proto, dstPort)) {
        if (brokerPorts.has(dstPort)) {
          const { brokers } = tools.state()
          if (brokers.size < MAX_BROKERS) brokers.add(dstIp)
        }
        return
      }
      if (!isUnicast(dstIp) || isLoopback(dstIp) || isAnswerLike(record)) return
      if (record.srcPort === 20 || tools.host.isFtpDataPort(dstPort)) return
      if (dstPort >= FIRST_DYNAMIC_PORT && tools.network.isHome(dstIp)) return
      if (organisationOfPort(proto, dstIp, dstPort, tools.host.namesOf(dstIp, record.tsMs)) !== '') return
      if (tools.host.isScanner(tools.window.startMs)) return

      const state = tools.state()
      if (dstPort >= FIRST_CLIENT_PORT && state.brokers.has(dstIp)) return
      const isPeer = dstPort > tools.config.peerPort
      if (isPeer) {
        const flows = state.peers.get(dstIp)
        if (flows !== undefined || state.peers.size < MAX_PEERS) state.peers.set(dstIp, (flows ?? 0) + 1)
      }
      const service = serviceOf(state, record)
      if (service === undefined || service.saidAgain) return
      service.flows += 1
      if (service.uids.length < MAX_UIDS) service.uids.push(record.uid)
      // Whether a caller of high UDP ports has many peers is known when the window closes.
      if (isPeer && (proto === 'udp' || state.peers.size >= tools.config.peers)) return

      const talked = record.established === true && spokeBothWays(record)
      // The internet tries every port of every host, all day.
      if (!talked && (service.flows < tools.config.tries || !tools.network.isHome(record.srcIp))) return
      const persists = service.said && service.flows >= tools.config.manyTries && record.established === false
      if ((service.said && !persists) || state.said >= tools.config.perWindow) return
      service.said = true
      service.saidAgain = talked || persists
      state.said += 1
      tools.report(finding(service, record, talked ? 'talked' : persists ? 'kept trying' : 'tried'))
    },
  },
  onWindowClose(state, tools) {
    if (tools.host.isScanner(tools.window.startMs)) return
    const { peers, peerPort, perWindow } = tools.config
    for (const service of state.services.values()) {
      const { srcIp, dstIp, dstPort } = service.first
      if (service.said || state.said >= perWindow || !tools.network.isHome(srcIp)) continue
      const isPeer = (dstPort ?? 0) > peerPort
      if (isPeer && (state.peers.size >= peers || (state.peers.get(dstIp) ?? 0) >= CALL_FLOWS)) continue
      state.said += 1
      tools.report(finding(service, service.first, 'noted'))
    }
  },
})

/** Beyond what is kept, a host has so many unknown services that one more says nothing. */
function serviceOf({ services }: State, record: Conn): Service | undefined {
  const name = `${record.proto}|${record.dstIp}|${record.dstPort}`
  let service = services.get(name)
  if (service === undefined && services.size < MAX_SERVICES) {
    service = { flows: 0, said: false, saidAgain: false, first: record, uids: [] }
    services.set(name, service)
  }
  return service
}

/** By how much was seen of it. A note is only a note. */
const weights = {
  talked: { level: 'medium', confidence: 0.5 },
  'kept trying': { level: 'medium', confidence: 0.8 },
  tried: { level: 'medium', confidence: 0.3 },
  noted: { level: 'low', confidence: 0.3 },
} as const satisfies Record<string, { level: Level; confidence: number }>

function finding(service: Service, record: Conn, why: keyof typeof weights): Finding {
  const { srcIp, dstIp, dstPort, proto } = record
  const { level, confidence } = weights[why]
  const verb = why === 'talked' ? 'talked to' : why === 'kept trying' ? why : 'tried'
  return {
    key: `${proto}|${dstIp}|${dstPort}${why === 'kept trying' ? '|again' : ''}`,
    level,
    confidence,
    record,
    uids: [...service.uids],
    description: `${srcIp} ${verb} ${proto} port ${dstPort} of ${dstIp}, which no service in wide use has`,
    facts: { port: dstPort ?? -1, flows: service.flows, established: record.established === true },
  }
}
