import type { Conn } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { serversOfAClient } from '../stats/name-servers.ts'
import { sampleUid, uidsOf } from '../stats/sample-uids.ts'
import { defineDetector } from './detector.ts'
import { count, ratio } from './settings.ts'

type State = {
  /** Start of the minute that is counted; questions in it, by their length. */
  minuteMs: number
  questions: number
  readonly lengths: Map<number, number>
  readonly resolvers: Set<string>
  /** Over the window. */
  total: number
  said: number
  uids: readonly string[]
}

const MINUTE_MS = 60_000
const MAX_LENGTHS = 300
const MAX_UIDS = 20
const MAX_QUESTIONS = 100_000

export const dnsRush = defineDetector({
  id: 'dns-rush',
  version: 1,
  claim:
    'A host asks DNS hundreds of questions of one and the same length within a minute, as a program does that tries generated names.',
  spec: 'RUSH-01',
  types: ['DNS_RUSH'],
  level: 'medium',
  techniques: ['T1568.002'],
  misfires: 'Programs that look up the addresses of a range or the names of a list, all made alike.',
  key: bySource,
  settings: {
    questions: count(
      200,
      'Questions within one minute from which their lengths are judged; said again at each tenfold.',
      MAX_QUESTIONS,
    ),
    sameLengthShare: ratio(0.6, 'Share of them that must have the commonest length: names of people differ.'),
  },
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 8_000,
    empty: (): State => ({
      minuteMs: Number.NaN,
      questions: 0,
      lengths: new Map(),
      resolvers: new Set(),
      total: 0,
      said: 0,
      uids: [],
    }),
  },
  on: {
    conn(record, tools) {
      if (record.dstPort !== 53 || !isQuestion(record) || !isUnicast(record.dstIp)) return
      const state = tools.state()
      const minuteMs = Math.floor(record.tsMs / MINUTE_MS) * MINUTE_MS
      if (minuteMs !== state.minuteMs) {
        // A record of a minute that is over is as likely to be lost as counted; a rush fills the next one as well.
        if (minuteMs < state.minuteMs) return
        state.minuteMs = minuteMs
        state.questions = 0
        state.lengths.clear()
        state.resolvers.clear()
      }
      state.questions += 1
      state.total += 1
      if (state.resolvers.size <= serversOfAClient) state.resolvers.add(record.dstIp)
      const length = record.srcBytes
      const known = state.lengths.get(length)
      if (known !== undefined || state.lengths.size < MAX_LENGTHS) state.lengths.set(length, (known ?? 0) + 1)
      state.uids = sampleUid(state.uids, record.uid, MAX_UIDS)
      const next = Math.max(1, tools.config.questions) * 10 ** state.said
      if (state.questions < next || state.resolvers.size > serversOfAClient) return
      const [commonest, times] = commonestOf(state.lengths)
      const sameLengthShare = times / state.questions
      if (sameLengthShare < tools.config.sameLengthShare) return
      state.said += 1
      tools.report({
        key: `rush|${next}`,
        confidence: state.said === 1 ? 0.6 : 0.3,
        record,
        uids: uidsOf(state.uids, record.uid),
        victim: null,
        description: `${record.srcIp} asked DNS ${state.questions} times within a minute, ${times} times in questions of ${commonest} bytes`,
        facts: {
          questions: state.questions,
          questionsOfWindow: state.total,
          commonestBytes: commonest,
          sameLengthShare: Math.round(sameLengthShare * 100) / 100,
          lengths: state.lengths.size,
          resolvers: state.resolvers.size,
        },
      })
    },
  },
})

/** One datagram each way at most: the flow is the question. */
function isQuestion({ proto, srcPkts, srcBytes }: Conn): boolean {
  return proto === 'udp' && srcPkts <= 1 && srcBytes > 0
}

/** Ties go to the length met first. */
function commonestOf(lengths: ReadonlyMap<number, number>): readonly [length: number, times: number] {
  let found: readonly [number, number] = [0, 0]
  for (const entry of lengths) if (entry[1] > found[1]) found = entry
  return found
}
