import type { Dns } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { foreignSide } from '../profile/local-network.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { defineDetector } from './detector.ts'
import { count, number } from './settings.ts'

type Server = {
  asked: number
  answered: number
  lastMs: number
  readonly first: Dns
  uids: readonly string[]
  /** When it is decided whether the site has this server; 0 once it is known to. */
  dueMs: number
}

const MAX_SERVERS = 50
const MAX_UIDS = 20
const DNS_PORT = 53
/** How long a server that is known to answer is taken to be the site's (DNS-07). */
const KNOWN_MS = 24 * 3_600_000

export const dnsToOtherNetwork = defineDetector({
  id: 'dns-to-other-network',
  version: 1,
  claim:
    'A host asks DNS of a private address that is not of the local network and is no resolver of the site, or asks from one.',
  spec: 'DNS-07',
  types: ['DIFFERENT_LOCALNET'],
  level: 'medium',
  techniques: ['T1071.004', 'T1018'],
  misfires:
    'A resolver set by hand on a device that came from another place; a VPN that has just gone; sites of several networks.',
  key: bySource,
  settings: {
    answers: count(5, 'Answers after which a server is taken to be a resolver of the site, for a day.'),
    waitMinutes: number(10, 'Minutes of event time a server is given to answer so often.'),
  },
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 150_000,
    empty: (): Map<string, Server> => new Map(),
  },
  on: {
    dns(record, tools) {
      const { srcIp, dstIp, tsMs } = record
      const side = foreignSide(srcIp, dstIp, tools.network)
      if (side === '' || record.dstPort !== DNS_PORT || record.proto !== 'udp') return
      if (side === 'src') {
        tools.report({
          key: 'src',
          level: 'low',
          confidence: 1,
          record,
          description: `${srcIp}, a private address of another network, asked ${dstIp} for names`,
          facts: { side, homeIsStated: true },
        })
        return
      }
      const servers = tools.state()
      let server = servers.get(dstIp)
      if (server !== undefined && server.dueMs === 0 && tsMs - server.lastMs > KNOWN_MS) {
        servers.delete(dstIp)
        server = undefined
      }
      if (server === undefined) {
        if (servers.size >= MAX_SERVERS) return
        const dueMs = tools.nowMs + tools.config.waitMinutes * 60_000
        server = { asked: 0, answered: 0, lastMs: tsMs, first: compact(record), uids: [], dueMs }
        servers.set(dstIp, server)
        tools.wakeAt(dueMs)
      }
      if (tsMs > server.lastMs) server.lastMs = tsMs
      if (server.dueMs === 0) return
      server.asked += 1
      if (isAnswered(record)) server.answered += 1
      server.uids = sampleUid(server.uids, record.uid, MAX_UIDS)
      if (server.answered >= tools.config.answers) server.dueMs = 0
    },
  },
  onTimer(dueMs, tools) {
    const servers = tools.peek()
    if (servers === undefined) return
    const { isStated } = tools.network
    for (const [ip, server] of servers) {
      if (server.dueMs === 0) {
        if (dueMs - server.lastMs > KNOWN_MS) servers.delete(ip)
        continue
      }
      if (server.dueMs > dueMs) continue
      servers.delete(ip)
      const { first, asked, answered } = server
      const answers = answered > 0
      tools.report({
        key: ip,
        level: isStated && answers ? 'medium' : 'low',
        confidence: isStated ? 0.4 : 0.2,
        record: first,
        uids: [...server.uids],
        description: `${first.srcIp} asked ${ip} for names, a private address of another network, which gave ${answered === 0 ? 'no answer' : answered === 1 ? 'one answer' : `${answered} answers`}`,
        facts: { side: 'dst', asked, answered, homeIsStated: isStated },
      })
    }
    if (servers.size === 0) tools.forget()
  },
})

function isAnswered({ answers, rcode }: Dns): boolean {
  return answers.length > 0 || rcode === 'NOERROR' || rcode === 'NXDOMAIN'
}

/** What evidence needs of the record, without texts of any length. */
function compact(record: Dns): Dns {
  return { ...record, query: record.query.slice(0, 255), answers: [], ttls: [] }
}
