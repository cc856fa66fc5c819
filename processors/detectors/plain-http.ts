import { bySource } from '../keys.ts'
import { tellAtSteps } from '../stats/tally.ts'
import { defineDetector } from './detector.ts'
import { count, flag, steps } from './settings.ts'

/** Requests by server. */
type State = Map<string, number>

const MAX_SERVERS = 1_000

export const plainHttp = defineDetector({
  id: 'plain-http',
  version: 1,
  claim:
    'A host speaks HTTP without encryption with a server outside: whoever is on the way can read and change it.',
  spec: 'HTTP-09',
  types: ['HTTP_TRAFFIC'],
  level: 'info',
  techniques: ['T1071.001'],
  misfires: 'It is everyday: certificate checks, packages that are signed, devices of the house.',
  key: bySource,
  settings: {
    steps: steps([1, 100, 10_000], 'Requests to one server in one window at which it is said.'),
    inside: flag(false, 'Whether servers of the home networks count as well.'),
    perWindow: count(
      1,
      'Servers of one host that are said in one window, the first ones; everyday traffic has dozens of them.',
      MAX_SERVERS,
    ),
  },
  state: { scope: 'window', version: 1, maxBytes: 70_000, empty: (): State => new Map() },
  on: {
    http(record, tools) {
      if (!tools.config.inside && tools.network.isHome(record.dstIp, record.srcIp)) return
      const servers = tools.state()
      const limit = Math.min(tools.config.perWindow, MAX_SERVERS)
      const requests = tellAtSteps(servers, record.dstIp, tools.config.steps, limit)
      if (requests === 0) return
      const host = record.host === '' ? record.dstIp : record.host.slice(0, 255)
      const named = host === record.dstIp ? host : `${host} (${record.dstIp})`
      tools.report({
        key: `${record.dstIp}|${requests}`,
        confidence: 1,
        record,
        description: `${record.srcIp} speaks HTTP without encryption with ${named}${requests === 1 ? '' : `, ${requests} requests`}.`,
        facts: { host, requests, servers: servers.size },
      })
    },
  },
})
