import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { type Forgetting, keepForgetting, noteToForget } from '../profile/forgetting.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { ratio, steps } from './settings.ts'

type Pair = {
  /** Time in connections that begin after what was counted before them, so that those that overlap count once. */
  connectedMs: number
  countedToMs: number
  longestMs: number
  readonly firstMs: number
  connections: number
  said: number
  /** Of those since a quarter of what is worth saying was reached; `null` before. */
  uids: readonly string[] | null
}

type State = Forgetting & { readonly pairs: Map<string, Pair> }

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
    version: 2,
    maxBytes: 200_000,
    empty: (): State => ({ pairs: new Map(), wakesAtMs: 0 }),
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
      const { pairs } = state
      let pair = pairs.get(dstIp)
      if (pair === undefined) {
        if (pairs.size >= MAX_PAIRS) keepLargest(pairs, MAX_PAIRS / 2, ({ connectedMs }) => connectedMs)
        pair = {
          connectedMs: 0,
          countedToMs: tsMs,
          longestMs: 0,
          firstMs: tsMs,
          connections: 0,
          said: 0,
          uids: null,
        }
        pairs.set(dstIp, pair)
      }
      const endMs = tsMs + durationMs
      if (endMs > pair.countedToMs) {
        pair.connectedMs += endMs - Math.max(tsMs, pair.countedToMs)
        pair.countedToMs = endMs
      }
      pair.connections += 1
      if (durationMs > pair.longestMs) pair.longestMs = durationMs
      const connectedHours = pair.connectedMs / HOUR_MS
      if (connectedHours * 4 < (tools.config.hours[pair.said] ?? 0)) return
      pair.uids = sampleUid(pair.uids ?? [], record.uid, MAX_UIDS)
      const reached = stepReached(tools.config.hours, connectedHours)
      if (reached <= pair.said || pair.longestMs >= pair.connectedMs * tools.config.mostOfOne) return
      pair.said = reached
      const hours = Math.round(connectedHours * 10) / 10
      tools.report({
        key: `${dstIp}|${Math.floor(pair.firstMs)}|${reached}`,
        confidence: Math.min(1, Math.round((hours / 24) * 100) / 100),
        record,
        uids: pair.uids.length === 0 ? [record.uid] : [...pair.uids],
        description: `${srcIp} was connected with ${dstIp} for ${hours} hours, over ${pair.connections} connections`,
        facts: {
          hours,
          connections: pair.connections,
          longestMinutes: Math.floor(pair.longestMs / 60_000),
          sinceHours: Math.round(((endMs - pair.firstMs) / HOUR_MS) * 10) / 10,
        },
      })
    },
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined) return
    let oldest = Number.POSITIVE_INFINITY
    for (const [ip, { countedToMs }] of state.pairs) {
      if (countedToMs <= dueMs - FORGET_MS) state.pairs.delete(ip)
      else oldest = Math.min(oldest, countedToMs)
    }
    if (state.pairs.size === 0) {
      tools.forget()
      return
    }
    keepForgetting(state, oldest, dueMs, FORGET_MS, tools)
  },
})
