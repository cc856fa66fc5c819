import type { Notice } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { texts } from './settings.ts'

export const reportedAddressScan = defineDetector({
  id: 'reported-address-scan',
  version: 1,
  claim: 'The sensor itself says that a host tried one port on many hosts.',
  spec: 'NOTICE-02',
  types: ['HORIZONTAL_PORT_SCAN'],
  level: 'high',
  techniques: ['T1046', 'T1018'],
  misfires: 'Inventory tools and monitoring; peer-to-peer programs whose peers have gone.',
  key: bySource,
  settings: {
    notes: texts(['Address_Scan'], 'Parts of the names of notices that speak of a scan of hosts.'),
    exempt: texts(
      ['ICMP::'],
      'Parts of the names of notices that do not: pings are no scan of a port and told of by themselves.',
    ),
  },
  on: {
    notice(record, tools) {
      const { notes, exempt } = tools.config
      if (!notes.some((note) => record.note.includes(note))) return
      if (exempt.some((note) => record.note.includes(note))) return
      tools.host.markScanner(tools.window.startMs)
      const port = portOf(record)
      tools.report({
        key: String(port),
        confidence: 1,
        record,
        victim: null,
        description: `The sensor saw ${record.srcIp} scan hosts: ${record.message.slice(0, 300)}`,
        facts: { dstPort: port, note: record.note.slice(0, 100), message: record.message.slice(0, 300) },
      })
    },
  },
})

/** That of the notice, else the one its message speaks of; 0 when there is none. */
function portOf({ dstPort, message }: Notice): number {
  return dstPort ?? Number(/on port (\d{1,5})\//.exec(message)?.[1] ?? 0)
}
