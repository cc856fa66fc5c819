import type { Conn } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { keepLargest } from '../stats/keep-largest.ts'
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
  version: 1,
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

/** Address and TCP headers of a reset, which carries no options, as NetFlow counts them. */
const RESET_BYTES = 40
/** With the frame around them, and filled up to the shortest there is. */
const RESET_FRAME_BYTES = 60
const IPV6_RESET_BYTES = 60
const IPV6_RESET_FRAME_BYTES = 74

/** Answered with a reset, as each sensor tells it. */
function isRefused(record: Conn): boolean {
  const { state } = record
  switch (record.source) {
    case 'zeek':
      return state === 'REJ'
    case 'argus':
      // Letters for each side, or one word for both.
      return state.startsWith('S_R') || (state === 'RST' && isAnsweredByResets(record))
    case 'suricata':
      // It counts bytes on the wire and calls a refusal closed.
      return isAnsweredByResets(record)
    case 'nfdump':
      // The flags are those of the way there.
      return state.includes('S') && isAnsweredByResets(record)
  }
}

/** Nothing else came back: an acceptance is larger, as it says how much it can take at once (RFC 9293 section 3.7.1). */
function isAnsweredByResets({ source, srcIp, established, srcPkts, dstPkts, dstBytes }: Conn): boolean {
  if (established !== false || dstPkts === 0 || dstPkts > srcPkts) return false
  const isIpv6 = srcIp.includes(':')
  const framed = isIpv6 ? IPV6_RESET_FRAME_BYTES : RESET_FRAME_BYTES
  const bare = isIpv6 ? IPV6_RESET_BYTES : RESET_BYTES
  return dstBytes <= dstPkts * (source === 'nfdump' ? bare : framed)
}
