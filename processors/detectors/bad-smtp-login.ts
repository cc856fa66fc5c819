import type { Level } from '@weir/schemas'
import { refusalTexts, refusesLogin } from '../data/smtp-replies.ts'
import { bySource } from '../keys.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector } from './detector.ts'
import { steps, texts } from './settings.ts'

/** Refused logins by mail server. */
type State = Map<string, { count: number; said: number; uids: readonly string[] }>

const MAX_SERVERS = 128
const MAX_UIDS = 20

const levels: readonly Level[] = ['low', 'medium', 'high']

export const badSmtpLogin = defineDetector({
  id: 'bad-smtp-login',
  version: 1,
  claim: "A mail server refused a host's login.",
  spec: 'SMTP-01',
  types: ['BAD_SMTP_LOGIN'],
  level: 'low',
  techniques: ['T1110'],
  misfires:
    'A mistyped or changed password; a device that still has the former one and tries it again and again.',
  key: bySource,
  settings: {
    texts: texts(
      refusalTexts,
      'Wordings of a refusal, in lower case, besides the reply codes 535, 534, 530 and 454.',
    ),
    steps: steps(
      [1, 10, 100],
      'Refused logins at one server in one window at which it is said: low, medium, then high.',
    ),
  },
  state: { scope: 'window', version: 1, maxBytes: 220_000, empty: (): State => new Map() },
  on: {
    smtp(record, tools) {
      if (record.dstIp === '' || !refusesLogin(record.lastReply, tools.config.texts)) return
      const servers = tools.state()
      let server = servers.get(record.dstIp)
      if (server === undefined) {
        if (servers.size >= MAX_SERVERS) return
        server = { count: 0, said: 0, uids: [] }
        servers.set(record.dstIp, server)
      }
      server.count += 1
      server.uids = sampleUid(server.uids, record.uid, MAX_UIDS)
      const reached = stepReached(tools.config.steps, server.count)
      if (reached <= server.said) return
      server.said = reached
      tools.report({
        key: `${record.dstIp}|${reached}`,
        level: levels[tools.config.steps.indexOf(reached)] ?? 'high',
        confidence: 1,
        record,
        uids: [...server.uids],
        description: `The mail server ${record.dstIp} refused ${server.count === 1 ? 'a login' : `${server.count} logins`} of ${record.srcIp}: '${record.lastReply.slice(0, 100)}'.`,
        facts: {
          refusedLogins: server.count,
          lastReply: record.lastReply.slice(0, 200),
          dstPort: record.dstPort ?? 0,
        },
      })
    },
  },
})
