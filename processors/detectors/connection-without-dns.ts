import type { Conn } from '@weir/schemas'
import { isPublicResolver } from '../data/public-resolvers.ts'
import { organisationAt } from '../enrichment/organisations.ts'
import { bySource } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import { isSpokenAt } from '../profile/borne-out.ts'
import type { HostMemory } from '../profile/host-memory.ts'
import { serviceName } from '../stats/service-name.ts'
import {
  entriesOf,
  type SmallMap,
  sizeOfMap,
  valueUnder,
  withNewest,
  withoutName,
  withValue,
} from '../stats/small-map.ts'
import { defineDetector } from './detector.ts'
import { count, number, texts } from './settings.ts'

type Waiting = { readonly record: Conn; flows: number; readonly dueMs: number }

type State = {
  /** By destination and profile window, in the order of coming due. */
  waiting: SmallMap<Waiting>
  /** Reported, or forgiven, by destination and window, with the window's start. */
  settled: SmallMap<number>
}

const MAX_WAITING = 200
const MAX_SETTLED = 2_000
const HOUR_MS = 3_600_000
/** Timers are set to multiples of this, so that a busy host has few. */
const TIMER_MS = 10_000
/** DNS and DNS over TLS have no name to ask for first; time servers stand in DHCP. All of them where the sensor says that they are what is spoken. */
const unnamedPorts: ReadonlySet<number> = new Set([53, 67, 68, 123, 853, 5353])

export const connectionWithoutDns = defineDetector({
  id: 'connection-without-dns',
  version: 3,
  claim: 'A host that resolves names connected to an address that no answer gave it.',
  spec: 'CONN-07',
  types: ['CONNECTION_WITHOUT_DNS'],
  level: 'info',
  techniques: ['T1071'],
  misfires:
    'Peer-to-peer programs, addresses written into software, names resolved over HTTPS or before the sensor began.',
  key: bySource,
  settings: {
    waitSeconds: number(60, 'Seconds of event time an answer may be told of after the connection.'),
    lookBackHours: number(24, 'Hours an answer is good for.'),
    startMinutes: number(30, 'Minutes after a host is first seen during which nothing is said.'),
    organisations: texts(
      ['apple', 'facebook', 'google', 'microsoft', 'twitter'],
      'Companies whose own services everybody talks to without asking for a name; addresses they let to others are not excused.',
    ),
    perWindow: count(50, 'Addresses of one host reported in one window.', MAX_SETTLED),
  },
  state: {
    scope: 'host',
    version: 2,
    maxBytes: 500_000,
    empty: (): State => ({ waiting: null, settled: null }),
  },
  on: {
    conn(record, tools) {
      const { srcIp, dstIp, tsMs } = record
      if (record.source !== 'zeek' && record.source !== 'suricata') return
      if ((record.proto !== 'tcp' && record.proto !== 'udp') || record.service === 'dns') return
      if (!isPublic(dstIp) || tools.network.isHome(dstIp, srcIp)) return
      if (!tools.network.isHome(srcIp, srcIp)) return
      if (isResolved(record, tools.host, tools.config.lookBackHours)) return
      if (isUnnamed(record) || isPublicResolver(dstIp)) return
      if (tsMs - tools.host.firstMs < tools.config.startMinutes * 60_000 || tools.host.isDhcpServer(dstIp))
        return

      const state = tools.state()
      const name = `${tools.window.startMs}|${dstIp}`
      if (valueUnder(state.settled, name) !== undefined) return
      const waiting = valueUnder(state.waiting, name)
      if (waiting !== undefined) waiting.flows += 1
      else if (sizeOfMap(state.waiting) < MAX_WAITING) {
        const dueMs = tools.nowMs + tools.config.waitSeconds * 1_000
        state.waiting = withValue(state.waiting, name, { record, flows: 1, dueMs })
        tools.wakeAt(Math.ceil(dueMs / TIMER_MS) * TIMER_MS)
      }
    },
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined) return
    for (const [name, { record, flows, dueMs: ownDueMs }] of entriesOf(state.waiting)) {
      if (ownDueMs > dueMs) continue
      state.waiting = withoutName(state.waiting, name)
      if (!tools.host.resolvesNames || isResolved(record, tools.host, tools.config.lookBackHours)) continue
      if (tools.config.organisations.includes(organisationAt(record.dstIp, [], tools.whereabouts))) continue
      const windowMs = Number(name.slice(0, name.indexOf('|')))
      if (tools.host.isScanner(windowMs)) continue
      if (!settle(state, name, windowMs, tools.config.perWindow)) continue
      tools.report({
        key: record.dstIp,
        confidence: 0.8,
        record,
        victim: null,
        description: `${record.srcIp} connected to ${record.dstIp}, an address that no DNS answer gave it`,
        facts: { flows, port: record.dstPort ?? -1, service: record.service },
      })
    }
    if (state.waiting === null && state.settled === null) tools.forget()
  },
})

function isUnnamed(record: Conn): boolean {
  const port = record.dstPort ?? 0
  return port === 0 || (unnamedPorts.has(port) && isSpokenAt(serviceName(record.proto, port), record))
}

function isResolved(record: Conn, host: HostMemory, lookBackHours: number): boolean {
  return host.resolvedWithin(record.dstIp, record.tsMs, lookBackHours * HOUR_MS)
}

/** False when the window has had its share. The oldest windows go when there is no room. */
function settle(state: State, name: string, windowMs: number, perWindow: number): boolean {
  let inWindow = 0
  for (const [, other] of entriesOf(state.settled)) if (other === windowMs) inWindow += 1
  if (inWindow >= perWindow) return false
  state.settled = withNewest(state.settled, name, windowMs, MAX_SETTLED)
  return true
}
