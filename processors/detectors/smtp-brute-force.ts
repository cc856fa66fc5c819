import type { Smtp } from '@weir/schemas'
import { refusalTexts, refusesLogin } from '../data/smtp-replies.ts'
import { bySource } from '../keys.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { doublingReached } from '../stats/steps.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, number, texts } from './settings.ts'

/** Refused logins at one server, or at all of them, that belong together. */
type Burst = {
  /** Times of the latest ones, ascending. */
  times: number[]
  refused: number
  lastMs: number
  /** Number of refused logins at which something is said next; 0 before the first burst. */
  next: number
  uids: readonly string[]
}

type State = {
  readonly servers: Map<string, Burst>
  readonly overall: Burst
}

const MAX_SERVERS = 64
const MAX_TIMES = 64
const MAX_UIDS = 20

const settings = {
  logins: count(
    3,
    'Refused logins at one server within the span that are called guessing; said again at each doubling.',
    MAX_TIMES,
  ),
  loginsOverall: count(6, 'The same over all servers together.', MAX_TIMES),
  minServers: count(3, 'Servers among them for that.', MAX_SERVERS),
  spanSeconds: number(10, 'Span that slides along, in seconds.'),
  gapSeconds: number(3_600, 'Silence after which counting starts anew, in seconds.'),
  texts: texts(
    refusalTexts,
    'Wordings of a refusal, in lower case, besides the reply codes 535, 534, 530 and 454.',
  ),
}

type SmtpTools = Tools<State, typeof settings>

export const smtpBruteForce = defineDetector({
  id: 'smtp-brute-force',
  version: 1,
  claim: 'A host guesses passwords of mail accounts: many refused logins in a few seconds.',
  spec: 'SMTP-02',
  types: ['SMTP_LOGIN_BRUTEFORCE'],
  level: 'high',
  techniques: ['T1110.001'],
  misfires: 'A mail program with a wrong password that does not wait before it tries again.',
  key: bySource,
  settings,
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 170_000,
    empty: (): State => ({ servers: new Map(), overall: emptyBurst() }),
  },
  on: {
    smtp(record, tools) {
      const { config } = tools
      if (record.dstIp === '' || !refusesLogin(record.lastReply, config.texts)) return
      const { servers, overall } = tools.state()
      const server = burstOf(servers, record.dstIp, tools)
      if (add(server, record, config.logins, true, tools)) {
        const { refused } = server
        tools.report({
          key: `${record.dstIp}|${doublingReached(config.logins, refused)}`,
          confidence: refused >= 2 * config.logins ? 1 : 0.8,
          record,
          uids: [...server.uids],
          description: `${record.srcIp} was refused ${refused} logins by the mail server ${record.dstIp}, ${config.logins} of them within ${config.spanSeconds} seconds.`,
          facts: { refusedLogins: refused, spanSeconds: config.spanSeconds, dstPort: record.dstPort ?? 0 },
        })
      }
      if (add(overall, record, config.loginsOverall, servers.size >= config.minServers, tools)) {
        const { refused } = overall
        tools.report({
          key: `all|${doublingReached(config.loginsOverall, refused)}`,
          confidence: refused >= 2 * config.loginsOverall ? 1 : 0.8,
          record,
          uids: [...overall.uids],
          victim: null,
          techniques: ['T1110.003'],
          description: `${record.srcIp} was refused ${refused} logins by ${servers.size} mail servers, ${config.loginsOverall} of them within ${config.spanSeconds} seconds.`,
          facts: { refusedLogins: refused, servers: servers.size, spanSeconds: config.spanSeconds },
        })
      }
    },
  },
})

function emptyBurst(): Burst {
  return { times: [], refused: 0, lastMs: Number.NEGATIVE_INFINITY, next: 0, uids: [] }
}

function burstOf(servers: Map<string, Burst>, ip: string, tools: SmtpTools): Burst {
  const known = servers.get(ip)
  if (known !== undefined) return known
  const oldMs = tools.nowMs - tools.config.gapSeconds * 1_000
  for (const [server, { lastMs }] of servers) if (lastMs < oldMs) servers.delete(server)
  if (servers.size >= MAX_SERVERS)
    for (const oldest of servers.keys()) {
      servers.delete(oldest)
      break
    }
  const burst = emptyBurst()
  servers.set(ip, burst)
  return burst
}

/** Counts a refused login wherever it belongs in time; true when it is time to say something. */
function add(burst: Burst, record: Smtp, logins: number, mayTell: boolean, { config }: SmtpTools): boolean {
  const { tsMs } = record
  if (tsMs - burst.lastMs > config.gapSeconds * 1_000) {
    burst.times = []
    burst.refused = 0
    burst.next = 0
    burst.uids = []
  }
  burst.refused += 1
  burst.lastMs = Math.max(burst.lastMs, tsMs)
  burst.uids = sampleUid(burst.uids, record.uid, MAX_UIDS)
  const at = burst.times.findLastIndex((timeMs) => timeMs <= tsMs) + 1
  burst.times.splice(at, 0, tsMs)
  const isDense = isWithin(burst.times, at, logins, config.spanSeconds * 1_000)
  if (burst.times.length >= MAX_TIMES) burst.times.shift()
  if (!mayTell || !isDense || burst.refused < Math.max(logins, burst.next)) return false
  burst.next = 2 * doublingReached(logins, burst.refused)
  return true
}

/** Whether the time at `at` is one of `logins` in a row that span no more than `spanMs`. */
function isWithin(times: readonly number[], at: number, logins: number, spanMs: number): boolean {
  for (let first = Math.max(0, at - logins + 1); first <= at; first += 1) {
    const start = times[first]
    const end = times[first + logins - 1]
    if (start !== undefined && end !== undefined && end - start <= spanMs) return true
  }
  return false
}
