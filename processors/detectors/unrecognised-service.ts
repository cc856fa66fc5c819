/**
 * What «something else than TLS on 443» and «something else than HTTP on 80» share: an unrecognised connection is held until
 * no recognised one of the same pair can still come, before or after it, since sensors miss some of a pair that is
 * otherwise in order.
 */
import type { Conn, FlowRecord, Level } from '@weir/schemas'
import { bySource } from '../keys.ts'
import { spoke, spokeBothWays } from '../stats/payload.ts'
import {
  entriesOf,
  type SmallMap,
  sizeOfMap,
  valueUnder,
  withNewest,
  withoutFirst,
  withoutName,
  withValue,
} from '../stats/small-map.ts'
import type { StateOf, Tools } from './detector.ts'
import { number, ratio } from './settings.ts'

export type WatchedService = {
  readonly port: number
  /** For people: `TLS`. */
  readonly protocol: string
  /** What sensors call it. */
  readonly names: readonly string[]
  /** Of connections with payload both ways; others are `low`. */
  readonly level: Level
  /** Of the evidence charged to the destination where both ends spoke, else that is `low` too; none when `null`. */
  readonly mirrorLevel: Level | null
}

type Held = { readonly record: Conn; readonly windowMs: number; readonly dueMs: number }

type Said = {
  readonly windowMs: number
  /** No more than that the sensor knew no name for what it saw in part. */
  readonly isNote: boolean
  /** Said at the level of the service itself, and not as one more server after another. */
  readonly weighs: boolean
}

/**
 * Spans in seconds, as from, to, from, to …, ascending and apart. A single one, as nearly all are, is one number where that has room for it: from,
 * times `SPAN_ROOM`, and how long.
 */
type Covered = number | readonly number[]

export type ServiceState = {
  /** By destination: whole seconds in reach of a recognised connection. */
  covered: SmallMap<Covered>
  /** By destination. */
  held: SmallMap<readonly Held[]>
  /** By destination, what was last reported. */
  said: SmallMap<Said>
  /** The window in which it was last noted that a connection seen in part had no name: once for all servers. `null` until then. */
  notedWindowMs: number | null
  lastUnknownIp: string
  /**
   * Connections of this port that the sensor knew the protocol of, and those among them of which it missed some; halved now and then. Of the
   * others only the first of each server in turn counts, as they may be made to look so.
   */
  seen: number
  missed: number
}

type ServiceTools = Tools<ServiceState, typeof serviceSettings>

const MAX_COVERED = 1_000
/** Bounds of spans, two each. */
const MAX_BOUNDS = 12
/** Longer ones, of 48 days, are kept as their bounds; so are those that begin before 1970 or after 2038. With both bounds it is a whole number below 2^53. */
const SPAN_ROOM = 2 ** 22
const MAX_FROM = 2 ** 31
const MAX_HELD = 50
const MAX_HELD_EACH = 4
const MAX_SAID = 500
/** How far back the share of missed packets looks, in connections. */
const MAX_SEEN = 1_000
/** Sensors write the record of a connection and that of its protocol moments apart. */
const GRACE_MS = 30_000
/** Confidence in further servers of the same window. */
const HINT = 0.1

const serviceSettings = {
  reachSeconds: number(
    300,
    'Seconds before and after a connection in which a recognised one of the same pair excuses it.',
  ),
  minBytes: number(1, 'Bytes both ways together from which a connection is looked at.'),
  maxMissedShare: ratio(
    0.1,
    'Share of connections with missed packets above which a sensor that knows no name for one is only noted.',
  ),
}

const serviceState: StateOf<ServiceState> = {
  scope: 'host',
  version: 5,
  maxBytes: 700_000,
  empty: () => ({
    covered: null,
    held: null,
    said: null,
    notedWindowMs: null,
    lastUnknownIp: '',
    seen: 0,
    missed: 0,
  }),
}

/** The parts of a detector that watches a service, but for its names and the kind of record that its protocol has. */
export function watchService(service: WatchedService) {
  return {
    parts: {
      key: bySource,
      settings: serviceSettings,
      state: serviceState,
      onTimer: (dueMs: number, tools: ServiceTools) => sayDue(service, dueMs, tools),
    },
    onConn: (record: Conn, tools: ServiceTools) => lookAtConnection(service, record, tools),
    onProtocol: (record: FlowRecord, tools: ServiceTools) => recognise(service, record, tools),
  } as const
}

/** A record of the protocol itself: the pair speaks it. */
function recognise({ port }: WatchedService, record: FlowRecord, tools: ServiceTools): void {
  if (record.dstPort === port) {
    cover(tools.state(), record.dstIp, record.tsMs, tools.config.reachSeconds)
  }
}

function lookAtConnection(service: WatchedService, record: Conn, tools: ServiceTools): void {
  if (record.dstPort !== service.port || record.proto !== 'tcp' || record.established !== true) return
  // Other sensors do not tell what a connection carried.
  if (record.source !== 'zeek' && record.source !== 'suricata') return
  const state = tools.state()
  if (isOneOf(record.service, service.names)) {
    count(state, missedSome(record))
    recognise(service, record, tools)
    return
  }
  if (record.dstIp !== state.lastUnknownIp) {
    state.lastUnknownIp = record.dstIp
    count(state, missedData(record))
  }
  // Whoever opens a connection and says nothing looks whether somebody is there.
  if (record.srcBytes + record.dstBytes < tools.config.minBytes || !spoke(record)) return
  const windowMs = tools.window.startMs
  const isNote = isSeenInPart(record)
  if ((isNote && state.notedWindowMs === windowMs) || isSaid(state, record.dstIp, windowMs, isNote)) return
  const dueMs = Math.max(tools.nowMs, record.tsMs + tools.config.reachSeconds * 1_000) + GRACE_MS
  let waiting = valueUnder(state.held, record.dstIp)
  if (waiting === undefined) {
    if (sizeOfMap(state.held) >= MAX_HELD) return
    waiting = []
  } else {
    if (isNote) return
    if (waiting.length >= MAX_HELD_EACH) {
      const note = waiting.findIndex((item) => isSeenInPart(item.record))
      if (note < 0) return
      waiting = waiting.toSpliced(note, 1)
    }
  }
  state.held = withValue(state.held, record.dstIp, waiting.concat({ record, windowMs, dueMs }))
  tools.wakeAt(dueMs)
}

function isSaid(state: ServiceState, dstIp: string, windowMs: number, isNote: boolean): boolean {
  const said = valueUnder(state.said, dstIp)
  return said !== undefined && said.windowMs === windowMs && (isNote || !said.isNote)
}

/** Says what has waited long enough and was not excused. */
function sayDue(service: WatchedService, dueMs: number, tools: ServiceTools): void {
  const state = tools.peek()
  if (state === undefined) return
  for (const [dstIp, waiting] of entriesOf(state.held)) {
    const later = waiting.filter((item) => item.dueMs > dueMs)
    if (later.length === waiting.length) continue
    for (const item of waiting) if (item.dueMs <= dueMs) say(service, item, state, tools)
    state.held = later.length === 0 ? withoutName(state.held, dstIp) : withValue(state.held, dstIp, later)
  }
}

function say(
  service: WatchedService,
  { record, windowMs }: Held,
  state: ServiceState,
  tools: ServiceTools,
): void {
  const { srcIp, dstIp } = record
  if (isCovered(valueUnder(state.covered, dstIp), record.tsMs)) return
  const isPart = isSeenInPart(record)
  // A sensor that misses much knows no name for much that is in order: one finding for each server, and none of any weight.
  const isBlind = isPart || (record.service === '' && state.missed > state.seen * tools.config.maxMissedShare)
  if ((isPart && state.notedWindowMs === windowMs) || isSaid(state, dstIp, windowMs, isBlind)) return
  if (isPart) state.notedWindowMs = windowMs
  if (valueUnder(state.said, dstIp) === undefined && sizeOfMap(state.said) >= MAX_SAID)
    state.said = withoutFirst(state.said)
  const { port, protocol, mirrorLevel } = service
  const bothWays = spokeBothWays(record)
  const isGrave = !isBlind && bothWays
  const isFurther = isGrave && hasWeighed(state.said, windowMs)
  state.said = withValue(state.said, dstIp, { windowMs, isNote: isBlind, weighs: isGrave && !isFurther })
  const confidence = isBlind ? 0.3 : bothWays ? 0.8 : 0.4
  const carried = record.service === '' ? 'nothing its sensor knows' : record.service
  const description = `${srcIp} connected to port ${port} of ${dstIp} and spoke ${carried}, not ${protocol}`
  tools.report({
    key: isBlind ? `${dstIp}|note` : dstIp,
    level: isBlind ? 'info' : bothWays && !isFurther ? service.level : 'low',
    confidence: isFurther ? HINT : confidence,
    record,
    description,
    facts: { service: record.service, bytesSent: record.srcBytes, bytesReceived: record.dstBytes },
    ...(mirrorLevel === null || isPart
      ? {}
      : {
          mirror: {
            profile: dstIp,
            level: isBlind ? 'info' : bothWays ? mirrorLevel : 'low',
            confidence,
            attacker: { direction: 'dst', type: 'ip', value: dstIp },
            victim: { direction: 'src', type: 'ip', value: srcIp },
            description,
          },
        }),
  })
}

/** One program has many servers: only the first of a window weighs, as one of them is what there is to look into. */
function hasWeighed(said: SmallMap<Said>, windowMs: number): boolean {
  for (const [, each] of entriesOf(said)) if (each.weighs && each.windowMs === windowMs) return true
  return false
}

function count(state: ServiceState, missed: boolean): void {
  state.seen += 1
  if (missed) state.missed += 1
  if (state.seen < MAX_SEEN) return
  state.seen /= 2
  state.missed /= 2
}

/** `service` may be a set, as Zeek writes it: `ssl,http`. */
function isOneOf(service: string, names: readonly string[]): boolean {
  if (!service.includes(',')) return names.includes(service)
  return service.split(',').some((name) => names.includes(name))
}

/** Letters of Zeek's history for gaps and a direction turned round. One packet with a wrong checksum is anybody's to send. */
const lossLetters = ['g', 'G', '^']

function missedSome(record: Conn): boolean {
  return (
    missedData(record) ||
    (record.source === 'zeek' && (record.history.includes('c') || record.history.includes('C')))
  )
}

/** A sensor knows a protocol by how it begins: where it missed some of that, «unknown» says little. */
function isSeenInPart(record: Conn): boolean {
  return record.service === '' && missedData(record)
}

function missedData({ source, history }: Conn): boolean {
  if (source !== 'zeek' || history === '') return false
  return !history.startsWith('Sh') || lossLetters.some((letter) => history.includes(letter))
}

function isCovered(covered: Covered | undefined, tsMs: number): boolean {
  if (covered === undefined) return false
  const bounds = boundsOf(covered)
  for (let i = 0; i + 1 < bounds.length; i += 2) {
    if ((bounds[i] ?? Number.NaN) * 1_000 <= tsMs && tsMs <= (bounds[i + 1] ?? Number.NaN) * 1_000)
      return true
  }
  return false
}

/** Spans that meet are one: so nothing is lost, and a steady pair costs one number. */
function cover(state: ServiceState, dstIp: string, tsMs: number, reachSeconds: number): void {
  const from = Math.floor(tsMs / 1_000 - reachSeconds)
  const to = Math.ceil(tsMs / 1_000 + reachSeconds)
  const covered = valueUnder(state.covered, dstIp)
  if (covered === undefined) {
    state.covered = withNewest(state.covered, dstIp, coveredOf([from, to]), MAX_COVERED)
    return
  }
  const bounds = boundsOf(covered)
  const last = bounds.length - 1
  const lastFrom = bounds[last - 1] ?? 0
  const lastTo = bounds[last] ?? 0
  if (lastFrom <= from && from <= lastTo) {
    if (to > lastTo) state.covered = withValue(state.covered, dstIp, coveredOf(bounds.with(last, to)))
    return
  }
  const merged = mergedWith(bounds, from, to).slice(-MAX_BOUNDS)
  // To the end: those heard of least recently go first.
  state.covered = withValue(withoutName(state.covered, dstIp), dstIp, coveredOf(merged))
}

function boundsOf(covered: Covered): readonly number[] {
  if (typeof covered !== 'number') return covered
  const from = Math.floor(covered / SPAN_ROOM)
  return [from, from + (covered % SPAN_ROOM)]
}

function coveredOf(bounds: readonly number[]): Covered {
  const [from = 0, to = 0] = bounds
  const isOne = bounds.length === 2 && from >= 0 && from < MAX_FROM && to - from < SPAN_ROOM
  return isOne ? from * SPAN_ROOM + (to - from) : bounds
}

function mergedWith(bounds: readonly number[], from: number, to: number): number[] {
  const spans: [number, number][] = [[from, to]]
  for (let i = 0; i + 1 < bounds.length; i += 2) spans.push([bounds[i] ?? 0, bounds[i + 1] ?? 0])
  spans.sort((a, b) => a[0] - b[0])
  const merged: number[] = []
  for (const [start, end] of spans) {
    const lastTo = merged[merged.length - 1]
    if (lastTo !== undefined && start <= lastTo) merged[merged.length - 1] = Math.max(lastTo, end)
    else merged.push(start, end)
  }
  return merged
}
