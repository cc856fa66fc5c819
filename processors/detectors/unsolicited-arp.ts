import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { count } from './settings.ts'

/** MAC addresses told of in this window. */
type State = Set<string>

const MAX_MACS = 64
const BROADCAST = 'ff:ff:ff:ff:ff:ff'
const NONE = '00:00:00:00:00:00'

export const unsolicitedArp = defineDetector({
  id: 'unsolicited-arp',
  version: 1,
  claim:
    "A host tells the whole network its address without being asked, as one does who wants to take over another's.",
  spec: 'ARP-03',
  types: ['UNSOLICITED_ARP'],
  level: 'low',
  techniques: ['T1557.002'],
  misfires:
    'Hosts that announce themselves at start, and pairs of servers or routers of which one takes over from the other.',
  key: bySource,
  settings: {
    maxMacs: count(16, 'MAC addresses told of for one address in one window.', MAX_MACS),
  },
  state: { scope: 'window', version: 1, maxBytes: 2_000, empty: (): State => new Set() },
  on: {
    arp(record, tools) {
      const { operation, srcMac, dstMac, srcHw, dstHw } = record
      if (dstHw !== BROADCAST || dstMac !== BROADCAST || !operation.includes('reply')) return
      if (srcMac === NONE || srcHw === NONE || srcMac.length > 17) return
      const said = tools.state()
      if (said.has(srcMac) || said.size >= Math.min(MAX_MACS, tools.config.maxMacs)) return
      said.add(srcMac)
      const differ = srcHw !== '' && srcHw !== srcMac
      tools.report({
        key: srcMac,
        confidence: 0.8,
        record,
        victim: null,
        description: `${record.srcIp} (${srcMac}) broadcast an ARP reply that nobody asked for${differ ? `, naming ${srcHw} as its MAC` : ''}.`,
        facts: { mac: srcMac, namedMac: srcHw, macs: said.size },
      })
    },
  },
})
