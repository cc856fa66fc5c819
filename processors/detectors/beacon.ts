import type { Conn, FlowRecord, Level } from '@weir/schemas'
import { isWithinOwnZone } from '../data/customer-zones.ts'
import { canonicalName } from '../data/dns-zones.ts'
import { organisationDomains } from '../data/organisation-domains.ts'
import { periodicServices, periodicZones, pollingVendors } from '../data/periodic-services.ts'
import { organisationAt, organisationOfName } from '../enrichment/organisations.ts'
import { bySource } from '../keys.ts'
import { isUnicast } from '../profile/address-class.ts'
import { isByPortAlone } from '../profile/borne-out.ts'
import { type Forgetting, keepForgetting, noteToForget } from '../profile/forgetting.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { type BeaconScores, beaconScores } from '../stats/beacon-score.ts'
import {
  addToSeries,
  countOf,
  emptySeriesTable,
  forgetSilent,
  type Join,
  lastedMs,
  MAX_KEPT,
  type Series,
  type SeriesTable,
  sentOf,
  timesOf,
} from '../stats/contact-series.ts'
import { uidsOf, withUid } from '../stats/sample-uids.ts'
import { serviceAt, serviceName } from '../stats/service-name.ts'
import { entriesOf } from '../stats/small-map.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, flag, number, ratio, texts } from './settings.ts'

type State = SeriesTable &
  Forgetting & {
    /** Start of the window in which a web service with a name was last given weight; `null` before. */
    namedWindowMs: number | null
  }

/** A destination that was silent for so long is forgotten: the slowest beacon that is found is half as fast. */
const FORGET_MS = 3 * 3_600_000
const MAX_UIDS = 10
/** Contacts since the last look that are worth another one; a busy pair is looked at less often. */
const LOOK_EVERY = 5
/** The last contacts alone tell of an interval that has changed. */
const LATEST = 12
/** From so many contacts on, chance makes no even intervals any more. */
const MANY = 24
/** An interval that differs by so much is another one. */
const CHANGED = 1.5
/** Web services by their usual ports. */
const webPorts: ReadonlySet<number> = new Set([80, 443, 8_080, 8_443])
/** Score of intervals that no person's doing gives. */
const CLOCKWORK = 0.9
/** A name longer than this is no name. */
const MAX_NAME = 255

const settings = {
  contacts: count(
    10,
    'Contacts with one destination from which its rhythm is judged; fewer find slow beacons sooner, and chance as well.',
    MAX_KEPT,
  ),
  minScore: ratio(0.8, 'Overall score from which it is said; the scores stand in the evidence.'),
  minTimestampScore: ratio(
    0.8,
    'Score of the intervals alone from which it is said, however alike the contacts are otherwise.',
  ),
  minIntervalSeconds: number(
    2,
    'Seconds between contacts below which it is no beacon but a strobe, which has a detector of its own.',
  ),
  inside: flag(false, 'Whether destinations within the home networks are judged as well, at level low.'),
  services: texts(
    periodicServices,
    'Services that call by the clock anyway, as protocol/port. Those of the default are left out where more than the port says what they are, and low otherwise.',
  ),
  zones: texts(
    [...periodicZones, ...pollingVendors, ...Object.values(organisationDomains).flat()],
    'Zones that systems and common programs call by the clock anyway; a destination known by such a name is left out.',
  ),
}

type BeaconTools = Tools<State, typeof settings>

export const beacon = defineDetector({
  id: 'beacon',
  version: 3,
  claim: 'A host turns to one destination by the clock, as a program does that reports for orders.',
  spec: 'BEACON-01',
  types: ['BEACON'],
  level: 'medium',
  techniques: ['T1071'],
  misfires:
    'Pages that refresh themselves, mail and chat programs that poll, monitoring, updates: the commonest of systems and browsers are left out as data.',
  key: bySource,
  settings,
  state: {
    scope: 'host',
    version: 3,
    maxBytes: 600_000,
    empty: (): State => ({ ...emptySeriesTable(), wakesAtMs: 0, namedWindowMs: null }),
  },
  on: {
    conn(record, tools) {
      const { proto } = record
      if ((proto !== 'tcp' && proto !== 'udp') || !isJudged(record, tools) || isAnswerLike(record)) return
      see(record, serviceAt(record), record.srcBytes, joinOf(record), tools)
    },
    tls(record, tools) {
      if (record.serverName === '' || !isJudged(record, tools)) return
      see(record, nameOf(record.serverName), null, 'never', tools)
    },
    http(record, tools) {
      if (record.host === '' || !isJudged(record, tools)) return
      see(record, nameOf(record.host), record.requestBytes + record.uri.length, 'rest', tools)
    },
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined) return
    const oldestMs = forgetSilent(state, dueMs - FORGET_MS)
    if (oldestMs === null) {
      tools.forget()
      return
    }
    keepForgetting(state, oldestMs, dueMs, FORGET_MS, tools)
  },
})

/** Of one host, at a service that is none of those that call anyway, and not within unless asked for. */
function isJudged(record: FlowRecord, tools: BeaconTools): boolean {
  const { srcIp, dstIp, dstPort, proto } = record
  const { network, config } = tools
  if (dstPort === null) return false
  const service = serviceName(proto, dstPort)
  if (config.services.includes(service) && (record.kind !== 'conn' || !isByPortAlone(service, record, tools)))
    return false
  return isUnicast(dstIp) && isUnicast(srcIp) && (config.inside || !network.isHome(dstIp, srcIp))
}

/** Sensors tell of a SYN for each time it is sent, and cut what lasts into pieces. */
function joinOf({ source, established, state, history }: Conn): Join {
  if (established === false) return 'retry'
  switch (source) {
    case 'zeek':
      return history === '' ? 'touching' : history.startsWith('S') ? 'never' : 'rest'
    case 'suricata':
      return state === 'closed' ? 'never' : 'touching'
    default:
      if (state === '') return 'touching'
      return state === 'FIN' || (state.includes('S') && state !== 'EST') ? 'never' : 'rest'
  }
}

/** Without a port. Copied by the concatenation: a piece of a line keeps the whole line in memory. */
function nameOf(name: string): string {
  const canonical = canonicalName(name)
  const colon = canonical.indexOf(':')
  return colon < 0 ? canonical : canonical.slice(0, colon)
}

function see(record: FlowRecord, name: string, sent: number | null, join: Join, tools: BeaconTools): void {
  if (name.length > MAX_NAME) return
  const { tsMs } = record
  // The keys of connections tell it.
  const dstIp = record.kind === 'conn' ? '' : record.dstIp
  const state = tools.state()
  noteToForget(state, FORGET_MS, tools)
  const port = record.proto === 'tcp' ? (record.srcPort ?? 0) : 0
  const lastsMs = record.kind === 'conn' ? Math.ceil(record.durationMs) : null
  const series = addToSeries(state, name, { tsMs, sent, dstIp, port, lastsMs }, join)
  if (series === undefined) return
  const { config, window } = tools
  if (series.total * 2 >= config.contacts) series.uids = withUid(series.uids, record.uid, MAX_UIDS)
  if (series.total < series.lookAt || countOf(series) < Math.max(4, config.contacts)) return
  series.lookAt = series.total + Math.max(LOOK_EVERY, Math.floor(series.total / 8))
  const scores = judge(series, config)
  if (scores === null) return
  const { intervalMs } = scores
  if (series.said?.windowMs === window.startMs) {
    const ratioToSaid = intervalMs / series.said.intervalMs
    if (ratioToSaid < CHANGED && ratioToSaid > 1 / CHANGED) return
  }
  const names = namesOf(record, name, tools)
  if (isExempt(record, names, tools)) return
  const saidOfKin = saidOfKinOf(state, name, series)
  if (saidOfKin?.windowMs === window.startMs) return
  series.said ??= saidOfKin
  say(record, name, names, series, scores, tools)
}

/** The scores of all contacts kept, else of the latest alone; `null` when neither is a beacon's. */
function judge(series: Series, config: BeaconTools['config']): BeaconScores | null {
  const lasted = lastedMs(series)
  const all = beaconScores(timesOf(series), sentOf(series), lasted)
  series.intervalMs = all.intervalMs
  if (isBeacon(all, countOf(series), config)) return all
  const latest = beaconScores(timesOf(series, LATEST), sentOf(series, LATEST), lasted)
  if (!isBeacon(latest, LATEST, config)) return null
  series.intervalMs = latest.intervalMs
  return latest
}

/** Few contacts look even by chance, now and then: of them more is asked. */
function isBeacon(
  { overall, timestamp, intervalMs }: BeaconScores,
  contacts: number,
  { minScore, minTimestampScore, minIntervalSeconds }: BeaconTools['config'],
): boolean {
  return (
    overall >= minScore &&
    timestamp >= (contacts < MANY ? Math.max(CLOCKWORK, minTimestampScore) : minTimestampScore) &&
    intervalMs >= minIntervalSeconds * 1_000
  )
}

/** Names that the destination is known by: its own, those the host resolved to the address, and those it asked there for. */
function namesOf(record: FlowRecord, name: string, tools: BeaconTools): readonly string[] {
  if (record.kind !== 'conn') return [name]
  const { dstIp } = record
  const names = new Set(tools.host.namesOf(dstIp, record.tsMs))
  const state = tools.peek()
  for (const [other, { lastIp }] of entriesOf(state?.again ?? null))
    if (lastIp === dstIp && isName(other)) names.add(other)
  for (const [other, contact] of entriesOf(state?.once ?? null)) {
    if (contact.dstIp === dstIp && isName(other)) names.add(other)
  }
  return [...names]
}

/**
 * Whether all that the destination is known by lies in exempt zones. The client says what it likes in TLS and HTTP: such a name alone counts where
 * the address is of the organisation that has the name.
 */
function isExempt(record: FlowRecord, names: readonly string[], tools: BeaconTools): boolean {
  if (names.length === 0 || !areExemptNames(names, tools)) return false
  if (record.kind !== 'conn' || tools.host.namesOf(record.dstIp, record.tsMs).length > 0) return true
  const organisation = organisationAt(record.dstIp, [], tools.whereabouts)
  return organisation !== '' && names.every((one) => organisationOfName(one) === organisation)
}

/** What customers of a vendor are named is no name of the vendor. */
const areExemptNames = (names: readonly string[], { config }: BeaconTools): boolean =>
  names.every((one) => isWithinOwnZone(one, config.zones))

/** Keys of addresses have blanks in them. */
const isName = (key: string): boolean => !key.includes(' ')

/** What was last said of the same calls by their other key: an address, and a name that is served there. */
function saidOfKinOf({ again }: State, name: string, series: Series): Series['said'] {
  const ip = addressOf(name, series)
  let kin: Series['said'] = null
  for (const [otherName, other] of entriesOf(again)) {
    if (other === series || other.said === null || addressOf(otherName, other) !== ip) continue
    if (kin === null || other.said.windowMs > kin.windowMs) kin = other.said
  }
  return kin
}

/** Of the latest contact: the keys of connections end with it. */
const addressOf = (key: string, { lastIp }: Series): string =>
  lastIp === '' ? key.slice(key.lastIndexOf(' ') + 1) : lastIp

function say(
  record: FlowRecord,
  name: string,
  names: readonly string[],
  series: Series,
  scores: BeaconScores,
  tools: BeaconTools,
): void {
  const { srcIp } = record
  const seconds = toSeconds(scores.intervalMs)
  const { said } = series
  const isChange = said?.windowMs === tools.window.startMs
  const before = said === null ? 0 : toSeconds(said.intervalMs)
  series.said = { windowMs: tools.window.startMs, intervalMs: scores.intervalMs }
  const alias = names.find((one) => one !== name)
  tools.report({
    ...weightOf(record, names, scores, said !== null, isChange, tools),
    key: isChange ? `${name}|${Math.round(seconds)}` : name,
    record,
    uids: uidsOf(series.uids, record.uid),
    description: `${srcIp} turned to ${name}${alias === undefined ? '' : ` (${alias})`} ${series.total} times, every ${seconds} seconds${isChange ? `, where it was every ${before} before` : ''}`,
    facts: {
      destination: name,
      names: names.slice(0, 3).join(' '),
      contacts: series.total,
      intervalSeconds: seconds,
      intervalSecondsBefore: before,
      lastedMinutes: Math.round(lastedMs(series) / 60_000),
      score: share(scores.overall),
      timestampScore: share(scores.timestamp),
      sizeScore: scores.size === null ? 'not known' : share(scores.size),
      durationScore: share(scores.duration),
      histogramScore: share(scores.histogram),
      intervalSkewness: share(scores.skewness),
      intervalDeviation: share(scores.deviation),
    },
  })
}

/** Web services with a name poll for a living; what has no name, or a port of its own, does so more rarely. */
function weightOf(
  { srcIp, dstIp, dstPort, proto }: FlowRecord,
  names: readonly string[],
  { overall, timestamp }: BeaconScores,
  isAgain: boolean,
  isChange: boolean,
  tools: BeaconTools,
): { level: Level; confidence: number } {
  const { network, host, window } = tools
  if (network.isHome(dstIp, srcIp)) return { level: 'low', confidence: share(overall * 0.3) }
  // That port is most often what it is for, and nothing else says so.
  if (dstPort !== null && tools.config.services.includes(serviceName(proto, dstPort)))
    return { level: 'low', confidence: share(overall * 0.3) }
  if (isChange) return { level: 'low', confidence: share(overall * 0.5) }
  const isWeb = dstPort !== null && webPorts.has(dstPort)
  // What keeps a way open or looks for others of its kind does so by and large; orders are asked for by the clock.
  if (!isWeb) return { level: 'medium', confidence: share(overall * (timestamp < CLOCKWORK ? 0.5 : 0.8)) }
  if (names.length > 0) {
    const state = tools.state()
    // Where the sensor shows no answers of DNS, nothing else can bear out a name that polls anyway.
    const isPolling = !host.resolvesNames && areExemptNames(names, tools)
    // Pages poll as well, several at a time: one of a window is given weight.
    if (isPolling || timestamp < CLOCKWORK || isAgain || state.namedWindowMs === window.startMs) {
      return { level: 'low', confidence: share(overall * 0.2) }
    }
    state.namedWindowMs = window.startMs
    return { level: 'medium', confidence: share(overall * 0.4) }
  }
  if (host.resolvesNames) return { level: 'medium', confidence: share(overall * 0.8) }
  // Where the sensor shows no names at all, their absence says nothing.
  return { level: isAgain ? 'low' : 'medium', confidence: share(overall * 0.4) }
}

const toSeconds = (ms: number): number => Math.round(ms / 100) / 10
const share = (value: number): number => Math.round(value * 1_000) / 1_000
