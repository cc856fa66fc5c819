import { bySource } from '../keys.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import { isRefused } from '../stats/refused.ts'
import { defineDetector } from './detector.ts'
import { count } from './settings.ts'

type Service = {
  refused: number
  /** Reported when this many were refused. */
  nextAt: number
  readonly uids: string[]
}

const MAX_SERVICES = 500
const MAX_UIDS = 100

export const reconnections = defineDetector({
  id: 'reconnections',
  version: 2,
  claim: 'A host keeps connecting to a port that refuses it.',
  spec: 'CONN-03',
  types: ['MULTIPLE_RECONNECTION_ATTEMPTS'],
  level: 'medium',
  techniques: ['T1110', 'T1046'],
  misfires: 'Clients of a service that is down; the first report weighs, those at each doubling hardly.',
  key: bySource,
  settings: {
    refusals: count(
      5,
      'Refused connections to one port in one window before it is said; again at each doubling.',
    ),
  },
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 1_500_000,
    empty: (): Map<string, Service> => new Map(),
  },
  on: {
    conn(record, tools) {
      if (record.proto !== 'tcp' || !isRefused(record)) return
      const services = tools.state()
      const name = `${record.dstIp}|${record.dstPort}`
      let service = services.get(name)
      if (service === undefined) {
        if (services.size >= MAX_SERVICES) keepLargest(services, MAX_SERVICES / 2, ({ refused }) => refused)
        service = { refused: 0, nextAt: Math.max(1, tools.config.refusals), uids: [] }
        services.set(name, service)
      }
      // A log may be among the inputs twice.
      if (service.uids.includes(record.uid)) return
      service.refused += 1
      if (service.uids.length < MAX_UIDS) service.uids.push(record.uid)
      if (service.refused < service.nextAt) return
      const { refused } = service
      const isFirst = refused <= tools.config.refusals
      service.nextAt = 2 * refused
      tools.report({
        key: `${name}|${refused}`,
        level: isFirst ? 'medium' : 'low',
        confidence: isFirst ? 0.5 : 0.25,
        record,
        uids: [...service.uids],
        description: `${record.srcIp} was refused ${refused} times by ${record.dstIp} on port ${record.dstPort}`,
        facts: { refused, port: record.dstPort ?? -1 },
      })
    },
  },
})
