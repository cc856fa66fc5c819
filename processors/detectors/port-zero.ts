import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { defineDetector } from './detector.ts'

export const portZero = defineDetector({
  id: 'port-zero',
  version: 1,
  claim: 'A host sends TCP or UDP to or from port 0, which no service has.',
  spec: 'CONN-05',
  types: ['PORT_0_CONNECTION'],
  level: 'high',
  techniques: ['T1046'],
  misfires: 'Fragments in flow exports that still name one port; broken software that forgets to set one.',
  key: bySource,
  settings: {},
  on: {
    conn(record, tools) {
      const { srcPort, dstPort, proto } = record
      if ((srcPort !== 0 && dstPort !== 0) || (proto !== 'tcp' && proto !== 'udp')) return
      if (!isUnicast(record.dstIp)) return
      // Flow exporters count the fragments of a datagram, which have no ports, as a flow from 0 to 0.
      if (srcPort === 0 && dstPort === 0 && (record.source === 'nfdump' || record.source === 'argus')) return
      // A client's own port changes with every try: it names nothing.
      const from = srcPort === 0 ? '0' : '*'
      tools.report({
        key: `${record.dstIp}|${proto}|${from}|${dstPort}`,
        confidence: 0.8,
        record,
        description: `${record.srcIp}:${srcPort} connected to ${record.dstIp}:${dstPort} over ${proto}`,
        facts: { sourcePort: srcPort ?? -1, destinationPort: dstPort ?? -1 },
      })
    },
  },
})
