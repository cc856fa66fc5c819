import type { Conn } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { foreignSide } from '../profile/local-network.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { defineDetector, type Finding } from './detector.ts'
import { count } from './settings.ts'

type Peer = { flows: number; uids: readonly string[]; said: boolean }
type State = { readonly peers: Map<string, Peer>; said: number }

const MAX_PEERS = 200
const MAX_UIDS = 20
const DNS_PORT = 53
/** ICMP and ICMPv6 (RFC 792, RFC 4443). */
const isEcho = (icmpType: number): boolean => icmpType === 8 || icmpType === 128

export const otherLocalNetwork = defineDetector({
  id: 'other-local-network',
  version: 2,
  claim: 'A host speaks with a private address that is not of the local network, or comes from one.',
  spec: 'CONN-06',
  types: ['DIFFERENT_LOCALNET'],
  level: 'medium',
  techniques: ['T1018', 'T1200'],
  misfires:
    'Sites of several private networks of which only some are stated as home, or none is; VPN clients; addresses left over in software.',
  key: bySource,
  settings: {
    tries: count(3, 'Tries of an address that never answered before it is said.'),
    perWindow: count(
      5,
      'Addresses of other networks told of one host in one window; the first weighs, the others are notes.',
      MAX_PEERS,
    ),
  },
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 400_000,
    empty: (): State => ({ peers: new Map(), said: 0 }),
  },
  on: {
    conn(record, tools) {
      const side = foreignSide(record.srcIp, record.dstIp, tools.network)
      if (side === '') return
      // Asking names of servers elsewhere is a finding of its own.
      if (record.proto === 'udp' && record.dstPort === DNS_PORT) return
      // Only the questions of ICMP are calls; the rest answers or complains of what others sent.
      if (record.icmpType !== null && !isEcho(record.icmpType)) return
      if (isAnswerLike(record) || tools.host.isScanner(tools.window.startMs)) return
      const state = tools.state()
      const name = side === 'src' ? 'src' : record.dstIp
      let peer = state.peers.get(name)
      if (peer === undefined) {
        if (state.peers.size >= MAX_PEERS) return
        peer = { flows: 0, uids: [], said: false }
        state.peers.set(name, peer)
      }
      if (peer.said) return
      peer.flows += 1
      peer.uids = sampleUid(peer.uids, record.uid, MAX_UIDS)
      if (state.said >= tools.config.perWindow) return
      const answered = record.established === true
      if (!answered && side === 'dst' && peer.flows < tools.config.tries) return
      peer.said = true
      state.said += 1
      tools.report({
        key: name,
        ...weightOf(side, answered, state.said === 1, tools.network.isStated),
        record,
        uids: [...peer.uids],
        description: describe(record, side, answered, tools.network.isStated),
        facts: {
          flows: peer.flows,
          side,
          answered,
          port: record.dstPort ?? -1,
          homeIsStated: tools.network.isStated,
        },
      })
    },
  },
})

/** Known to be elsewhere, and answering, is a door that should not be there. What only looks so is a note. */
function weightOf(
  side: 'src' | 'dst',
  answered: boolean,
  isFirst: boolean,
  isStated: boolean,
): Pick<Finding, 'level' | 'confidence'> {
  if (!isStated) return { level: 'low', confidence: answered ? 0.4 : 0.2 }
  if (!isFirst) return { level: 'low', confidence: 0.3 }
  if (side === 'src') return { level: 'low', confidence: 1 }
  return answered ? { level: 'medium', confidence: 0.5 } : { level: 'low', confidence: 0.5 }
}

function describe(record: Conn, side: 'src' | 'dst', answered: boolean, isStated: boolean): string {
  const { srcIp, dstIp, dstPort, proto } = record
  const verb = answered || side === 'src' ? 'connected to' : 'tried'
  const what = dstPort === null ? `sent ${proto} to` : `${verb} ${proto} port ${dstPort} of`
  if (side === 'src') return `${srcIp}, a private address of another network, ${what} ${dstIp}`
  const why = isStated ? 'outside the home networks' : 'of another private network'
  return `${srcIp} ${what} ${dstIp}, an address ${why}`
}
