import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { type Forgetting, keepForgetting, noteToForget } from '../profile/forgetting.ts'
import { withLargest } from '../stats/keep-largest.ts'
import { type UidSample, uidsOf, withUid } from '../stats/sample-uids.ts'
import {
  entriesOf,
  type SmallMap,
  sizeOfMap,
  valueUnder,
  withoutName,
  withValue,
} from '../stats/small-map.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { ratio, steps } from './settings.ts'

type Pair = {
  readonly firstMs: number
  longestMs: number
  /** `null` while there was one connection, of which those two tell all there is. */
  more: More | null
  said: number
  /** Of those since a quarter of what is worth saying was reached. */
  uids: UidSample
}

type More = {
  /** Time in connections that begin after what was counted before them, so that those that overlap count once. */
  connectedMs: number
  countedToMs: number
  connections: number
}

type State = Forgetting & { pairs: SmallMap<Pair> }

const MAX_PAIRS = 150
const MAX_UIDS = 10
const HOUR_MS = 3_600_000
/** Shorter connections add up to hours only where they are many, which is another story. */
const MIN_MS = 60_000
const FORGET_MS = 6 * HOUR_MS

export const longContact = defineDetector({
  id: 'long-contact',
  version: 1,
  claim: 'A host was connected with another for hours, over several connections that follow each other.',
  spec: 'OPEN-02',
  types: ['LONG_CONTACT'],
  level: 'low',
  techniques: ['T1071'],
  misfires:
    'Push services and streams that connect anew each hour, calls, shared drives; hence the low level.',
  key: bySource,
  settings: {
    hours: steps([4, 8, 24, 72], 'Hours in connections with one host at which it is said.'),
    mostOfOne: ratio(
      0.6,
      'Share of the time from which one connection makes up most of it, and the detector of long connections speaks.',
    ),
  },
  state: {
    scope: 'host',
    version: 3,
    maxBytes: 200_000,
    empty: (): State => ({ pairs: null, wakesAtMs: 0 }),
  },
  on: {
    conn(record, tools) {
      const { tsMs, durationMs, srcIp, dstIp } = record
      if (
        !(durationMs >= MIN_MS) ||
        !isUnicast(srcIp) ||
        !isUnicast(dstIp) ||
        tools.network.isHome(dstIp, srcIp)
      )
        return
      const state = tools.state()
      noteToForget(state, FORGET_MS, tools)
      const known = valueUnder(state.pairs, dstIp)
      if (known === undefined && sizeOfMap(state.pairs) >= MAX_PAIRS)
        state.pairs = withLargest(state.pairs, MAX_PAIRS / 2, (pair) => moreOf(pair).connectedMs)
      const pair = known ?? { firstMs: tsMs, longestMs: durationMs, more: null, said: 0, uids: null }
      if (known === undefined) state.pairs = withValue(state.pairs, dstIp, pair)
      else addTo(known, tsMs, durationMs)
      const { connectedMs, connections } = moreOf(pair)
      const connectedHours = connectedMs / HOUR_MS
      if (connectedHours * 4 < (tools.config.hours[pair.said] ?? 0)) return
      pair.uids = withUid(pair.uids, record.uid, MAX_UIDS)
      const reached = stepReached(tools.config.hours, connectedHours)
      if (reached <= pair.said || pair.longestMs >= connectedMs * tools.config.mostOfOne) return
      pair.said = reached
      const hours = Math.round(connectedHours * 10) / 10
      tools.report({
        key: `${dstIp}|${Math.floor(pair.firstMs)}|${reached}`,
        confidence: Math.min(1, Math.round((hours / 24) * 100) / 100),
        record,
        uids: uidsOf(pair.uids, record.uid),
        description: `${srcIp} was connected with ${dstIp} for ${hours} hours, over ${connections} connections`,
        facts: {
          hours,
          connections,
          longestMinutes: Math.floor(pair.longestMs / 60_000),
          sinceHours: Math.round(((tsMs + durationMs - pair.firstMs) / HOUR_MS) * 10) / 10,
        },
      })
    },
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined) return
    let oldest = Number.POSITIVE_INFINITY
    for (const [ip, pair] of entriesOf(state.pairs)) {
      const { countedToMs } = moreOf(pair)
      if (countedToMs <= dueMs - FORGET_MS) state.pairs = withoutName(state.pairs, ip)
      else oldest = Math.min(oldest, countedToMs)
    }
    if (state.pairs === null) {
      tools.forget()
      return
    }
    keepForgetting(state, oldest, dueMs, FORGET_MS, tools)
  },
})

function moreOf({ firstMs, longestMs, more }: Pair): More {
  if (more !== null) return more
  const countedToMs = firstMs + longestMs
  return { connectedMs: countedToMs - firstMs, countedToMs, connections: 1 }
}

/** One more connection. */
function addTo(pair: Pair, tsMs: number, durationMs: number): void {
  const more = (pair.more ??= moreOf(pair))
  const endMs = tsMs + durationMs
  if (endMs > more.countedToMs) {
    more.connectedMs += endMs - Math.max(tsMs, more.countedToMs)
    more.countedToMs = endMs
  }
  more.connections += 1
  if (durationMs > pair.longestMs) pair.longestMs = durationMs
}
