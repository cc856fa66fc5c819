import { canonicalName } from '../data/dns-zones.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import type { Verdict } from '../intel/indicators.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import { defineDetector, type Finding } from './detector.ts'
import { ratio, steps } from './settings.ts'

export const listedDnsAnswer = defineDetector({
  id: 'listed-dns-answer',
  version: 2,
  claim: 'A name was answered with an address or another name that a feed lists.',
  spec: 'TI-3',
  types: ['THREAT_INTELLIGENCE_BLACKLISTED_DNS_ANSWER'],
  level: 'medium',
  techniques: ['T1071.004'],
  misfires: 'Content networks and shared servers, where the address of one site is that of thousands.',
  key: bySource,
  settings: {
    steps: steps(hitSteps, 'Answers with one listed value to one host in one window at which it is said.'),
    addressShare: ratio(0.7, 'Share of the confidence left for an address: nobody has gone there yet.'),
    belowShare: ratio(0.7, 'Share of the confidence left for a name below the one that is listed.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    dns(record, tools) {
      if (tools.intel.isEmpty || record.answers.length === 0 || record.qtype === 'TXT') return
      const { intel, config } = tools
      for (const answer of record.answers) {
        const isAddress = isPublic(answer)
        const name = isAddress ? answer : canonicalName(answer)
        const verdict: Verdict | null = isAddress
          ? intel.address(answer, record.tsMs)
          : intel.domain(name, record.tsMs)
        if (verdict === null) continue
        // Of a range that is listed, each address is another server.
        const hit = countHit(tools.state(), isAddress ? answer : verdict.value, record.uid, config.steps)
        if (hit === null) continue
        const { srcIp } = record
        const query = canonicalName(record.query).slice(0, 253)
        const share = isAddress ? config.addressShare : verdict.value === name ? 1 : config.belowShare
        const finding: Finding = {
          key: hit.key,
          level: hit.at(verdict.level),
          confidence: verdict.confidence * share,
          record,
          uids: hit.uids,
          victim: isAddress
            ? { direction: 'dst', type: 'ip', value: answer }
            : { direction: 'dst', type: 'domain', value: query },
          description: `${srcIp} asked for ${query} and was answered with ${name.slice(0, 253)}${timesText(hit.count)}, ${listedBy(verdict)}.`,
          facts: { ...verdictFacts(verdict, hit.count), query, answer: name.slice(0, 253) },
        }
        if (!isAddress) {
          tools.report(finding)
          continue
        }
        tools.report({
          ...finding,
          mirror: {
            profile: answer,
            level: hit.at(verdict.level),
            confidence: verdict.confidence,
            attacker: { direction: 'dst', type: 'ip', value: answer },
            victim: { direction: 'src', type: 'ip', value: srcIp },
            description: `${answer}, ${listedBy(verdict)}, is where ${srcIp} was sent for ${query}.`,
          },
        })
      }
    },
  },
})
