import { type SystemFamily, systemOf } from '../data/user-agent-systems.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { texts } from './settings.ts'

/** The first user agent of each family of systems, in the order of first sight. */
type State = Map<SystemFamily, string>

const MAX_TEXT = 200

export const multipleUserAgents = defineDetector({
  id: 'multiple-user-agents',
  version: 1,
  claim: 'A host speaks HTTP under names of several operating systems.',
  spec: 'HTTP-04',
  types: ['MULTIPLE_USER_AGENT'],
  level: 'info',
  techniques: ['T1071.001', 'T1036'],
  misfires: 'Networks behind one translated address; virtual machines; programs with borrowed names.',
  key: bySource,
  settings: {
    exempt: texts(
      ['console', 'television'],
      'Families that do not count: what they call themselves is loose.',
    ),
  },
  state: { scope: 'window', version: 1, maxBytes: 4_000, empty: (): State => new Map() },
  on: {
    http(record, tools) {
      const family = systemOf(record.userAgent)
      if (family === null || tools.config.exempt.includes(family)) return
      const seen = tools.state()
      if (seen.has(family)) return
      const [former] = seen
      const agent = record.userAgent.slice(0, MAX_TEXT)
      seen.set(family, agent)
      if (former === undefined) return
      const [formerFamily, formerAgent] = former
      tools.report({
        key: family,
        confidence: 1,
        record,
        victim: null,
        description: `${record.srcIp} calls itself '${agent}' (${family}) after '${formerAgent}' (${formerFamily}).`,
        facts: {
          system: family,
          userAgent: agent,
          formerSystem: formerFamily,
          formerUserAgent: formerAgent,
          systems: seen.size,
        },
      })
    },
  },
})
