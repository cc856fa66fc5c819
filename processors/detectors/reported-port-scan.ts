import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { defineDetector } from './detector.ts'
import { texts } from './settings.ts'

export const reportedPortScan = defineDetector({
  id: 'reported-port-scan',
  version: 1,
  claim: 'The sensor itself says that a host scanned the ports of another.',
  spec: 'NOTICE-01',
  types: ['VERTICAL_PORT_SCAN'],
  level: 'high',
  techniques: ['T1046'],
  misfires: 'Inventory tools and monitoring; servers whose answers a sensor sees without the questions.',
  key: bySource,
  settings: {
    notes: texts(['Port_Scan'], 'Parts of the names of notices that speak of a scan of ports.'),
  },
  on: {
    notice(record, tools) {
      if (!tools.config.notes.some((note) => record.note.includes(note))) return
      tools.host.markScanner(tools.window.startMs)
      const target = targetOf(record.srcIp, record.dstIp, record.message)
      tools.report({
        key: target,
        confidence: 1,
        record,
        victim: target === '' ? null : { direction: 'dst', type: 'ip', value: target },
        description: `The sensor saw ${record.srcIp} scan ports${target === '' ? '' : ` of ${target}`}: ${record.message.slice(0, 300)}`,
        facts: { note: record.note.slice(0, 100), message: record.message.slice(0, 300) },
      })
    },
  },
})

/** The notice's own destination, else the host its message speaks of; `''` when neither names one. */
function targetOf(srcIp: string, dstIp: string, message: string): string {
  if (dstIp !== srcIp && isUnicast(dstIp)) return dstIp
  const named = /ports? of host (\S+)/.exec(message)?.[1] ?? ''
  return isUnicast(named) ? named : ''
}
