import { bySource } from '../keys.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import type { SmallSet } from '../stats/small-set.ts'
import { doublingReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { count } from './settings.ts'
import { hasUnknownPort, isToldByBroker, isToldPorts, isUnexplained, noteBroker } from './unexplained-port.ts'

type Peer = {
  /** Port to the latest connection to it. */
  readonly ports: Map<number, string>
  /** Number of ports at which something is said next. */
  nextAt: number
}

type State = {
  readonly peers: Map<string, Peer>
  /** Destinations asked at a port where one is told which port to call next. */
  brokers: SmallSet<string>
}

const MAX_PEERS = 100
/** Ports of one host beyond which more say nothing new. */
const MAX_PORTS = 64
const MAX_UID_LENGTH = 64
const MAX_LISTED = 10

export const unknownPortsOfAHost = defineDetector({
  id: 'unknown-ports-of-a-host',
  version: 2,
  claim:
    'A host holds connections to several ports of one other host, none of which a service in wide use has.',
  spec: 'CONN-08',
  types: ['CONNECTION_TO_MULTIPLE_PORTS'],
  level: 'info',
  techniques: ['T1571'],
  misfires: 'Applications of the house, games and cluster software. It is a note, and weighs nothing.',
  key: bySource,
  settings: {
    ports: count(
      2,
      'Ports of one host in one window at which it is said; again at each doubling.',
      MAX_PORTS,
    ),
  },
  state: {
    scope: 'window',
    version: 2,
    maxBytes: 600_000,
    empty: (): State => ({ peers: new Map(), brokers: null }),
  },
  on: {
    conn(record, tools) {
      const { srcIp, dstIp, dstPort, established } = record
      if (record.proto !== 'tcp' || established !== true || dstPort === null) return
      if (!hasUnknownPort(record)) {
        if (isToldPorts(record, tools)) noteBroker(tools.state(), dstIp)
        return
      }
      if (record.service !== '') return
      if (!isUnexplained(record, tools)) return
      const state = tools.state()
      if (isToldByBroker(state, dstIp, dstPort)) return
      const { ports, peer } = portsOf(state, dstIp, tools.config.ports)
      if (record.uid.length > MAX_UID_LENGTH || (ports.size >= MAX_PORTS && !ports.has(dstPort))) return
      ports.set(dstPort, record.uid)
      if (ports.size < peer.nextAt) return
      const point = doublingReached(tools.config.ports, ports.size)
      peer.nextAt = 2 * point
      const numbers = [...ports.keys()].sort((a, b) => a - b)
      const listed = numbers.slice(0, MAX_LISTED).join(', ') + (numbers.length > MAX_LISTED ? ', …' : '')
      const description = `${srcIp} connected to ${ports.size} unknown ports of ${dstIp}: ${listed}`
      const isIncoming = tools.network.isHome(dstIp, srcIp) && !tools.network.isHome(srcIp, dstIp)
      tools.report({
        key: `${dstIp}|${point}`,
        confidence: 0.5,
        record,
        uids: [...ports.values()],
        description,
        facts: { ports: ports.size, lowestPort: numbers[0] ?? -1, highestPort: numbers.at(-1) ?? -1 },
        ...(isIncoming
          ? {
              mirror: {
                profile: dstIp,
                level: 'info',
                confidence: 0.5,
                attacker: { direction: 'src', type: 'ip', value: srcIp },
                victim: { direction: 'dst', type: 'ip', value: dstIp },
                description,
              },
            }
          : {}),
      })
    },
  },
})

function portsOf({ peers }: State, ip: string, first: number): { peer: Peer; ports: Map<number, string> } {
  let peer = peers.get(ip)
  if (peer === undefined) {
    if (peers.size >= MAX_PEERS) keepLargest(peers, MAX_PEERS / 2, ({ ports }) => ports.size)
    peer = { ports: new Map(), nextAt: Math.max(1, first) }
    peers.set(ip, peer)
  }
  return { peer, ports: peer.ports }
}
