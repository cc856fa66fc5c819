import type { FlowRecord, RecordKind } from '@weir/schemas'
import { canonicalName } from '../data/dns-zones.ts'
import { isForAgeAlone } from '../data/young-domain-tags.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector, type Tools } from './detector.ts'
import { ratio, steps } from './settings.ts'

const settings = {
  steps: steps(hitSteps, 'Times a host names one listed domain in one window at which it is said.'),
  belowShare: ratio(0.7, 'Share of the confidence left for a name below the one that is listed.'),
}

export const listedDomain = defineDetector({
  id: 'listed-domain',
  version: 1,
  claim: 'A host asked for a name that a feed lists, or for one below it: in DNS, in TLS or in HTTP.',
  spec: 'TI-5',
  types: ['THREAT_INTELLIGENCE_BLACKLISTED_DOMAIN'],
  level: 'high',
  techniques: ['T1071'],
  misfires:
    'Resolvers and proxies that ask for others; names that have changed hands; research that visits what is listed.',
  key: bySource,
  settings,
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    dns: (record, tools) => look(record, record.query, 'dns', tools),
    tls: (record, tools) => look(record, record.serverName, 'tls', tools),
    http: (record, tools) => look(record, withoutPort(record.host), 'http', tools),
  },
})

function withoutPort(host: string): string {
  const colon = host.indexOf(':')
  return colon < 0 ? host : host.slice(0, colon)
}

function look(
  record: FlowRecord,
  given: string,
  seenIn: Extract<RecordKind, 'dns' | 'tls' | 'http'>,
  tools: Tools<Hits, typeof settings>,
): void {
  if (tools.intel.isEmpty || given === '') return
  const name = canonicalName(given)
  const verdict = tools.intel.domain(name, record.tsMs)
  // That a domain is young is said elsewhere.
  if (verdict === null || isForAgeAlone(verdict)) return
  const hit = countHit(tools.state(), verdict.value, record.uid, tools.config.steps)
  if (hit === null) return
  const isBelow = verdict.value !== name
  const shown = name.slice(0, 253)
  tools.report({
    key: hit.key,
    level: hit.at(verdict.level),
    confidence: verdict.confidence * (isBelow ? tools.config.belowShare : 1),
    record,
    uids: hit.uids,
    victim: { direction: 'dst', type: 'domain', value: shown },
    description: `${record.srcIp} asked for ${shown}${timesText(hit.count)}, ${isBelow ? `below ${verdict.value}, ` : ''}${listedBy(verdict)}.`,
    facts: { ...verdictFacts(verdict, hit.count), name: shown, isBelow, seenIn },
  })
}
