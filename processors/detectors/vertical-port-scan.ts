import { bySource } from '../keys.ts'
import { isScannable } from '../profile/address-class.ts'
import { isAnswerLike, isCountedStray } from '../stats/answer-like.ts'
import {
  addContact,
  type Contacts,
  emptyContacts,
  finish,
  isOneOfFew,
  MAX_PER_GROUP,
} from '../stats/contacts.ts'
import { uidsOf } from '../stats/sample-uids.ts'
import { scanConfidence } from '../stats/scan-confidence.ts'
import { isStealthProbe } from '../stats/stealth-probe.ts'
import { isUnanswered } from '../stats/unanswered.ts'
import { defineDetector } from './detector.ts'
import { count, flag, steps } from './settings.ts'

/** From this many ports on, no broken service explains it. */
const CERTAIN_PORTS = 10
/** Where the systems in use begin to take a client's own port from. */
const FIRST_EPHEMERAL_PORT = 32_768

export const verticalPortScan = defineDetector({
  id: 'vertical-port-scan',
  version: 4,
  claim: 'A host tries many ports of one other host, most of which do not answer.',
  spec: 'SCAN-01',
  types: ['VERTICAL_PORT_SCAN'],
  level: 'high',
  techniques: ['T1046'],
  misfires:
    'Vulnerability scanners and inventory tools; calls and transfers that negotiate a new port each time with a host that has gone.',
  key: bySource,
  settings: {
    ports: steps(
      [6, 10, 100, 1_000],
      'Unanswered ports of one host in one window at which it is said, and said again.',
      MAX_PER_GROUP,
    ),
    skipAnswers: flag(true, 'Leave out what reads like the way back of a connection seen only in part.'),
    strayAnswers: count(
      50,
      'Ports of one host that are left out in one window as late answers over UDP, seen by a sensor that joins both ways of a flow; more are no answers.',
      MAX_PER_GROUP,
    ),
    skipClientPorts: flag(
      true,
      'Leave out UDP ports from 32768 on: answers to questions that went to a group, traceroute, calls.',
    ),
  },
  state: {
    scope: 'window',
    version: 2,
    maxBytes: 2_000_000,
    empty: (): Contacts<number> => emptyContacts(),
  },
  on: {
    conn(record, tools) {
      const isProbe = isStealthProbe(record)
      if (!isProbe && (!isUnanswered(record) || (record.proto !== 'tcp' && record.proto !== 'udp'))) return
      const { dstPort } = record
      if (dstPort === null || dstPort === 0 || !isScannable(record.dstIp)) return
      const { config } = tools
      if (config.skipClientPorts && record.proto === 'udp' && dstPort >= FIRST_EPHEMERAL_PORT) return
      const isAnswer = config.skipAnswers && !isProbe && isAnswerLike(record)
      if (isAnswer && !isCountedStray(record)) return

      const contacts = tools.state()
      const name = `${record.proto}|${record.dstIp}`
      if (isAnswer && isOneOfFew(contacts, `stray|${name}`, dstPort, config.strayAnswers, record.tsMs)) return
      const group = addContact(contacts, name, dstPort, record.srcPkts, record.tsMs, record.uid)
      if (group === undefined || group.total < (config.ports[group.passed] ?? Number.POSITIVE_INFINITY))
        return
      group.passed += 1
      tools.host.markScanner(tools.window.startMs)
      const { total, packets, uids } = group
      tools.report({
        key: `${name}|${total}`,
        level: total < CERTAIN_PORTS ? 'medium' : 'high',
        confidence: scanConfidence(packets),
        record,
        uids: uidsOf(uids),
        description: `${record.srcIp} tried ${total} ${record.proto} ports of ${record.dstIp} without an answer, in ${packets} packets`,
        facts: { ports: total, packets, seconds: Math.round((record.tsMs - group.firstMs) / 1_000) },
      })
      if (group.passed === config.ports.length) finish(contacts, group)
    },
  },
})
