import { canonicalName } from '../data/dns-zones.ts'
import { isForAgeAlone } from '../data/young-domain-tags.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import { defineDetector } from './detector.ts'
import { ratio, steps } from './settings.ts'

export const listedNameResolved = defineDetector({
  id: 'listed-name-resolved',
  version: 2,
  claim: 'A name that a feed lists was answered with a public address, which the host can now go to.',
  spec: 'TI-4',
  types: ['THREAT_INTELLIGENCE_ANSWER_OF_BLACKLISTED_QUERY'],
  level: 'low',
  techniques: ['T1071.004'],
  misfires: 'Public addresses that stand for a sinkhole; resolvers that ask for others.',
  key: bySource,
  settings: {
    steps: steps(hitSteps, 'Answers with one address to one host in one window at which it is said.'),
    belowShare: ratio(0.7, 'Share of the confidence left for a name below the one that is listed.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    dns(record, tools) {
      if (tools.intel.isEmpty || record.answers.length === 0) return
      const name = canonicalName(record.query)
      const verdict = tools.intel.domain(name, record.tsMs)
      // That a domain is young is said elsewhere.
      if (verdict === null || isForAgeAlone(verdict)) return
      const isBelow = verdict.value !== name
      const confidence = verdict.confidence * (isBelow ? tools.config.belowShare : 1)
      const shown = name.slice(0, 253)
      const { srcIp } = record
      for (const answer of record.answers) {
        if (!isPublic(answer)) continue
        const hit = countHit(tools.state(), `${verdict.value}|${answer}`, record.uid, tools.config.steps)
        if (hit === null) continue
        // That the name was asked for is said, and weighs, on its own.
        tools.report({
          ...listedPair(hit, verdict, {
            confidence,
            client: srcIp,
            server: answer,
            description: `${answer} is where ${srcIp} was sent for ${shown}, ${listedBy(verdict)}.`,
          }),
          record,
          victim: { direction: 'dst', type: 'domain', value: shown },
          description: `${srcIp} was told that ${shown} is at ${answer}${timesText(hit.count)}; the name is ${listedBy(verdict)}.`,
          facts: { ...verdictFacts(verdict, hit.count), name: shown, isBelow, answer },
        })
      }
    },
  },
})
