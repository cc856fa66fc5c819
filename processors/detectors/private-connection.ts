import { houseServices } from '../data/house-services.ts'
import { bySource } from '../keys.ts'
import { isLinkLocal, isLoopback, isPrivate, isUnicast } from '../profile/address-class.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { serviceCode, serviceSet } from '../stats/service-set.ts'
import { defineDetector } from './detector.ts'
import { count, texts } from './settings.ts'

/** What was told of in this window, as protocol, port and address. */
type State = Set<string>

const MAX_SAID = 200
/** Ports from here on are handed out by the system and belong to no service (RFC 6335). */
const FIRST_DYNAMIC_PORT = 49_152

export const privateConnection = defineDetector({
  id: 'private-connection',
  version: 2,
  claim: 'A host reached another private address on a port that is no service of the house.',
  spec: 'CONN-12',
  types: ['CONNECTION_TO_PRIVATE_IP'],
  level: 'info',
  techniques: ['T1021'],
  misfires:
    'Administrators and backups at work; applications of the house with ports of their own. It is a note, and weighs nothing.',
  key: bySource,
  settings: {
    houseServices: texts(
      houseServices,
      'Services that all hosts of a private network use, as protocol/port: nothing is said of them.',
    ),
    perWindow: count(10, 'Services of other private hosts told of one host in one window.', MAX_SAID),
  },
  state: { scope: 'window', version: 1, maxBytes: 16_000, empty: (): State => new Set() },
  on: {
    conn(record, tools) {
      const { srcIp, dstIp, dstPort, proto } = record
      if (record.established !== true || dstPort === null || dstPort >= FIRST_DYNAMIC_PORT) return
      if ((proto !== 'tcp' && proto !== 'udp') || !isPrivate(dstIp)) return
      if (serviceSet(tools.config.houseServices).has(serviceCode(proto, dstPort))) return
      if (
        !isPrivate(srcIp) ||
        !isUnicast(dstIp) ||
        isLoopback(dstIp) ||
        isLinkLocal(dstIp) ||
        isAnswerLike(record)
      )
        return
      if (tools.host.isScanner(tools.window.startMs) || tools.host.isFtpDataPort(dstPort)) return
      const said = tools.state()
      const name = `${proto}/${dstPort}|${dstIp}`
      if (said.has(name) || said.size >= Math.min(MAX_SAID, tools.config.perWindow)) return
      said.add(name)
      tools.report({
        key: name,
        confidence: 1,
        record,
        description: `${srcIp} connected to the private address ${dstIp} on ${proto} port ${dstPort}`,
        facts: { port: dstPort, service: record.service, services: said.size },
      })
    },
  },
})
