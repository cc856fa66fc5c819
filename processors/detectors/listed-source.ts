import { torTags } from '../data/tor-tags.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { steps } from './settings.ts'

export const listedSource = defineDetector({
  id: 'listed-source',
  version: 1,
  claim: 'An address that a feed lists, or that lies in a range it lists, connected to a host.',
  spec: 'TI-2',
  types: ['THREAT_INTELLIGENCE_FROM_BLACKLISTED_IP'],
  level: 'medium',
  techniques: ['T1595'],
  misfires:
    'Scanners of the internet, which come to every public address: only what was answered weighs anything.',
  key: bySource,
  settings: {
    steps: steps(hitSteps, 'Connections from one listed address in one window at which it is said.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    conn(record, tools) {
      if (tools.intel.isEmpty) return
      const verdict = tools.intel.address(record.srcIp, record.tsMs)
      if (verdict === null) return
      if (verdict.level === 'info' && verdict.tags.some((tag) => torTags.includes(tag))) return
      const { srcIp, dstIp } = record
      const isAnswered = record.established !== false && record.proto !== 'icmp'
      const way = isAnswered ? 'answered' : 'tried'
      const hit = countHit(tools.state(), `${way}|${srcIp}`, record.uid, tools.config.steps)
      if (hit === null) return
      tools.report({
        key: hit.key,
        level: hit.at(isAnswered ? verdict.level : 'info'),
        confidence: verdict.confidence,
        record,
        uids: hit.uids,
        description: `${srcIp}, ${listedBy(verdict)}, ${isAnswered ? 'reached' : 'tried to reach'} ${dstIp}${timesText(hit.count)}.`,
        facts: { ...verdictFacts(verdict, hit.count), answered: isAnswered },
      })
    },
  },
})
