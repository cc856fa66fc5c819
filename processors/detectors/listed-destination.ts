import { torTags } from '../data/tor-tags.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

export const listedDestination = defineDetector({
  id: 'listed-destination',
  version: 1,
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
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    conn(record, tools) {
      if (tools.intel.isEmpty || record.proto === 'icmp') return
      const verdict = tools.intel.address(record.dstIp, record.tsMs)
      if (verdict === null) return
      // An exit of Tor is no more than that, and said as such elsewhere.
      if (verdict.level === 'info' && verdict.tags.some((tag) => torTags.includes(tag))) return
      const { srcIp, dstIp } = record
      const hit = countHit(tools.state(), verdict.value, record.uid, tools.config.steps)
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
