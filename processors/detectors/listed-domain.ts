import type { Dns, Http, RecordKind, Tls } from '@weir/schemas'
import { canonicalName } from '../data/dns-zones.ts'
import { isForAgeAlone } from '../data/young-domain-tags.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { hostWithoutPort } from '../intel/indicator-value.ts'
import type { Verdict } from '../intel/indicators.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import { defineDetector, type Tools } from './detector.ts'
import { ratio, steps } from './settings.ts'

const settings = {
  steps: steps(hitSteps, 'Times a host names one listed domain in one window at which it is said.'),
  belowShare: ratio(0.7, 'Share of the confidence left for a name below the one that is listed.'),
}

export const listedDomain = defineDetector({
  id: 'listed-domain',
  version: 2,
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
    http: (record, tools) => look(record, hostWithoutPort(record.host), 'http', tools),
  },
})

function look(
  record: Dns | Tls | Http,
  given: string,
  seenIn: Extract<RecordKind, 'dns' | 'tls' | 'http'>,
  tools: Tools<Hits, typeof settings>,
): void {
  if (tools.intel.isEmpty || given === '') return
  const name = canonicalName(given)
  const verdict = tools.intel.domain(name, record.tsMs)
  // That a domain is young is said elsewhere.
  if (verdict === null || isForAgeAlone(verdict)) return
  const isBelow = verdict.value !== name
  const confidence = verdict.confidence * (isBelow ? tools.config.belowShare : 1)
  const shown = name.slice(0, 253)
  const server =
    record.kind === 'dns' ? record.answers.find(isPublic) : isPublic(record.dstIp) ? record.dstIp : undefined
  if (server !== undefined) tellServer(record, server, shown, verdict, confidence, tools)
  const hit = countHit(tools.state(), verdict.value, record.uid, tools.config.steps)
  if (hit === null) return
  tools.report({
    key: hit.key,
    level: hit.at(verdict.level),
    confidence,
    record,
    uids: hit.uids,
    victim: { direction: 'dst', type: 'domain', value: shown },
    description: `${record.srcIp} asked for ${shown}${timesText(hit.count)}, ${isBelow ? `below ${verdict.value}, ` : ''}${listedBy(verdict)}.`,
    facts: { ...verdictFacts(verdict, hit.count), name: shown, isBelow, seenIn },
  })
}

/** Charged to the first address at which the host met the name: the name is what it is listed for. Once in a window, as the name is counted. */
function tellServer(
  record: Dns | Tls | Http,
  server: string,
  shown: string,
  verdict: Verdict,
  confidence: number,
  tools: Tools<Hits, typeof settings>,
): void {
  const hit = countHit(tools.state(), `at|${verdict.value}`, record.uid, [1])
  if (hit === null) return
  const { srcIp } = record
  tools.report({
    key: hit.key,
    level: verdict.level,
    confidence,
    record,
    profile: server,
    attacker: { direction: 'dst', type: 'domain', value: shown },
    victim: { direction: 'src', type: 'ip', value: srcIp },
    description: `${shown}, ${listedBy(verdict)}, is at ${server}, to which ${srcIp} was sent.`,
    facts: { ...verdictFacts(verdict, hit.count), name: shown, server },
  })
}
