import type { Conn, Ssh } from '@weir/schemas'
import { isSshConnection } from '../data/ssh-service.ts'
import { bySource } from '../keys.ts'
import { payloadReceived, payloadSent } from '../stats/payload.ts'
import { stepReached } from '../stats/steps.ts'
import { defineDetector, type Finding, type Tools } from './detector.ts'
import { count, steps } from './settings.ts'

type State = {
  /** Sessions whose result the sensor did not tell, by uid, until their connection says how big they were. */
  readonly sessions: Map<string, number>
  /** Connections that came ahead of their session: bytes and when they were seen. */
  readonly connections: Map<string, { readonly bytes: number; readonly atMs: number }>
  /** Logins told of, by server, port and window. */
  readonly logins: Map<string, { count: number; said: number; lastMs: number }>
}

/** How long one half of a session waits for the other (spec detections.md section 12.9). */
const WAIT_MS = 3_600_000
const MAX_WAITING = 256
const MAX_SERVERS = 128
const LOGINS_KEPT_MS = 6 * 3_600_000
const MAX_UID = 64

const settings = {
  minBytes: count(
    4_290,
    'Payload both ways, in bytes, above which a session of unknown result is taken for a login.',
  ),
  ports: steps([22, 2_222], 'Ports taken for SSH where the sensor names no service.'),
  steps: steps([1, 10, 100, 1_000], 'Logins to one server in one window at which it is said.'),
}

type SshTools = Tools<State, typeof settings>

export const sshSuccess = defineDetector({
  id: 'ssh-success',
  version: 2,
  claim: 'A host logged in to an SSH server.',
  spec: 'SSH-01',
  types: ['SSH_SUCCESSFUL'],
  level: 'info',
  techniques: ['T1021.004'],
  misfires: 'It is not a fault in itself; by size alone, a long failed negotiation looks like a login.',
  key: bySource,
  settings,
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 90_000,
    empty: (): State => ({ sessions: new Map(), connections: new Map(), logins: new Map() }),
  },
  on: {
    ssh(record, tools) {
      if (record.authSuccess === false) return
      if (record.authSuccess === true) {
        say(record, record.tsMs, null, tools)
        return
      }
      if (record.uid.length > MAX_UID) return
      const { sessions, connections } = tools.state()
      const waiting = connections.get(record.uid)
      if (waiting === undefined) {
        keep(sessions, record.uid, record.tsMs)
        for (const [uid, tsMs] of sessions) {
          if (tsMs >= tools.nowMs - WAIT_MS) break
          sessions.delete(uid)
        }
        return
      }
      connections.delete(record.uid)
      if (waiting.bytes > tools.config.minBytes) say(record, record.tsMs, waiting.bytes, tools)
    },
    conn(record, tools) {
      // A session on a port of its own is known by its uid alone.
      const known = tools.peek()
      const sessionMs =
        known === undefined || known.sessions.size === 0 ? undefined : known.sessions.get(record.uid)
      const bytes = payloadSent(record) + payloadReceived(record)
      if (known !== undefined && sessionMs !== undefined) {
        known.sessions.delete(record.uid)
        if (bytes > tools.config.minBytes) say(record, sessionMs, bytes, tools)
        return
      }
      if (!isSshConnection(record, tools.config.ports) || !tellsSessions(record)) return
      if (record.uid.length > MAX_UID || bytes === 0) return
      const { connections } = tools.state()
      keep(connections, record.uid, { bytes, atMs: tools.nowMs })
      for (const [uid, { atMs }] of connections) {
        if (atMs >= tools.nowMs - WAIT_MS) break
        connections.delete(uid)
      }
    },
  },
})

/** Argus and nfdump tell no sessions: waiting for them would be in vain. */
function tellsSessions(record: Conn): boolean {
  return record.source === 'zeek' || record.source === 'suricata'
}

function keep<T>(waiting: Map<string, T>, uid: string, value: T): void {
  if (waiting.size >= MAX_WAITING)
    for (const oldest of waiting.keys()) {
      waiting.delete(oldest)
      break
    }
  waiting.set(uid, value)
}

/** `bytes` is null when the sensor itself told of the login. */
function say(record: Conn | Ssh, tsMs: number, bytes: number | null, tools: SshTools): void {
  const { logins } = tools.state()
  const windowMs = tools.window.endMs - tools.window.startMs
  const windowStart = Math.floor(tsMs / windowMs) * windowMs
  const server = `${record.dstIp}|${record.dstPort ?? 0}|${windowStart}`
  let login = logins.get(server)
  if (login === undefined) {
    for (const [key, { lastMs }] of logins) if (lastMs < tools.nowMs - LOGINS_KEPT_MS) logins.delete(key)
    if (logins.size >= MAX_SERVERS)
      for (const oldest of logins.keys()) {
        logins.delete(oldest)
        break
      }
    login = { count: 0, said: 0, lastMs: tsMs }
    logins.set(server, login)
  }
  login.count += 1
  login.lastMs = Math.max(login.lastMs, tsMs)
  const reached = stepReached(tools.config.steps, login.count)
  if (reached <= login.said) return
  login.said = reached
  tools.report(finding(record, tsMs, bytes, login.count, reached))
}

function finding(
  record: Conn | Ssh,
  tsMs: number,
  bytes: number | null,
  logins: number,
  reached: number,
): Finding {
  const by = bytes === null ? 'the sensor saw it' : `a session of unknown result carried ${bytes} bytes`
  const verb = bytes === null ? 'logged in' : 'seems to have logged in'
  const times = logins === 1 ? '' : ` ${logins} times`
  return {
    key: `${record.dstIp}|${record.dstPort ?? 0}|${reached}`,
    confidence: bytes === null ? 0.8 : 0.5,
    tsMs,
    record,
    description: `${record.srcIp} ${verb} to ${record.dstIp} port ${record.dstPort ?? 'unknown'} by SSH${times}: ${by}.`,
    facts: {
      method: bytes === null ? 'sensor' : 'size',
      logins,
      dstPort: record.dstPort ?? 0,
      ...(bytes === null ? {} : { bytes }),
    },
  }
}
