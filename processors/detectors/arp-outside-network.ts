import { bySource } from '../keys.ts'
import {
  isLinkLocal,
  isLoopback,
  isMulticast,
  isPublic,
  isUnicast,
  isWithinPrivateUse,
} from '../profile/address-class.ts'
import { isForeignPrivate } from '../profile/local-network.ts'
import type { Network } from '../profile/network.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

type State = { readonly targets: Set<string>; passed: number }

const MAX_TARGETS = 256

export const arpOutsideNetwork = defineDetector({
  id: 'arp-outside-network',
  version: 1,
  claim: 'A host asks its own segment who has an address that is not of the local network.',
  spec: 'ARP-02',
  types: ['ARP_OUTSIDE_LOCALNET'],
  level: 'low',
  techniques: ['T1018'],
  misfires:
    'A wrong network mask or route; several networks on one segment, of which not all are stated as home; devices moved from elsewhere.',
  key: bySource,
  settings: {
    steps: steps(
      [1, 10, 100],
      'Different outside addresses asked for in one window at which it is said.',
      MAX_TARGETS,
    ),
  },
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 8_000,
    empty: (): State => ({ targets: new Set(), passed: 0 }),
  },
  on: {
    arp(record, tools) {
      const { operation, srcIp, dstIp } = record
      if (!operation.includes('request') || dstIp === srcIp || !isOutside(dstIp, srcIp, tools.network)) return
      const state = tools.state()
      const { targets } = state
      if (targets.has(dstIp) || targets.size >= MAX_TARGETS || dstIp.length > 15) return
      targets.add(dstIp)
      const reached = stepReached(tools.config.steps, targets.size)
      if (reached <= state.passed) return
      state.passed = reached
      const others = targets.size - 1
      tools.report({
        key: `${reached}`,
        confidence: isPublic(dstIp) || tools.network.isStated ? 0.6 : 0.3,
        record,
        description: `${srcIp} asked by ARP who has ${dstIp}, which is not of the local network${others === 0 ? '' : `, after ${others} other such addresses`}`,
        facts: { addresses: targets.size, mac: record.srcMac, homeIsStated: tools.network.isStated },
      })
    },
  },
})

/**
 * Where home is stated, what is not of it. Else what cannot be of the asking host's network: for a private host public addresses and
 * other private blocks; for a public one, which may be of a network of any size, what differs in the first octet.
 */
function isOutside(ip: string, askerIp: string, network: Network): boolean {
  if (!isUnicast(ip) || !isUnicast(askerIp) || isLinkLocal(ip) || isLoopback(ip) || isMulticast(ip))
    return false
  if (isLinkLocal(askerIp)) return false
  if (network.isStated) return network.isHome(askerIp) && !network.isHome(ip)
  if (isWithinPrivateUse(askerIp)) return isPublic(ip) || isForeignPrivate(ip, askerIp, network)
  return isPublic(askerIp) && firstOctet(ip) !== firstOctet(askerIp)
}

function firstOctet(ip: string): string {
  return ip.slice(0, ip.indexOf('.'))
}
