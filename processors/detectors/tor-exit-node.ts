import { torTags } from '../data/tor-tags.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { steps, texts } from './settings.ts'

export const torExitNode = defineDetector({
  id: 'tor-exit-node',
  version: 1,
  claim: 'A host had to do with an exit of the Tor network, as its client or as its target.',
  spec: 'CONN-11',
  types: ['TOR_EXIT_NODE'],
  level: 'info',
  techniques: ['T1090.003'],
  misfires: 'People who value their privacy; exits that are relays and servers as well.',
  key: bySource,
  settings: {
    steps: steps(hitSteps, 'Connections between two addresses in one window at which it is said.'),
    tags: texts(torTags, 'Tags of indicators that are exits of Tor.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    conn(record, tools) {
      const { intel, config } = tools
      if (intel.isEmpty) return
      const { srcIp, dstIp, tsMs } = record
      for (const side of ['dst', 'src'] as const) {
        const exit = side === 'dst' ? dstIp : srcIp
        const verdict = intel.address(exit, tsMs)
        if (verdict === null || !verdict.tags.some((tag) => config.tags.includes(tag))) continue
        const hit = countHit(tools.state(), `${side}|${srcIp}|${dstIp}`, record.uid, config.steps)
        if (hit === null) continue
        tools.report({
          key: hit.key,
          level: 'info',
          confidence: verdict.confidence,
          record,
          uids: hit.uids,
          attacker: { direction: side, type: 'ip', value: exit },
          victim: {
            direction: side === 'dst' ? 'src' : 'dst',
            type: 'ip',
            value: side === 'dst' ? srcIp : dstIp,
          },
          description:
            side === 'dst'
              ? `${srcIp} connected to the Tor exit ${dstIp}${timesText(hit.count)}, ${listedBy(verdict)}.`
              : `The Tor exit ${srcIp} connected to ${dstIp}${timesText(hit.count)}, ${listedBy(verdict)}.`,
          facts: { ...verdictFacts(verdict, hit.count), side },
        })
      }
    },
  },
})
