import type { Level, Ssh } from '@weir/schemas'
import { byLoginServer } from '../keys.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { doublingReached } from '../stats/steps.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, number, ratio } from './settings.ts'

/** One host that failed and never got in. */
type Guesser = {
  attempts: number
  /** What was said of it in this siege: nothing, that it takes part, or that with attempts enough of its own. */
  said: 'nothing' | 'part' | 'full'
  /** Its latest attempt. */
  tsMs: number
  srcPort: number | null
  uid: string
}

/** Who fails at one port of the server, for as long as it goes on. */
type Siege = {
  firstMs: number
  lastMs: number
  attempts: number
  readonly failing: Map<string, Guesser>
  /** Hosts that got in. */
  readonly working: Set<string>
  /** Number of failing hosts at which something is said next; 0 before anything was. */
  nextAt: number
  entries: number
  uids: readonly string[]
}

/** By port. */
type State = Map<number, Siege>

const MAX_PORTS = 4
const MAX_HOSTS = 1_024
const MAX_UIDS = 20
/** Logins told of as right guesses in one siege. */
const MAX_ENTRIES = 5
const MAX_LISTED = 10
const MAX_UID = 64
/** Attempts of one host from which it is held against it: once, anybody mistypes. */
const PART_ATTEMPTS = 2
/** Below an alert with all that is said of who mistypes often and then gets in. */
const PART_CONFIDENCE = 0.4

const settings = {
  sources: count(
    20,
    'Hosts that fail to log in to one server, none of which ever gets in, at which it is said; again at each doubling.',
    MAX_HOSTS,
  ),
  attempts: count(60, 'Failed attempts of them together before anything is said.'),
  ownAttempts: count(
    4,
    'Failed attempts of one of them at which its part weighs in full; from two on it is low, and one alone is held against nobody.',
  ),
  failingShare: ratio(
    0.8,
    'Hosts that fail among all that come; where more get in, people mistype on a server that many use.',
  ),
  gapSeconds: number(3_600, 'Silence of the failing hosts after which the count begins anew, in seconds.'),
}

type SiegeTools = Tools<State, typeof settings>

export const sharedGuessing = defineDetector({
  id: 'shared-guessing',
  version: 2,
  claim:
    'Many hosts guess SSH passwords of one server, each of them so few that it would not be noticed alone.',
  spec: 'BF-03',
  types: ['PASSWORD_GUESSING'],
  level: 'medium',
  techniques: ['T1110.001'],
  misfires:
    'Who mistypes more than once at a server that is tried by others; a server that all the internet may reach, which strangers try all day; a server whose accounts have moved, so that the jobs of a whole house fail.',
  key: byLoginServer,
  settings,
  state: { scope: 'host', version: 2, maxBytes: 1_000_000, empty: (): State => new Map() },
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
  let guesser = failing.get(srcIp)
  if (guesser === undefined) {
    if (failing.size >= MAX_HOSTS) return
    guesser = { attempts: 0, said: 'nothing', tsMs, srcPort: null, uid: '' }
    failing.set(srcIp, guesser)
    siege.uids = sampleUid(siege.uids, record.uid, MAX_UIDS)
  }
  guesser.attempts += tried
  guesser.tsMs = tsMs
  guesser.srcPort = record.srcPort
  guesser.uid = record.uid.length > MAX_UID ? '' : record.uid
  siege.attempts += tried
  const { sources, attempts } = tools.config
  if (failing.size < Math.max(1, sources) || siege.attempts < attempts || !isSiege(siege, tools)) return
  if (failing.size < siege.nextAt) {
    tellGuesser(record, srcIp, guesser, siege, tools)
    return
  }
  const reached = doublingReached(sources, failing.size)
  siege.nextAt = 2 * reached
  tellServer(record, siege, reached, tools)
  // All of them alike: whose attempt it was that made the number full says nothing.
  for (const [ip, each] of failing) tellGuesser(record, ip, each, siege, tools)
}

function isSiege({ failing, working }: Siege, { config }: SiegeTools): boolean {
  return failing.size >= (failing.size + working.size) * config.failingShare
}

/** The same as `record`, but for whose attempt it was: all share server, port, sensor and site. */
function attemptOf(record: Ssh, srcIp: string, { tsMs, srcPort, uid }: Guesser): Ssh {
  return srcIp === record.srcIp ? record : { ...record, srcIp, srcPort, uid, tsMs }
}

/** That it is tried at is no fault of the server, but its owner wants to know. */
function tellServer(record: Ssh, siege: Siege, reached: number, tools: SiegeTools): void {
  const { dstIp, dstPort } = record
  const { failing, attempts } = siege
  const ranked = [...failing].sort(([a, x], [b, y]) => y.attempts - x.attempts || (a < b ? -1 : 1))
  const [most] = ranked
  if (most === undefined) return
  tools.report({
    key: `${dstIp}|${dstPort ?? 0}|sources|${reached}`,
    profile: dstIp,
    level: 'info',
    confidence: reached > tools.config.sources ? 0.7 : 0.5,
    tsMs: record.tsMs,
    record: attemptOf(record, ...most),
    uids: [...siege.uids],
    description: `${failing.size} hosts failed ${attempts} times to log in to ${dstIp} port ${dstPort ?? 'unknown'} by SSH, and none of them ever got in`,
    facts: {
      sources: failing.size,
      attempts,
      mostOfOne: most[1].attempts,
      sourcesThatWork: siege.working.size,
      someSources: ranked
        .slice(0, MAX_LISTED)
        .map(([ip]) => ip)
        .join(' '),
      dstPort: dstPort ?? 0,
      durationSeconds: Math.round((siege.lastMs - siege.firstMs) / 1_000),
    },
  })
}

/** Charges one of those who fail with its own share, once, and once more when that is enough to weigh in full. */
function tellGuesser(record: Ssh, srcIp: string, guesser: Guesser, siege: Siege, tools: SiegeTools): void {
  const { attempts, said } = guesser
  const part = partOf(attempts, tools)
  if (part === 'nothing' || part === said || said === 'full') return
  guesser.said = part
  const { dstIp, dstPort } = record
  const others = siege.failing.size - 1
  tools.report({
    key: `${dstIp}|${dstPort ?? 0}|source|${part}`,
    level: part === 'full' ? 'medium' : 'low',
    confidence: PART_CONFIDENCE,
    // Found out now, whenever its latest attempt was.
    tsMs: record.tsMs,
    record: attemptOf(record, srcIp, guesser),
    uids: guesser.uid === '' ? [] : [guesser.uid],
    description: `${srcIp} failed ${attempts} times to log in to ${dstIp} port ${dstPort ?? 'unknown'} by SSH, as ${others} others did that never got in either`,
    facts: {
      ownAttempts: attempts,
      sources: siege.failing.size,
      attempts: siege.attempts,
      dstPort: dstPort ?? 0,
    },
  })
}

function partOf(attempts: number, { config }: SiegeTools): Guesser['said'] {
  if (attempts < PART_ATTEMPTS) return 'nothing'
  return attempts < config.ownAttempts ? 'part' : 'full'
}

/** By how often it had failed itself: a guess that was right after one cannot be told from somebody who mistyped. */
const entryWeights = {
  nothing: { level: 'low', confidence: 0.3 },
  part: { level: 'medium', confidence: 0.6 },
  full: { level: 'high', confidence: 0.6 },
} as const satisfies Record<Guesser['said'], { level: Level; confidence: number }>

/** Who gets in after failing belongs there, unless so many others fail that its guess may have been right. */
function welcome(record: Ssh, siege: Siege, tools: SiegeTools): void {
  const { srcIp, dstIp, dstPort } = record
  const { failing, working } = siege
  const guesser = failing.get(srcIp)
  if (guesser !== undefined && siege.nextAt > 0 && siege.entries < MAX_ENTRIES) {
    const own = guesser.attempts
    const part = partOf(own, tools)
    tools.report({
      key: `${dstIp}|${dstPort ?? 0}|entered`,
      ...entryWeights[part],
      record,
      uids: [record.uid, ...siege.uids],
      techniques: ['T1110.001', 'T1078'],
      description: `${srcIp} logged in to ${dstIp} port ${dstPort ?? 'unknown'} by SSH, where it had failed ${own === 1 ? 'once' : `${own} times`} and ${failing.size - 1} others fail`,
      facts: { sources: failing.size, attempts: siege.attempts, ownAttempts: own, dstPort: dstPort ?? 0 },
    })
    if (part !== 'nothing') {
      siege.entries += 1
      return
    }
  }
  if (guesser !== undefined) {
    failing.delete(srcIp)
    siege.attempts -= guesser.attempts
  }
  if (working.size < MAX_HOSTS) working.add(srcIp)
}
