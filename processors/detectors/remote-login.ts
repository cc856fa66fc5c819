import type { Conn, Login } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { spokeBothWays } from '../stats/payload.ts'
import { tellAtSteps } from '../stats/tally.ts'
import { defineDetector, type Tools } from './detector.ts'
import { flag, steps } from './settings.ts'

/** Logins by server, service and outcome. */
type State = Map<string, number>

type Outcome = 'successful' | 'failed' | 'confused' | 'unknown'

const MAX_KEYS = 100
const MAX_USER = 64

/** The ports of telnet, rlogin and rsh (IANA). */
const services: ReadonlyMap<number, string> = new Map([
  [23, 'telnet'],
  [513, 'rlogin'],
  [514, 'rsh'],
])

const settings = {
  steps: steps([1, 10, 100, 1_000], 'Logins of one outcome at one server in one window at which it is said.'),
  fromConnections: flag(
    true,
    'Whether sessions on these ports count where the sensor does not look into them; their outcome is unknown.',
  ),
}

type LoginTools = Tools<State, typeof settings>

export const remoteLogin = defineDetector({
  id: 'remote-login',
  version: 1,
  claim: 'A host logs in to another, or tries to, without encryption: by telnet, rlogin or rsh.',
  spec: 'LOGIN-01',
  types: ['LOGIN'],
  level: 'info',
  techniques: ['T1078'],
  misfires: 'It is not a fault in itself: switches and older devices know nothing else.',
  key: bySource,
  settings,
  state: { scope: 'window', version: 1, maxBytes: 12_000, empty: (): State => new Map() },
  on: {
    login(record, tools) {
      if (record.dstIp === '') return
      const outcome = record.success ? 'successful' : record.confused ? 'confused' : 'failed'
      say(record, record.service.slice(0, 20), outcome, record.user.slice(0, MAX_USER), tools)
    },
    conn(record, tools) {
      if (record.dstPort === null || record.dstPort > 514 || record.source === 'zeek') return
      const service = services.get(record.dstPort)
      if (service === undefined || record.proto !== 'tcp' || !tools.config.fromConnections) return
      if (record.established === true && spokeBothWays(record)) say(record, service, 'unknown', '', tools)
    },
  },
})

function say(record: Conn | Login, service: string, outcome: Outcome, user: string, tools: LoginTools): void {
  const { srcIp, dstIp, dstPort } = record
  const key = `${dstIp}|${dstPort ?? 0}|${outcome}`
  const logins = tellAtSteps(tools.state(), key, tools.config.steps, MAX_KEYS)
  if (logins === 0) return
  const by = `by ${service === '' ? 'an unencrypted protocol' : service}`
  const as = user === '' ? '' : ` as '${user}'`
  const times = logins === 1 ? '' : `, ${logins} times`
  tools.report({
    key: `${key}|${logins}`,
    confidence: outcome === 'unknown' ? 0.5 : 1,
    record,
    description: `${srcIp} ${verbs[outcome]} ${dstIp} ${by}${as}${times}.`,
    facts: { outcome, service, user, logins, dstPort: dstPort ?? 0 },
  })
}

const verbs: Readonly<Record<Outcome, string>> = {
  successful: 'logged in to',
  failed: 'failed to log in to',
  confused: 'held a dialogue that could not be followed with',
  unknown: 'held a session with',
}
