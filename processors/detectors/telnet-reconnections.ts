import { bySource } from '../keys.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { isUnanswered } from '../stats/unanswered.ts'
import { defineDetector } from './detector.ts'
import { count, steps } from './settings.ts'

type Server = {
  tries: number
  /** Reported at this many tries. */
  nextAt: number
  uids: readonly string[]
}

const MAX_SERVERS = 500
const MAX_UIDS = 20

export const telnetReconnections = defineDetector({
  id: 'telnet-reconnections',
  version: 2,
  claim: 'A host keeps trying telnet on a host that does not let it in.',
  spec: 'CONN-04',
  types: ['MULTIPLE_RECONNECTION_ATTEMPTS'],
  level: 'medium',
  techniques: ['T1110', 'T1046'],
  misfires:
    'Scripts that manage an old device which is down; the first report of a device weighs, those at each doubling hardly.',
  key: bySource,
  settings: {
    tries: count(4, 'Tries of one host in one window before it is said; again at each doubling.'),
    ports: steps([23, 2_323], 'Ports that speak telnet, in ascending order.'),
  },
  state: {
    scope: 'window',
    version: 1,
    maxBytes: 1_000_000,
    empty: (): Map<string, Server> => new Map(),
  },
  on: {
    conn(record, tools) {
      const { dstIp, dstPort } = record
      if (record.proto !== 'tcp' || dstPort === null || !tools.config.ports.includes(dstPort)) return
      if (!isUnanswered(record) || isAnswerLike(record)) return
      // Whoever scans for telnet has been told of as a scanner: its targets are no news each.
      if (tools.host.isScanner(tools.window.startMs)) return
      const servers = tools.state()
      let server = servers.get(dstIp)
      if (server === undefined) {
        if (servers.size >= MAX_SERVERS) keepLargest(servers, MAX_SERVERS / 2, ({ tries }) => tries)
        server = { tries: 0, nextAt: Math.max(1, tools.config.tries), uids: [] }
        servers.set(dstIp, server)
      }
      server.tries += 1
      server.uids = sampleUid(server.uids, record.uid, MAX_UIDS)
      if (server.tries < server.nextAt) return
      const { tries } = server
      const isFirst = tries <= tools.config.tries
      server.nextAt = 2 * tries
      tools.report({
        key: `${dstIp}|${tries}`,
        level: isFirst ? 'medium' : 'low',
        confidence: isFirst ? 0.5 : 0.25,
        record,
        uids: [...server.uids],
        description: `${record.srcIp} tried telnet on ${dstIp} ${tries} times and was not let in`,
        facts: { tries, port: dstPort },
      })
    },
  },
})
