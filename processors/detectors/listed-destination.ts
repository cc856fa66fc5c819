import { torTags } from '../data/tor-tags.ts'
import { type Answered, isAnsweredAgain, maxAnsweredBytes } from '../intel/answered-again.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { count, steps } from './settings.ts'

type State = { readonly hits: Hits; readonly answered: Answered }

export const listedDestination = defineDetector({
  id: 'listed-destination',
  version: 2,
  claim: 'A host connected to an address that a feed lists, or that lies in a range it lists.',
  spec: 'TI-1',
  types: ['THREAT_INTELLIGENCE_TO_BLACKLISTED_IP'],
  level: 'low',
  techniques: ['T1071'],
  misfires:
    'Servers that many share, listed for one of them; addresses that have changed hands; research that visits what is listed.',
  key: bySource,
  settings: {
    steps: steps(
      hitSteps,
      'Connections of one host to one listed address or range in one window at which it is said.',
    ),
    answeredMinutes: count(
      5,
      'Different minutes of one window in which a host is answered by what is listed as high or critical, from which that weighs high on the host itself; a session of an hour is enough.',
    ),
  },
  state: {
    scope: 'window',
    version: 2,
    maxBytes: maxHitBytes + maxAnsweredBytes,
    empty: (): State => ({ hits: new Map(), answered: new Map() }),
  },
  on: {
    conn(record, tools) {
      if (tools.intel.isEmpty || record.proto === 'icmp') return
      const verdict = tools.intel.address(record.dstIp, record.tsMs)
      if (verdict === null) return
      // An exit of Tor is no more than that, and said as such elsewhere.
      if (verdict.level === 'info' && verdict.tags.some((tag) => torTags.includes(tag))) return
      const { srcIp, dstIp } = record
      const { hits, answered } = tools.state()
      const hit = countHit(hits, verdict.value, record.uid, tools.config.steps)
      if (isAnsweredAgain(answered, verdict, record, tools.config.answeredMinutes)) {
        const times = hits.get(verdict.value)?.count ?? 1
        tools.report({
          key: `${verdict.value}|answered`,
          level: 'high',
          confidence: verdict.confidence,
          record,
          description: `${srcIp} had to do with ${dstIp}${timesText(times)} and was answered again and again, ${listedBy(verdict)}.`,
          facts: { ...verdictFacts(verdict, times), answered: true },
        })
      }
      if (hit === null) return
      tools.report({
        ...listedPair(hit, verdict, {
          confidence: verdict.confidence,
          client: srcIp,
          server: dstIp,
          description: `${dstIp}, ${listedBy(verdict)}, was called by ${srcIp}${timesText(hit.count)}.`,
        }),
        record,
        description: `${srcIp} connected to ${dstIp}${timesText(hit.count)}, ${listedBy(verdict)}.`,
        facts: { ...verdictFacts(verdict, hit.count), answered: record.established !== false },
      })
    },
  },
})
