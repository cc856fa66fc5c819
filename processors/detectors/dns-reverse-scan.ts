import { addressOfReverseName } from '../data/dns-zones.ts'
import { bySource } from '../keys.ts'
import { isPrivate } from '../profile/address-class.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { doublingReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { count, number, ratio } from './settings.ts'

type State = {
  /** Address to when its name was last asked for, oldest question first. */
  readonly asked: Map<string, number>
  /** Number of addresses at which something is said next. */
  nextAt: number
  newestMs: number
  uids: readonly string[]
}

const MAX_ASKED = 1_024
const MAX_UIDS = 20

export const dnsReverseScan = defineDetector({
  id: 'dns-reverse-scan',
  version: 1,
  claim:
    'A host asks DNS in very short time for the names of many addresses, as one does who maps a network.',
  spec: 'DNS-05',
  types: ['DNS_ARPA_SCAN'],
  level: 'medium',
  techniques: ['T1590', 'T1018'],
  misfires:
    'Programs that name the addresses in a log or a table of connections; mail servers under load. These ask for scattered public addresses, which is a hint only.',
  key: bySource,
  settings: {
    names: count(
      10,
      'Different addresses within the span before it is said; again at each doubling.',
      MAX_ASKED,
    ),
    spanSeconds: number(2, 'Span that slides along, in seconds.'),
    neighbourShare: ratio(
      0.5,
      'Share of the addresses that are private, or in one network of 256, from which on it is a walk and not a hint.',
    ),
  },
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 80_000,
    empty: (): State => ({ asked: new Map(), nextAt: 0, newestMs: Number.NEGATIVE_INFINITY, uids: [] }),
  },
  on: {
    dns(record, tools) {
      const { query, tsMs } = record
      // Cheap, ahead of taking the name apart; whether an answer was given does not matter.
      const last = query.charCodeAt(query.length - 1)
      if ((last !== LETTER_A && last !== CAPITAL_A && last !== DOT) || query.length > 74) return
      const address = addressOfReverseName(query)
      if (address === '') return
      const { config } = tools
      const state = tools.state()
      const { asked } = state
      const spanMs = config.spanSeconds * 1_000
      if (tsMs > state.newestMs) state.newestMs = tsMs
      const before = asked.get(address) ?? tsMs
      asked.delete(address)
      asked.set(address, Math.max(before, tsMs))
      for (const [name, lastMs] of asked) {
        if (asked.size <= MAX_ASKED && lastMs >= state.newestMs - spanMs) break
        asked.delete(name)
      }
      if (asked.size === 1) state.uids = []
      state.uids = sampleUid(state.uids, record.uid, MAX_UIDS)
      const names = asked.size
      if (names < config.names) {
        state.nextAt = config.names
        return
      }
      if (names < state.nextAt) return
      const point = doublingReached(config.names, names)
      state.nextAt = point * 2
      const { share, range } = neighbourhood(asked)
      const isWalk = share >= config.neighbourShare
      const isFirst = point === Math.max(1, config.names)
      tools.report({
        key: `${point}|${isWalk}`,
        // That the same walk goes on is said, and hardly weighs.
        level: isWalk && isFirst ? 'medium' : 'low',
        confidence: isWalk ? (isFirst ? 0.7 : 0.5) : 0.3,
        record,
        uids: [...state.uids],
        victim: null,
        description: `${record.srcIp} asked DNS for the names of ${names} addresses within ${config.spanSeconds} seconds${range === '' ? '' : `, most of them in ${range}`}`,
        facts: {
          names,
          spanSeconds: config.spanSeconds,
          range,
          neighbourShare: Math.round(share * 100) / 100,
        },
      })
    },
  },
})

const DOT = 46
const CAPITAL_A = 65
const LETTER_A = 97

/** The share of the addresses that are private or in the network with the most of them, and that network where it has half. */
function neighbourhood(asked: ReadonlyMap<string, number>): {
  readonly share: number
  readonly range: string
} {
  const networks = new Map<string, number>()
  let inside = 0
  let most = ''
  let mostCount = 0
  for (const address of asked.keys()) {
    if (isPrivate(address)) inside += 1
    const network = networkOf(address)
    const count = (networks.get(network) ?? 0) + 1
    networks.set(network, count)
    if (count > mostCount) {
      most = network
      mostCount = count
    }
  }
  const range = 2 * mostCount >= asked.size ? most : ''
  return { share: Math.max(inside, mostCount) / asked.size, range }
}

/** Its /24, or its /64 for IPv6. */
function networkOf(address: string): string {
  if (!address.includes(':')) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`
  return `${address.split(':').slice(0, 4).join(':')}::/64`
}
