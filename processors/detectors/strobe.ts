import type { Level } from '@weir/schemas'
import { periodicServices } from '../data/periodic-services.ts'
import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { isByPortAlone } from '../profile/borne-out.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { withLargest } from '../stats/keep-largest.ts'
import { isRefused } from '../stats/refused.ts'
import { type UidSample, uidsOf, withUid } from '../stats/sample-uids.ts'
import { serviceAt, serviceName } from '../stats/service-name.ts'
import { type SmallMap, sizeOfMap, valueUnder, withValue } from '../stats/small-map.ts'
import { defineDetector } from './detector.ts'
import { flag, steps, texts } from './settings.ts'

type Pair = {
  flows: number
  said: number
  sent: number
  firstMs: number
  lastMs: number
  /** Of those since a tenth of the first step was reached. */
  uids: UidSample
}

type State = { pairs: SmallMap<Pair> }

const MAX_PAIRS = 400
const MAX_UIDS = 10

export const strobe = defineDetector({
  id: 'strobe',
  version: 2,
  claim: 'A host opens very many connections to one service of another.',
  spec: 'BEACON-02',
  types: ['STROBE'],
  level: 'medium',
  techniques: ['T1071', 'T1498'],
  misfires:
    'Load tests, crawlers, badly written clients that never keep a connection; within, they weigh little.',
  key: bySource,
  settings: {
    steps: steps(
      [1_000, 10_000, 100_000],
      'Connections of one host to one service in one window at which it is said; only the first weighs.',
    ),
    inside: flag(true, 'Whether services within the home networks are judged as well, as a note.'),
    services: texts(
      periodicServices,
      'Services that are asked very often anyway, as protocol/port. Those of the default are left out where more than the port says what they are, and low otherwise.',
    ),
  },
  state: { scope: 'window', version: 3, maxBytes: 450_000, empty: (): State => ({ pairs: null }) },
  on: {
    conn(record, tools) {
      const { proto, srcIp, dstIp, dstPort, tsMs } = record
      if (dstPort === null || (proto !== 'tcp' && proto !== 'udp') || !isUnicast(dstIp)) return
      const isInside = tools.network.isHome(dstIp, srcIp)
      if (isInside && !tools.config.inside) return
      const service = serviceName(proto, dstPort)
      const isFrequent = tools.config.services.includes(service)
      if ((isFrequent && !isByPortAlone(service, record, tools)) || isAnswerLike(record)) return
      // Whoever keeps trying what refuses it is told of by `reconnections`: not a second time.
      if (proto === 'tcp' && isRefused(record)) return
      const state = tools.state()
      const name = serviceAt(record)
      let pair = valueUnder(state.pairs, name)
      if (pair === undefined) {
        if (sizeOfMap(state.pairs) >= MAX_PAIRS)
          state.pairs = withLargest(state.pairs, MAX_PAIRS / 2, ({ flows }) => flows)
        pair = { flows: 0, said: 0, sent: 0, firstMs: tsMs, lastMs: tsMs, uids: null }
        state.pairs = withValue(state.pairs, name, pair)
      }
      pair.flows += 1
      pair.sent += record.srcBytes
      if (tsMs < pair.firstMs) pair.firstMs = tsMs
      if (tsMs > pair.lastMs) pair.lastMs = tsMs
      const step = tools.config.steps[pair.said]
      if (step === undefined || pair.flows * 10 < step) return
      pair.uids = withUid(pair.uids, record.uid, MAX_UIDS)
      if (pair.flows < step) return
      pair.said += 1
      const isFirst = pair.said === 1
      const level: Level = isInside ? 'info' : isFirst && !isFrequent ? 'medium' : 'low'
      tools.report({
        key: `${name}|${step}`,
        level,
        confidence: isFirst && !isFrequent ? 0.5 : 0.2,
        record,
        uids: uidsOf(pair.uids, record.uid),
        description: `${srcIp} opened ${pair.flows} connections to ${name} within ${Math.ceil((pair.lastMs - pair.firstMs) / 60_000)} minutes`,
        facts: {
          connections: pair.flows,
          seconds: Math.round((pair.lastMs - pair.firstMs) / 1_000),
          bytesSent: pair.sent,
          port: dstPort,
        },
      })
    },
  },
})
