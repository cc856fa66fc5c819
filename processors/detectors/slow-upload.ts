import type { Conn, Level } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { isScannable } from '../profile/address-class.ts'
import { keepLargest, withLargest } from '../stats/keep-largest.ts'
import { uidsOf } from '../stats/sample-uids.ts'
import { entriesOf, type SmallMap, sizeOfMap, valueUnder, withValue } from '../stats/small-map.ts'
import { defineDetector, type Finding, type Tools } from './detector.ts'
import { number } from './settings.ts'
import { leavesSite, MEGABYTE, uploadConfidence, uploadFinding, uploadSettings } from './upload.ts'

/** `largest`: bytes of the largest connection. */
type Sum = { bytes: number; received: number; flows: number; largest: number }

/** Kept once a destination has a tenth of what would be reported. */
type Heavy = {
  readonly uids: string[]
  /** 0 until reported. */
  saidBytes: number
  nextBytes: number
  last: Conn
}

type State = {
  sums: SmallMap<Sum>
  /** Destinations that were sent a tenth of what is worth saying; `null` while there is none. */
  heavy: Map<string, Heavy> | null
  uidsHeld: number
  /** Whether an upload of this window was given weight, to one destination or to several; and whether something less was. */
  weighed: boolean
  weighedLow: boolean
  /** Bytes of portions that left the site, to whomever. */
  outBytes: number
  /** At which they are looked at again, and the sum of several destinations that is said next; 0 before the first. */
  lookAtBytes: number
  nextSpreadBytes: number
}

const MAX_DESTINATIONS = 2_000
const MAX_HEAVY = 200
const MAX_UIDS = 100
const MAX_UIDS_HELD = 5_000
/** What a total must have grown by since it was last said to be worth saying once more. */
const WORTH_SAYING = 1.1
/** What is smaller is traffic: portions of what is carried off over several destinations are not. */
const MIN_PORTION = 100_000
/** So many times what is said first of several destinations is an upload, whatever the house is used to. */
const LARGE_SPREAD = 4

const settings = {
  minMegabytes: number(
    500,
    'Megabytes (a million bytes) sent to one destination in one window before it is said; again at each doubling.',
  ),
  spreadMegabytes: number(
    2_000,
    'Megabytes sent in one window to destinations outside of which none is said itself, before they are said together: low, medium at four times as much.',
  ),
  ...uploadSettings,
}

type UploadTools = Tools<State, typeof settings>

export const slowUpload = defineDetector({
  id: 'slow-upload',
  version: 2,
  claim:
    'A host sent a lot of data to one destination, over all its connections of a window, or in portions to several.',
  spec: 'CONN-10',
  types: ['DATA_UPLOAD'],
  level: 'medium',
  techniques: ['T1048', 'T1030'],
  misfires:
    'Backups, mirrored drives, video calls. Only the first report of a window weighs, and none of which one connection makes up most. Proxies send what all their clients send.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 4,
    maxBytes: 700_000,
    empty: (): State => ({
      sums: null,
      heavy: null,
      uidsHeld: 0,
      weighed: false,
      weighedLow: false,
      outBytes: 0,
      lookAtBytes: 0,
      nextSpreadBytes: 0,
    }),
    wantsClose: ({ heavy }) => heavy !== null,
  },
  on: {
    conn(record, tools) {
      const { srcBytes, dstIp } = record
      if (!(srcBytes > 0) || !isScannable(dstIp)) return
      const state = tools.state()
      const sum = addBytes(state, dstIp, srcBytes, record.dstBytes)
      const minBytes = Math.max(1, tools.config.minMegabytes * MEGABYTE)
      if (sum.bytes * 10 >= minBytes) addToHeavy(state, record, sum, minBytes, tools)
      if (srcBytes >= MIN_PORTION) addToSpread(state, record, tools)
    },
  },
  onWindowClose(state, tools) {
    const { sums, heavy } = state
    for (const [dstIp, item] of heavy ?? []) {
      const sum = valueUnder(sums, dstIp)
      if (sum === undefined || item.saidBytes === 0 || sum.bytes < item.saidBytes * WORTH_SAYING) continue
      tell('total', sum, item, state, tools)
    }
  },
})

function addToHeavy(state: State, record: Conn, sum: Sum, minBytes: number, tools: UploadTools): void {
  const heavy = heavyOf(state, record, minBytes)
  if (sum.bytes < heavy.nextBytes) return
  while (heavy.nextBytes <= sum.bytes) heavy.nextBytes *= 2
  const isFirst = heavy.saidBytes === 0
  heavy.saidBytes = sum.bytes
  tell(isFirst ? 'first' : String(heavy.nextBytes), sum, heavy, state, tools)
}

/**
 * Weighs once a window, and what begins as calls may go on as something else. Where one connection makes up most of it, the detector of
 * single uploads has given that its weight.
 */
function tell(when: string, sum: Sum, heavy: Heavy, state: State, tools: UploadTools): void {
  const { srcIp, dstIp } = heavy.last
  const { weighs, exchangeShare } = tools.config
  const leaves = leavesSite(dstIp, srcIp, tools.network)
  const isExchange = sum.received >= sum.bytes * exchangeShare
  const isOne = sum.largest * 2 > sum.bytes
  const counts = leaves && weighs && !isOne
  const level: Level = !counts ? 'info' : isExchange ? lowOnce(state) : mediumOnce(state)
  tools.report(finding(`${dstIp}|${when}`, level, leaves, sum, heavy))
}

function mediumOnce(state: State): Level {
  if (state.weighed) return 'info'
  state.weighed = true
  return 'medium'
}

function lowOnce(state: State): Level {
  if (state.weighed || state.weighedLow) return 'info'
  state.weighedLow = true
  return 'low'
}

/** What leaves in portions to several destinations, of which none stands out, beside what they were said of themselves. */
function addToSpread(state: State, record: Conn, tools: UploadTools): void {
  const { config } = tools
  if (record.dstBytes >= record.srcBytes * config.exchangeShare) return
  if (!leavesSite(record.dstIp, record.srcIp, tools.network)) return
  state.outBytes += record.srcBytes
  if (state.outBytes < state.lookAtBytes) return
  const minBytes = Math.max(1, config.spreadMegabytes * MEGABYTE)
  if (state.nextSpreadBytes === 0) state.nextSpreadBytes = minBytes
  let bytes = state.outBytes
  for (const [dstIp, { saidBytes }] of state.heavy ?? [])
    if (saidBytes > 0) bytes -= valueUnder(state.sums, dstIp)?.bytes ?? 0
  if (bytes >= state.nextSpreadBytes) {
    while (state.nextSpreadBytes <= bytes) state.nextSpreadBytes *= 2
    tellSpread(record, bytes, bytes >= minBytes * LARGE_SPREAD, state, tools)
  }
  // What is said of single destinations only takes from the sum, so that it cannot get there sooner.
  state.lookAtBytes = state.outBytes + state.nextSpreadBytes - bytes
}

function tellSpread(record: Conn, bytes: number, isLarge: boolean, state: State, tools: UploadTools): void {
  const level = !tools.config.weighs ? 'info' : isLarge ? mediumOnce(state) : lowOnce(state)
  const megabytes = Math.round(bytes / MEGABYTE)
  const destinations = countUnsaid(state)
  tools.report({
    key: `spread|${state.nextSpreadBytes}`,
    level,
    confidence: uploadConfidence(level),
    record,
    uids: uidsOfUnsaid(state, record.uid),
    victim: null,
    description: `${record.srcIp} sent ${megabytes} MB in one window to ${destinations} destinations, to none of them enough to be said alone`,
    facts: { megabytes, destinations, leavesNetwork: true },
  })
}

/** Destinations with as much as a portion. */
function countUnsaid({ sums, heavy }: State): number {
  let count = 0
  for (const [dstIp, { bytes, received }] of entriesOf(sums)) {
    if (bytes >= MIN_PORTION && bytes > received && (heavy?.get(dstIp)?.saidBytes ?? 0) === 0) count += 1
  }
  return count
}

function uidsOfUnsaid({ heavy }: State, uid: string): readonly string[] {
  const uids: string[] = []
  for (const item of heavy?.values() ?? []) if (item.saidBytes === 0) uids.push(...item.uids.slice(0, 5))
  return uids.length === 0 ? [uid] : uids
}

/** Small sums go first when there is no room; one that comes back begins again. */
function addBytes(state: State, dstIp: string, bytes: number, received: number): Sum {
  let sum = valueUnder(state.sums, dstIp)
  if (sum === undefined) {
    if (sizeOfMap(state.sums) >= MAX_DESTINATIONS) {
      state.sums = withLargest(state.sums, MAX_DESTINATIONS / 2, (item) => item.bytes)
      keepHeavy(state, (ip) => valueUnder(state.sums, ip) !== undefined)
    }
    sum = { bytes: 0, received: 0, flows: 0, largest: 0 }
    state.sums = withValue(state.sums, dstIp, sum)
  }
  sum.bytes += bytes
  sum.received += received
  sum.flows += 1
  if (bytes > sum.largest) sum.largest = bytes
  return sum
}

function heavyOf(state: State, record: Conn, minBytes: number): Heavy {
  const { sums } = state
  const heavy = (state.heavy ??= new Map<string, Heavy>())
  let item = heavy.get(record.dstIp)
  if (item === undefined) {
    if (heavy.size >= MAX_HEAVY) {
      const bytesOf = new Map([...heavy.keys()].map((ip) => [ip, valueUnder(sums, ip)?.bytes ?? 0]))
      keepLargest(bytesOf, MAX_HEAVY / 2, (bytes) => bytes)
      keepHeavy(state, (ip) => bytesOf.has(ip))
    }
    item = { uids: [], saidBytes: 0, nextBytes: minBytes, last: record }
    heavy.set(record.dstIp, item)
  }
  if (item.uids.length < MAX_UIDS && state.uidsHeld < MAX_UIDS_HELD) {
    item.uids.push(record.uid)
    state.uidsHeld += 1
  }
  if (record.tsMs >= item.last.tsMs) item.last = record
  return item
}

function keepHeavy(state: State, isKept: (ip: string) => boolean): void {
  for (const [ip, { uids }] of state.heavy ?? []) {
    if (isKept(ip)) continue
    state.uidsHeld -= uids.length
    state.heavy?.delete(ip)
  }
}

function finding(key: string, level: Level, leaves: boolean, sum: Sum, heavy: Heavy): Finding {
  const { last: record } = heavy
  const { srcIp, dstIp } = record
  const megabytes = Math.round(sum.bytes / MEGABYTE)
  const description = `${srcIp} sent ${megabytes} MB to ${dstIp} in one window, over ${sum.flows} connections`
  return uploadFinding({
    key,
    level,
    record,
    uids: uidsOf(heavy.uids, record.uid),
    description,
    facts: {
      megabytes,
      megabytesReceived: Math.round(sum.received / MEGABYTE),
      megabytesOfLargest: Math.round(sum.largest / MEGABYTE),
      flows: sum.flows,
      leavesNetwork: leaves,
    },
  })
}
