import { bySource } from '../keys.ts'
import { isUnspecified } from '../profile/address-class.ts'
import { doublingReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { count, number, texts } from './settings.ts'

type State = {
  /** Address asked for to when it last was, oldest question first. */
  readonly targets: Map<string, number>
  /** Number of targets at which something is said next. */
  next: number
  newestMs: number
}

const MAX_TARGETS = 1_024
const NONE = '00:00:00:00:00:00'
const BROADCAST = 'ff:ff:ff:ff:ff:ff'

export const arpScan = defineDetector({
  id: 'arp-scan',
  version: 1,
  claim: 'A host asks in short time who has many addresses of its network.',
  spec: 'ARP-01',
  types: ['ARP_SCAN'],
  level: 'low',
  techniques: ['T1018', 'T1046'],
  misfires:
    'Routers and servers that speak with all of the network, above all after a restart; inventory software.',
  key: bySource,
  settings: {
    minTargets: count(
      5,
      'Different addresses asked for within the span before anything is said; again at each doubling.',
      MAX_TARGETS,
    ),
    spanSeconds: number(30, 'Span that slides along, in seconds.'),
    exempt: texts([], 'Addresses of routers and others that may ask for all.'),
  },
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 40_000,
    empty: (): State => ({ targets: new Map(), next: 0, newestMs: Number.NEGATIVE_INFINITY }),
  },
  on: {
    arp(record, tools) {
      const { operation, srcIp, dstIp, dstMac, dstHw, tsMs } = record
      if (!operation.includes('request') || dstIp === '' || dstIp.length > 15) return
      if (dstHw !== NONE && dstHw !== BROADCAST && dstHw !== '') return
      // A question sent to one host only confirms an address that is already known.
      if (dstMac !== '' && dstMac !== BROADCAST && dstMac !== NONE) return
      // A probe for a free address (RFC 5227), and an announcement.
      if (isUnspecified(srcIp) || srcIp === dstIp) return
      const { config } = tools
      if (config.exempt.includes(srcIp)) return
      const state = tools.state()
      const { targets } = state
      const spanMs = config.spanSeconds * 1_000
      state.newestMs = Math.max(state.newestMs, tsMs)
      const askedMs = targets.get(dstIp) ?? tsMs
      targets.delete(dstIp)
      targets.set(dstIp, Math.max(askedMs, tsMs))
      for (const [target, lastMs] of targets) {
        if (targets.size <= MAX_TARGETS && lastMs >= state.newestMs - spanMs) break
        targets.delete(target)
      }
      const known = targets.size
      if (known < config.minTargets) {
        state.next = config.minTargets
        return
      }
      if (known < state.next) return
      const point = doublingReached(config.minTargets, known)
      state.next = point * 2
      const range = rangeOf(targets)
      tools.report({
        key: `targets|${point}`,
        confidence: known >= 4 * config.minTargets ? 0.8 : known >= 2 * config.minTargets ? 0.6 : 0.4,
        record,
        victim: null,
        description: `${srcIp} asked by ARP for ${known} addresses within ${config.spanSeconds} seconds, from ${range.lowest} to ${range.highest}.`,
        facts: {
          targets: known,
          lowestTarget: range.lowest,
          highestTarget: range.highest,
          spanSeconds: config.spanSeconds,
          mac: record.srcMac,
        },
      })
    },
  },
})

function rangeOf(targets: ReadonlyMap<string, number>): {
  readonly lowest: string
  readonly highest: string
} {
  let lowest = ''
  let highest = ''
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const target of targets.keys()) {
    const order = numberOf(target)
    if (order < low) {
      low = order
      lowest = target
    }
    if (order > high) {
      high = order
      highest = target
    }
  }
  return { lowest, highest }
}

function numberOf(ip: string): number {
  return ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}
