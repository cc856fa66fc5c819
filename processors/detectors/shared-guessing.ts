import type { Ssh } from '@weir/schemas'
import { byLoginServer } from '../keys.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { doublingReached } from '../stats/steps.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, number, ratio } from './settings.ts'

/** Who fails at one port of the server, for as long as it goes on. */
type Siege = {
  firstMs: number
  lastMs: number
  attempts: number
  /** Hosts that failed and never got in, with their attempts. */
  readonly failing: Map<string, number>
  /** Hosts that got in. */
  readonly working: Set<string>
  /** Number of failing hosts at which something is said next; 0 before anything was. */
  nextAt: number
  entries: number
  readonly uids: string[]
}

/** By port. */
type State = Map<number, Siege>

const MAX_PORTS = 4
const MAX_HOSTS = 1_024
const MAX_UIDS = 20
/** Logins told of as right guesses in one siege. */
const MAX_ENTRIES = 5
const MAX_LISTED = 10

const settings = {
  sources: count(
    20,
    'Hosts that fail to log in to one server, none of which ever gets in, at which it is said; again at each doubling.',
    MAX_HOSTS,
  ),
  attempts: count(60, 'Failed attempts of them together before anything is said.'),
  failingShare: ratio(
    0.8,
    'Hosts that fail among all that come; where more get in, people mistype on a server that many use.',
  ),
  gapSeconds: number(3_600, 'Silence of the failing hosts after which the count begins anew, in seconds.'),
}

type SiegeTools = Tools<State, typeof settings>

export const sharedGuessing = defineDetector({
  id: 'shared-guessing',
  version: 1,
  claim:
    'Many hosts guess SSH passwords of one server, each of them so few that it would not be noticed alone.',
  spec: 'BF-03',
  types: ['PASSWORD_GUESSING'],
  level: 'medium',
  techniques: ['T1110.001'],
  misfires:
    'A server that all the internet may reach, which strangers try all day; a server whose accounts have moved, so that the jobs of a whole house fail.',
  key: byLoginServer,
  settings,
  state: { scope: 'host', version: 1, maxBytes: 450_000, empty: (): State => new Map() },
  on: {
    ssh(record, tools) {
      // Whether it worked is not known: sensors that cannot tell would make a crowd of those who work there.
      const tried = record.authAttempts ?? 0
      if (record.authSuccess === null && tried <= 0) return
      const siege = siegeOf(tools.state(), record, tools.config.gapSeconds * 1_000)
      if (record.authSuccess === true) welcome(record, siege, tools)
      else refuse(record, siege, Math.max(1, tried), tools)
    },
  },
})

/** The siege the record belongs to; a new one after a silence. Of more ports than are kept the longest silent goes. */
function siegeOf(sieges: State, { dstPort, tsMs }: Ssh, gapMs: number): Siege {
  const port = dstPort ?? 0
  const known = sieges.get(port)
  if (known !== undefined && tsMs - known.lastMs <= gapMs) return known
  if (known === undefined && sieges.size >= MAX_PORTS) {
    let silent = port
    let lastMs = Number.POSITIVE_INFINITY
    for (const [other, siege] of sieges) {
      if (siege.lastMs >= lastMs) continue
      silent = other
      lastMs = siege.lastMs
    }
    sieges.delete(silent)
  }
  const siege: Siege = {
    firstMs: tsMs,
    lastMs: tsMs,
    attempts: 0,
    failing: new Map(),
    working: new Set(),
    nextAt: 0,
    entries: 0,
    uids: [],
  }
  sieges.set(port, siege)
  return siege
}

function refuse(record: Ssh, siege: Siege, tried: number, tools: SiegeTools): void {
  const { srcIp, tsMs } = record
  const { failing, working } = siege
  if (tsMs > siege.lastMs) siege.lastMs = tsMs
  if (tsMs < siege.firstMs) siege.firstMs = tsMs
  if (working.has(srcIp)) return
  const before = failing.get(srcIp)
  if (before === undefined && failing.size >= MAX_HOSTS) return
  failing.set(srcIp, (before ?? 0) + tried)
  siege.attempts += tried
  if (before === undefined) sampleUid(siege.uids, record.uid, MAX_UIDS)
  const { sources, attempts } = tools.config
  if (failing.size < Math.max(1, sources, siege.nextAt) || siege.attempts < attempts) return
  if (!isSiege(siege, tools)) return
  const reached = doublingReached(sources, failing.size)
  siege.nextAt = 2 * reached
  tell(record, siege, reached, tools)
}

function isSiege({ failing, working }: Siege, { config }: SiegeTools): boolean {
  return failing.size >= (failing.size + working.size) * config.failingShare
}

function tell(record: Ssh, siege: Siege, reached: number, tools: SiegeTools): void {
  const { srcIp, dstIp, dstPort } = record
  const { failing, attempts } = siege
  const description = `${failing.size} hosts, the last of them ${srcIp}, failed ${attempts} times to log in to ${dstIp} port ${dstPort ?? 'unknown'} by SSH, and none of them ever got in`
  const confidence = reached > tools.config.sources ? 0.7 : 0.5
  tools.report({
    key: `${dstIp}|${dstPort ?? 0}|sources|${reached}`,
    confidence,
    record,
    uids: [...siege.uids],
    description,
    facts: {
      sources: failing.size,
      attempts,
      mostOfOne: Math.max(...failing.values()),
      sourcesThatWork: siege.working.size,
      someSources: [...failing.keys()].slice(-MAX_LISTED).join(' '),
      dstPort: dstPort ?? 0,
      durationSeconds: Math.round((siege.lastMs - siege.firstMs) / 1_000),
    },
    // That it is tried at is no fault of the server, but its owner wants to know.
    mirror: {
      profile: dstIp,
      level: 'info',
      confidence,
      attacker: { direction: 'src', type: 'ip', value: srcIp },
      victim: { direction: 'dst', type: 'ip', value: dstIp },
      description,
    },
  })
}

/** Who gets in after failing belongs there, unless so many others fail that its guess may have been right. */
function welcome(record: Ssh, siege: Siege, tools: SiegeTools): void {
  const { srcIp, dstIp, dstPort } = record
  const { failing, working } = siege
  const failed = failing.get(srcIp)
  if (failed !== undefined && siege.nextAt > 0 && siege.entries < MAX_ENTRIES) {
    siege.entries += 1
    tools.report({
      key: `${dstIp}|${dstPort ?? 0}|entered`,
      level: 'high',
      confidence: 0.6,
      record,
      uids: [record.uid, ...siege.uids],
      techniques: ['T1110.001', 'T1078'],
      description: `${srcIp} logged in to ${dstIp} port ${dstPort ?? 'unknown'} by SSH, where it and ${failing.size - 1} others had failed`,
      facts: { sources: failing.size, attempts: siege.attempts, ownAttempts: failed, dstPort: dstPort ?? 0 },
    })
    return
  }
  if (failed !== undefined) {
    failing.delete(srcIp)
    siege.attempts -= failed
  }
  if (working.size < MAX_HOSTS) working.add(srcIp)
}
