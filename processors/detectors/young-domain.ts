import { getDomain } from 'tldts'
import { canonicalName } from '../data/dns-zones.ts'
import { registeredMs, youngDomainTags } from '../data/young-domain-tags.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import { defineDetector } from './detector.ts'
import { number, steps, texts } from './settings.ts'

const DAY_MS = 86_400_000

export const youngDomain = defineDetector({
  id: 'young-domain',
  version: 1,
  claim: 'A host asked for a name of a domain that was registered a short while before.',
  spec: 'DNS-06',
  types: ['YOUNG_DOMAIN'],
  level: 'info',
  techniques: ['T1583.001'],
  misfires: 'New companies, campaigns and events have new domains. It is a note, and weighs nothing.',
  key: bySource,
  settings: {
    days: number(60, 'Days from the registration of a domain to the question up to which it is young.'),
    tags: texts(
      youngDomainTags,
      'Tags of indicators that are young domains, for as long as the indicator does not expire.',
    ),
    steps: steps(hitSteps, 'Questions of one host for one young domain in one window at which it is said.'),
  },
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    dns(record, tools) {
      // Sensors that tell of a question and its answer apart have both: the answer says where the host is sent.
      if (tools.intel.isEmpty || record.query === '' || record.rcode === '') return
      const name = canonicalName(record.query)
      const verdict = tools.intel.domain(name, record.tsMs)
      if (verdict === null) return
      const { config } = tools
      const bornMs = registeredMs(verdict.tags)
      // By event time: what is young today may not have been there when the record was written.
      const ageDays = bornMs === null ? null : Math.floor((record.tsMs - bornMs) / DAY_MS)
      if (
        ageDays === null
          ? !verdict.tags.some((tag) => config.tags.includes(tag))
          : !(ageDays >= 0 && ageDays < config.days)
      )
        return
      const domain = getDomain(name) ?? verdict.value
      const hit = countHit(tools.state(), domain, record.uid, config.steps)
      if (hit === null) return
      const { srcIp } = record
      const answer = record.answers.find(isPublic)
      const shown = name.slice(0, 253)
      const age = ageDays === null ? 'a short while' : ageDays === 1 ? '1 day' : `${ageDays} days`
      tools.report({
        key: hit.key,
        level: 'info',
        confidence: verdict.confidence,
        record,
        uids: hit.uids,
        victim: { direction: 'dst', type: 'domain', value: shown },
        description: `${srcIp} asked for ${shown}${timesText(hit.count)}; ${domain} was registered ${age} before.`,
        facts: {
          ...verdictFacts(verdict, hit.count),
          domain: domain.slice(0, 253),
          ...(ageDays === null ? {} : { ageDays }),
          ...(answer === undefined ? {} : { answer }),
        },
        ...(answer === undefined
          ? {}
          : {
              mirror: {
                profile: answer,
                level: hit.at('low'),
                confidence: verdict.confidence,
                attacker: { direction: 'dst', type: 'ip', value: answer },
                victim: null,
                description: `${answer} serves ${shown}; ${domain} was registered ${age} before.`,
              },
            }),
      })
    },
  },
})
