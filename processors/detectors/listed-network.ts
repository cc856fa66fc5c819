import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { ratio, steps } from './settings.ts'

export const listedNetwork = defineDetector({
  id: 'listed-network',
  version: 1,
  claim: 'A host connected to an address of a network whose AS number a feed lists.',
  spec: 'TI-6',
  types: ['THREAT_INTELLIGENCE_BLACKLISTED_ASN'],
  level: 'low',
  techniques: ['T1071'],
  misfires: 'Every other customer of the provider; needs a table of AS numbers, without which it is silent.',
  key: bySource,
  settings: {
    steps: steps(
      hitSteps,
      'Connections of one host to one listed network in one window at which it is said.',
    ),
    share: ratio(0.8, 'Share of the confidence left, as most of a network is not what it is listed for.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    conn(record, tools) {
      const { srcIp, dstIp, proto, tsMs, uid } = record
      if (tools.intel.isEmpty || !tools.intel.lists('asn')) return
      if (proto === 'icmp' || tools.network.isHome(dstIp, srcIp)) return
      const place = tools.whereabouts.placeOf(dstIp)
      if (place === null || place.asn === 0) return
      const verdict = tools.intel.exact('asn', `AS${place.asn}`, tsMs)
      if (verdict === null) return
      const hit = countHit(tools.state(), verdict.value, uid, tools.config.steps)
      if (hit === null) return
      const confidence = verdict.confidence * tools.config.share
      const network = place.asName === '' ? verdict.value : `${place.asName} (${verdict.value})`
      tools.report({
        ...listedPair(hit, verdict, {
          confidence,
          client: srcIp,
          server: dstIp,
          description: `${dstIp} of ${network}, ${listedBy(verdict)}, was called by ${srcIp}${timesText(hit.count)}.`,
        }),
        record,
        description: `${srcIp} connected to ${dstIp} of ${network}${timesText(hit.count)}, ${listedBy(verdict)}.`,
        facts: { ...verdictFacts(verdict, hit.count), answered: record.established !== false },
      })
    },
  },
})
