import type { Conn, Http } from '@weir/schemas'
import { torTags } from '../data/tor-tags.ts'
import { countHit, type Hits, hitSteps, maxHitBytes, timesText } from '../intel/hits.ts'
import { addressAsked } from '../intel/indicator-value.ts'
import { listedPair } from '../intel/listed-pair.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector, type Tools } from './detector.ts'
import { steps } from './settings.ts'

const settings = {
  steps: steps(hitSteps, 'Connections of one host to one listed address in one window at which it is said.'),
}

export const listedDestination = defineDetector({
  id: 'listed-destination',
  version: 2,
  claim:
    'A host connected to an address that a feed lists, or that lies in a range it lists; or asked a proxy for it.',
  spec: 'TI-1',
  types: ['THREAT_INTELLIGENCE_TO_BLACKLISTED_IP'],
  level: 'low',
  techniques: ['T1071'],
  misfires:
    'Servers that many share, listed for one of them; addresses that have changed hands; research that visits what is listed.',
  key: bySource,
  settings,
  state: { scope: 'window', version: 1, maxBytes: maxHitBytes, empty: (): Hits => new Map() },
  on: {
    conn(record, tools) {
      if (tools.intel.isEmpty || record.proto === 'icmp') return
      look(record, record.dstIp, '', record.established !== false, tools)
    },
    http(record, tools) {
      if (tools.intel.isEmpty) return
      // Through a proxy the connection is to the proxy, and the address stands in the request alone.
      const asked = addressAsked(record.host, record.uri)
      if (asked !== '' && asked !== record.dstIp)
        look(record, asked, ` through ${record.dstIp}`, record.statusCode !== null, tools)
    },
  },
})

function look(
  record: Conn | Http,
  server: string,
  through: string,
  answered: boolean,
  tools: Tools<Hits, typeof settings>,
): void {
  const verdict = tools.intel.address(server, record.tsMs)
  if (verdict === null) return
  // An exit of Tor is no more than that, and said as such elsewhere.
  if (verdict.level === 'info' && verdict.tags.some((tag) => torTags.includes(tag))) return
  const { srcIp } = record
  // By address: of a range that is listed, each address that was called is another server.
  const hit = countHit(tools.state(), server, record.uid, tools.config.steps)
  if (hit === null) return
  tools.report({
    ...listedPair(hit, verdict, {
      confidence: verdict.confidence,
      client: srcIp,
      server,
      description: `${server}, ${listedBy(verdict)}, was called by ${srcIp}${through}${timesText(hit.count)}.`,
    }),
    record,
    ...(through === '' ? {} : { victim: { direction: 'dst', type: 'ip', value: server } as const }),
    description: `${srcIp} connected to ${server}${through}${timesText(hit.count)}, ${listedBy(verdict)}.`,
    facts: { ...verdictFacts(verdict, hit.count), answered },
  })
}
