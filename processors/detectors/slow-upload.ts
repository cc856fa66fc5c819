import type { Conn, Level } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { isScannable } from '../profile/address-class.ts'
import { keepLargest } from '../stats/keep-largest.ts'
import { defineDetector, type Finding, type Tools } from './detector.ts'
import { number } from './settings.ts'
import { leavesSite, MEGABYTE, uploadFinding, uploadSettings } from './upload.ts'

/** `largest`: bytes of the largest connection. */
type Sum = { bytes: number; received: number; flows: number; largest: number }

/** Kept once a destination has a tenth of what would be reported. */
type Heavy = {
  readonly uids: string[]
  /** 0 until reported. */
  saidBytes: number
  /** Whether it was said at the level of an upload. */
  weighed: boolean
  nextBytes: number
  last: Conn
}

type State = {
  readonly sums: Map<string, Sum>
  /** Destinations that were sent a tenth of what is worth saying; `null` while there is none. */
  heavy: Map<string, Heavy> | null
  uidsHeld: number
}

const MAX_DESTINATIONS = 2_000
const MAX_HEAVY = 200
const MAX_UIDS = 100
const MAX_UIDS_HELD = 5_000
/** What a total must have grown by since it was last said to be worth saying once more. */
const WORTH_SAYING = 1.1

const settings = {
  minMegabytes: number(
    500,
    'Megabytes (a million bytes) sent to one destination in one window before it is said; again at each doubling.',
  ),
  ...uploadSettings,
}

type UploadTools = Tools<State, typeof settings>

export const slowUpload = defineDetector({
  id: 'slow-upload',
  version: 1,
  claim: 'A host sent a lot of data to one destination, over all its connections of a window.',
  spec: 'CONN-10',
  types: ['DATA_UPLOAD'],
  level: 'medium',
  techniques: ['T1048', 'T1030'],
  misfires:
    'Backups, mirrored drives, video calls. Only the first report of a destination weighs, and none of which one connection makes up most.',
  key: bySource,
  settings,
  state: {
    scope: 'window',
    version: 2,
    maxBytes: 700_000,
    empty: (): State => ({ sums: new Map(), heavy: null, uidsHeld: 0 }),
    wantsClose: ({ heavy }) => heavy !== null,
  },
  on: {
    conn(record, tools) {
      const { srcBytes, dstIp } = record
      if (!(srcBytes > 0) || !isScannable(dstIp)) return
      const state = tools.state()
      const sum = addBytes(state, dstIp, srcBytes, record.dstBytes)
      const minBytes = Math.max(1, tools.config.minMegabytes * MEGABYTE)
      if (sum.bytes * 10 < minBytes) return
      const heavy = heavyOf(state, record, minBytes)
      if (sum.bytes < heavy.nextBytes) return
      while (heavy.nextBytes <= sum.bytes) heavy.nextBytes *= 2
      const isFirst = heavy.saidBytes === 0
      heavy.saidBytes = sum.bytes
      tell(isFirst ? 'first' : String(heavy.nextBytes), sum, heavy, tools)
    },
  },
  onWindowClose({ sums, heavy }, tools) {
    for (const [dstIp, item] of heavy ?? []) {
      const sum = sums.get(dstIp)
      if (sum === undefined || item.saidBytes === 0 || sum.bytes < item.saidBytes * WORTH_SAYING) continue
      tell('total', sum, item, tools)
    }
  },
})

/**
 * Weighs once, and what begins as calls may go on as something else. Where one connection makes up most of it, the detector of
 * single uploads has given that its weight.
 */
function tell(when: string, sum: Sum, heavy: Heavy, tools: UploadTools): void {
  const { srcIp, dstIp } = heavy.last
  const { weighs, exchangeShare } = tools.config
  const leaves = leavesSite(dstIp, srcIp, tools.network)
  const isExchange = sum.received >= sum.bytes * exchangeShare
  const isOne = sum.largest * 2 > sum.bytes
  let level: Level = 'info'
  if (leaves && weighs && !isOne && !heavy.weighed && !isExchange) {
    level = 'medium'
    heavy.weighed = true
  } else if (leaves && weighs && !isOne && when === 'first') level = 'low'
  tools.report(finding(`${dstIp}|${when}`, level, leaves, sum, heavy))
}

/** Small sums go first when there is no room; one that comes back begins again. */
function addBytes(state: State, dstIp: string, bytes: number, received: number): Sum {
  const { sums } = state
  let sum = sums.get(dstIp)
  if (sum === undefined) {
    if (sums.size >= MAX_DESTINATIONS) {
      keepLargest(sums, MAX_DESTINATIONS / 2, (item) => item.bytes)
      keepHeavy(state, (ip) => sums.has(ip))
    }
    sum = { bytes: 0, received: 0, flows: 0, largest: 0 }
    sums.set(dstIp, sum)
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
      const bytesOf = new Map([...heavy.keys()].map((ip) => [ip, sums.get(ip)?.bytes ?? 0]))
      keepLargest(bytesOf, MAX_HEAVY / 2, (bytes) => bytes)
      keepHeavy(state, (ip) => bytesOf.has(ip))
    }
    item = { uids: [], saidBytes: 0, weighed: false, nextBytes: minBytes, last: record }
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
    uids: heavy.uids.length === 0 ? [record.uid] : [...heavy.uids],
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
