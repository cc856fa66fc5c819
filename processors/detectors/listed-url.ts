import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { urlOfRequest } from '../intel/indicator-value.ts'
import { urlVerdict } from '../intel/url-verdict.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

const MAX_SHOWN = 500

export const listedUrl = defineDetector({
  id: 'listed-url',
  version: 1,
  claim: 'A host asked over plain HTTP for a URL that a feed lists, whatever query stands behind it.',
  spec: 'TI-7',
  types: ['THREAT_INTELLIGENCE_MALICIOUS_URL'],
  level: 'medium',
  techniques: ['T1071.001', 'T1105'],
  misfires: 'Sites that were abused and have been cleaned; research that visits what is listed.',
  key: bySource,
  settings: {
    steps: steps(hitSteps, 'Requests of one host for one listed URL in one window at which it is said.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    http(record, tools) {
      const { intel } = tools
      if (intel.isEmpty) return
      const url = urlOfRequest(record.host, record.uri, record.dstIp, record.dstPort)
      const verdict = urlVerdict(intel, url, record.tsMs)
      if (verdict === null) return
      const hit = countHit(tools.state(), verdict.value, record.uid, tools.config.steps)
      if (hit === null) return
      const { srcIp, dstIp } = record
      const shown = url.slice(0, MAX_SHOWN)
      tools.report({
        key: hit.key,
        level: hit.at(verdict.level),
        confidence: verdict.confidence,
        record,
        uids: hit.uids,
        victim: { direction: 'dst', type: 'url', value: shown },
        description: `${srcIp} asked for ${shown}${timesText(hit.count)}, ${listedBy(verdict)}.`,
        facts: { ...verdictFacts(verdict, hit.count), url: shown, status: record.statusCode ?? 0 },
        mirror: {
          profile: dstIp,
          level: hit.at(verdict.level),
          confidence: verdict.confidence,
          attacker: { direction: 'dst', type: 'ip', value: dstIp },
          victim: { direction: 'src', type: 'ip', value: srcIp },
          description: `${dstIp} was asked by ${srcIp} for ${shown}, ${listedBy(verdict)}.`,
        },
      })
    },
  },
})
