import type { Conn, Tls } from '@weir/schemas'
import { canonicalName, isWithinZone } from '../data/dns-zones.ts'
import { dohServers } from '../data/doh-servers.ts'
import { isPublicResolver } from '../data/public-resolvers.ts'
import { bySource } from '../keys.ts'
import { spokeBothWays } from '../stats/payload.ts'
import { defineDetector, type Tools } from './detector.ts'
import { flag, texts } from './settings.ts'

/** Resolvers told of. */
type State = Set<string>

const MAX_RESOLVERS = 50

const settings = {
  servers: texts(
    dohServers,
    'Names of resolvers that answer over HTTPS, in lower case; each with all below it.',
  ),
  byAddress: flag(true, 'Whether port 443 of a well-known public resolver counts without its name.'),
}

type DohTools = Tools<State, typeof settings>

export const dnsOverHttps = defineDetector({
  id: 'dns-over-https',
  version: 1,
  claim: 'A host asks a resolver outside over HTTPS, past what watches its DNS.',
  spec: 'TLS-08',
  types: ['DOH'],
  level: 'info',
  techniques: ['T1071.004', 'T1572'],
  misfires: 'Browsers that do so by default: it says which hosts no longer show what they look up.',
  key: bySource,
  settings,
  state: { scope: 'window', version: 1, maxBytes: 3_000, empty: (): State => new Set() },
  on: {
    tls(record, tools) {
      const { config } = tools
      const named = record.serverName !== '' && isWithinZone(canonicalName(record.serverName), config.servers)
      const byAddress = config.byAddress && record.dstPort === 443 && isPublicResolver(record.dstIp)
      if (named || byAddress || record.isDoh === true) say(record, record.serverName.slice(0, 255), tools)
    },
    conn(record, tools) {
      if (record.dstPort !== 443 || !tools.config.byAddress || !isPublicResolver(record.dstIp)) return
      if (record.established === true && spokeBothWays(record)) say(record, '', tools)
    },
  },
})

/** Once for each resolver and window, whichever record tells of it first. */
function say(record: Conn | Tls, serverName: string, tools: DohTools): void {
  const { srcIp, dstIp } = record
  const said = tools.state()
  if (said.has(dstIp) || said.size >= MAX_RESOLVERS) return
  said.add(dstIp)
  tools.report({
    key: dstIp,
    confidence: 0.9,
    record,
    description: `${srcIp} asks the resolver ${serverName === '' ? dstIp : `${serverName} (${dstIp})`} over HTTPS.`,
    facts: { serverName, toldBySensor: record.kind === 'tls' && record.isDoh === true },
  })
}
