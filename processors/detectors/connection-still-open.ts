import type { Conn, Source } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { type Forgetting, keepForgetting, noteToForget } from '../profile/forgetting.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

/** One connection that was told of in several records. */
type Open = {
  readonly firstMs: number
  lastMs: number
  records: number
  sent: number
  received: number
  /** Start of the latest record and what it counted: one that grows counts from the beginning again. */
  startMs: number
  startSent: number
  startReceived: number
  said: number
  uids: readonly string[]
}

type State = Forgetting & { readonly open: Map<string, Open> }

const MAX_OPEN = 300
const MAX_UIDS = 10
const HOUR_MS = 3_600_000
/**
 * Records of shorter connections are not one of many that tell of the same: Argus tells of one each five seconds, flow exporters each half
 * minute (RFC 5102, flowActiveTimeout) and more, Zeek's logs of long connections after minutes, as Suricata's flow timeouts.
 */
const minRecordMs: Readonly<Record<Source, number>> = {
  argus: 4_000,
  nfdump: 25_000,
  suricata: 60_000,
  zeek: 60_000,
}
/** Silence after which the same ends and ports are another connection. */
const GAP_MS = 1_800_000
const FORGET_MS = 2 * HOUR_MS

export const connectionStillOpen = defineDetector({
  id: 'connection-still-open',
  version: 1,
  claim: 'A connection of which the sensor tells while it lasts has been open for hours.',
  spec: 'OPEN-01',
  types: ['OPEN_CONNECTION'],
  level: 'low',
  techniques: ['T1071'],
  misfires: 'Push services, remote shells, streams, tunnels and database pools; hence the low level.',
  key: bySource,
  settings: {
    hours: steps(
      [1, 4, 12, 24, 48],
      'Hours between the begin of its first record and the end of its latest at which it is said.',
    ),
  },
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 500_000,
    empty: (): State => ({ open: new Map(), wakesAtMs: 0 }),
  },
  on: {
    conn(record, tools) {
      const { durationMs, srcIp, dstIp, srcPort, dstPort } = record
      if (!(durationMs >= minRecordMs[record.source]) || srcPort === null || dstPort === null) return
      if (!isUnicast(srcIp) || !isUnicast(dstIp)) return
      const state = tools.state()
      noteToForget(state, FORGET_MS, tools)
      const one = openOf(state.open, record)
      one.uids = sampleUid(one.uids, record.uid, MAX_UIDS)
      // One record that is long by itself is said by the detector of long connections.
      if (one.records < 2) return
      const openMs = one.lastMs - one.firstMs
      const reached = stepReached(tools.config.hours, openMs / HOUR_MS)
      if (reached <= one.said) return
      one.said = reached
      const hours = Math.round((openMs / HOUR_MS) * 10) / 10
      tools.report({
        key: `${one.firstMs}|${nameOf(record)}|${reached}`,
        confidence: Math.min(1, Math.round((hours / 24) * 100) / 100),
        record,
        uids: one.uids.length === 0 ? [record.uid] : [...one.uids],
        description: `The connection of ${srcIp} to port ${record.proto}/${dstPort} of ${dstIp} has been open for ${hours} hours`,
        facts: {
          hours,
          records: one.records,
          bytesSent: one.sent + one.startSent,
          bytesReceived: one.received + one.startReceived,
          state: record.state,
          service: record.service,
        },
      })
    },
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined) return
    let oldest = Number.POSITIVE_INFINITY
    for (const [name, { lastMs }] of state.open) {
      if (lastMs <= dueMs - FORGET_MS) state.open.delete(name)
      else oldest = Math.min(oldest, lastMs)
    }
    if (state.open.size === 0) {
      tools.forget()
      return
    }
    keepForgetting(state, oldest, dueMs, FORGET_MS, tools)
  },
})

const nameOf = ({ proto, srcPort, dstIp, dstPort }: Conn): string => `${proto}|${srcPort}|${dstIp}|${dstPort}`

/** With the record counted in. Records come when they are written: of one connection in the order of their ends. */
function openOf(open: Map<string, Open>, record: Conn): Open {
  const { tsMs, durationMs, srcBytes, dstBytes } = record
  const name = nameOf(record)
  const endMs = tsMs + durationMs
  const known = open.get(name)
  open.delete(name)
  if (known === undefined || tsMs - known.lastMs > GAP_MS) {
    if (open.size >= MAX_OPEN) {
      for (const oldest of open.keys()) {
        open.delete(oldest)
        break
      }
    }
    const one: Open = {
      firstMs: tsMs,
      lastMs: endMs,
      records: 1,
      sent: 0,
      received: 0,
      startMs: tsMs,
      startSent: srcBytes,
      startReceived: dstBytes,
      said: 0,
      uids: [],
    }
    open.set(name, one)
    return one
  }
  if (tsMs > known.startMs) {
    known.sent += known.startSent
    known.received += known.startReceived
  }
  known.startMs = tsMs
  known.startSent = srcBytes
  known.startReceived = dstBytes
  known.records += 1
  if (endMs > known.lastMs) known.lastMs = endMs
  open.set(name, known)
  return known
}
