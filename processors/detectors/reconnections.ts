import { bySource } from '../keys.ts'
import { withLargest } from '../stats/keep-largest.ts'
import { isRefused } from '../stats/refused.ts'
import { isSampled, type UidSample, uidsOf, withAnyUid } from '../stats/sample-uids.ts'
import { type SmallMap, sizeOfMap, valueUnder, withValue } from '../stats/small-map.ts'
import { defineDetector } from './detector.ts'
import { count } from './settings.ts'

type Service = {
  refused: number
  /** Reported when this many were refused. */
  nextAt: number
  uids: UidSample
}

type State = { services: SmallMap<Service> }

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
    version: 2,
    maxBytes: 1_500_000,
    empty: (): State => ({ services: null }),
  },
  on: {
    conn(record, tools) {
      if (record.proto !== 'tcp' || !isRefused(record)) return
      const state = tools.state()
      const name = `${record.dstIp}|${record.dstPort}`
      let service = valueUnder(state.services, name)
      if (service === undefined) {
        if (sizeOfMap(state.services) >= MAX_SERVICES)
          state.services = withLargest(state.services, MAX_SERVICES / 2, ({ refused }) => refused)
        service = { refused: 0, nextAt: Math.max(1, tools.config.refusals), uids: null }
        state.services = withValue(state.services, name, service)
      }
      // A log may be among the inputs twice.
      if (isSampled(service.uids, record.uid)) return
      service.refused += 1
      service.uids = withAnyUid(service.uids, record.uid, MAX_UIDS)
      if (service.refused < service.nextAt) return
      const { refused } = service
      const isFirst = refused <= tools.config.refusals
      service.nextAt = 2 * refused
      tools.report({
        key: `${name}|${refused}`,
        level: isFirst ? 'medium' : 'low',
        confidence: isFirst ? 0.5 : 0.25,
        record,
        uids: uidsOf(service.uids),
        description: `${record.srcIp} was refused ${refused} times by ${record.dstIp} on port ${record.dstPort}`,
        facts: { refused, port: record.dstPort ?? -1 },
      })
    },
  },
})
