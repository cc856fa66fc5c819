import type { Conn, Source } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { type Forgetting, keepForgetting, noteToForget } from '../profile/forgetting.ts'
import { type UidSample, uidsOf, withUid } from '../stats/sample-uids.ts'
import {
  entriesOf,
  type SmallMap,
  valueUnder,
  withNewest,
  withoutName,
  withValue,
} from '../stats/small-map.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

/** One connection of which records tell while it lasts. */
type Open = {
  readonly firstMs: number
  lastMs: number
  /** Of the latest record: one that grows counts from the beginning again. */
  startSent: number
  startReceived: number
  uids: UidSample
  /** `null` while there is one record, as of most there never is another. */
  more: More | null
}

/** What several records told. */
type More = {
  records: number
  /** Before the latest. */
  sent: number
  received: number
  /** Start of the latest. */
  startMs: number
  said: number
}

type State = Forgetting & { open: SmallMap<Open> }

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
    version: 2,
    maxBytes: 500_000,
    empty: (): State => ({ open: null, wakesAtMs: 0 }),
  },
  on: {
    conn(record, tools) {
      const { durationMs, srcIp, dstIp, srcPort, dstPort } = record
      if (!(durationMs >= minRecordMs[record.source]) || srcPort === null || dstPort === null) return
      if (!isUnicast(srcIp) || !isUnicast(dstIp)) return
      const state = tools.state()
      noteToForget(state, FORGET_MS, tools)
      const one = openOf(state, record)
      one.uids = withUid(one.uids, record.uid, MAX_UIDS)
      const { more } = one
      // One record that is long by itself is said by the detector of long connections.
      if (more === null) return
      const openMs = one.lastMs - one.firstMs
      const reached = stepReached(tools.config.hours, openMs / HOUR_MS)
      if (reached <= more.said) return
      more.said = reached
      const hours = Math.round((openMs / HOUR_MS) * 10) / 10
      tools.report({
        key: `${one.firstMs}|${nameOf(record)}|${reached}`,
        confidence: Math.min(1, Math.round((hours / 24) * 100) / 100),
        record,
        uids: uidsOf(one.uids, record.uid),
        description: `The connection of ${srcIp} to port ${record.proto}/${dstPort} of ${dstIp} has been open for ${hours} hours`,
        facts: {
          hours,
          records: more.records,
          bytesSent: more.sent + one.startSent,
          bytesReceived: more.received + one.startReceived,
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
    for (const [name, { lastMs }] of entriesOf(state.open)) {
      if (lastMs <= dueMs - FORGET_MS) state.open = withoutName(state.open, name)
      else oldest = Math.min(oldest, lastMs)
    }
    if (state.open === null) {
      tools.forget()
      return
    }
    keepForgetting(state, oldest, dueMs, FORGET_MS, tools)
  },
})

/** Joined, it is in one piece; put together by and by, it would keep its parts. */
const nameOf = ({ proto, srcPort, dstIp, dstPort }: Conn): string =>
  [proto, srcPort, dstIp, dstPort].join('|')

/** With the record counted in. Records come when they are written: of one connection in the order of their ends. */
function openOf(state: State, record: Conn): Open {
  const { tsMs, durationMs, srcBytes, dstBytes } = record
  const name = nameOf(record)
  const endMs = tsMs + durationMs
  const known = valueUnder(state.open, name)
  // To the end: those heard of least recently go first.
  if (known !== undefined) state.open = withoutName(state.open, name)
  if (known === undefined || tsMs - known.lastMs > GAP_MS) {
    const one: Open = {
      firstMs: tsMs,
      lastMs: endMs,
      startSent: srcBytes,
      startReceived: dstBytes,
      uids: null,
      more: null,
    }
    state.open = withNewest(state.open, name, one, MAX_OPEN)
    return one
  }
  const more = (known.more ??= { records: 1, sent: 0, received: 0, startMs: known.firstMs, said: 0 })
  if (tsMs > more.startMs) {
    more.sent += known.startSent
    more.received += known.startReceived
  }
  more.startMs = tsMs
  known.startSent = srcBytes
  known.startReceived = dstBytes
  more.records += 1
  if (endMs > known.lastMs) known.lastMs = endMs
  state.open = withValue(state.open, name, known)
  return known
}
