import type { Conn, FlowRecord, Level, Tls } from '@weir/schemas'
import { canonicalName } from '../data/dns-zones.ts'
import { executableKind } from '../data/mime-types.ts'
import { isForAgeAlone, registeredMs } from '../data/young-domain-tags.ts'
import { addressAsked, hostWithoutPort, urlOfRequest } from '../intel/indicator-value.ts'
import type { ExactKind, Verdict } from '../intel/indicators.ts'
import { jarmDaysBefore, jarmShare, type ProbedVerdict, probedVerdict } from '../intel/probed-verdict.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import { entriesOf, type SmallMap, valueUnder, withNewest, withoutName } from '../stats/small-map.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, ratio } from './settings.ts'

/** What a host may have had to do with: an address it called or was called from, a name, a URL, a program it was sent. */
type Kind = 'to' | 'from' | 'name' | 'url' | 'file'

/** Small, as every host of a busy hour has some: times are counted from the window's start, and what all flows share stands in the state. */
type Contact = {
  readonly kind: Kind
  /** While no feed listed it; 0 once that was said. */
  times: number
  readonly afterMs: number
  readonly lagMs: number
  readonly uid: string
  readonly srcPort: number | null
  /** `''` where the contact is itself that address. */
  readonly dstIp: string
  readonly dstPort: number | null
  readonly proto: FlowRecord['proto']
  readonly origin: number
  /** Whether any was; the flow is then the first that was. */
  readonly isAnswered: boolean
  /** Of an address: TCP ports that answered and had no listed fingerprint; not as a list while it is one, as it is of most. */
  services: null | Service | readonly Service[]
}

type Service = {
  readonly port: number
  /** A sensor may tell of one flow as both, or of either alone. */
  flows: number
  handshakes: number
  /** The first of them; `null` where it is the contact's own, as of most it is. */
  readonly first: Pick<Contact, 'afterMs' | 'uid' | 'srcPort'> | null
}

/** What a host had to do with in the window under way and what no feed had at the time; nothing where no feed can say more later. */
type State = {
  windowStartMs: number
  /** 0 while no timer is set. An earlier timer is one of state that is gone. */
  wakesAtMs: number
  srcIp: string
  site: string
  origins: readonly { readonly sensor: string; readonly source: FlowRecord['source'] }[]
  /** By value, the one met first in front; what called the host has `<` before it. */
  contacts: SmallMap<Contact>
  /** URLs and hashes: they come and go faster. */
  things: SmallMap<Contact>
}

const settings = {
  contacts: count(
    128,
    'Addresses and names a host had to do with last in the window that are looked back at; of URLs and programs a quarter as many.',
    1_000,
  ),
  everyMinutes: count(
    15,
    'Minutes of the stream between two looks at whether one of them has come to be listed.',
    60,
  ),
  share: ratio(
    0.8,
    'Share of the confidence left, as what is listed now may not have been so when it was met.',
  ),
  daysBefore: count(
    jarmDaysBefore,
    'Days before a probe of a server for which its answer is taken to have been the same, as of listed-jarm.',
    3_650,
  ),
}

const MAX_NAME = 120
const minuteMs = 60_000
const DAY_MS = 86_400_000
/** As the setting of `young-domain` has it. */
const YOUNG_DAYS = 60
const THINGS_SHARE = 4
/** Sensors and their logs that tell of one host. */
const MAX_ORIGINS = 16
/** Ports of one address. */
const MAX_SERVICES = 4

export const contactListedLater = defineDetector({
  id: 'contact-listed-later',
  version: 4,
  claim:
    'A host had to do with an address, name, URL or program shortly before a feed came to list it, or a server before its fingerprint was known and listed.',
  spec: 'OWN-12',
  types: ['THREAT_INTELLIGENCE_SEEN_BEFORE_LISTED', 'YOUNG_DOMAIN'],
  level: 'high',
  techniques: ['T1071'],
  misfires:
    'Servers that many share; feeds that list what was abused for an hour; research that reports what it visits.',
  key: bySource,
  settings,
  state: {
    scope: 'host',
    version: 5,
    maxBytes: 1_000_000,
    empty: (): State => ({
      windowStartMs: Number.NEGATIVE_INFINITY,
      wakesAtMs: 0,
      srcIp: '',
      site: '',
      origins: [],
      contacts: null,
      things: null,
    }),
  },
  on: {
    conn(record, tools) {
      const { intel, network } = tools
      if (!intel.mayGrow || record.proto === 'icmp') return
      const { srcIp, dstIp, tsMs } = record
      const isAnswered = record.established !== false
      if (isPublic(dstIp) && !network.isHome(dstIp, srcIp)) {
        const isUnlisted = intel.address(dstIp, tsMs) === null
        const service = isAnswered ? serviceOf(record, tools) : null
        if (isUnlisted || service !== null)
          note(record, dstIp, { kind: 'to', isAnswered, isUnlisted, service }, tools)
      }
      if (isPublic(srcIp) && !network.isHome(srcIp, dstIp) && intel.address(srcIp, tsMs) === null)
        note(record, `<${srcIp}`, { ...met('from'), isAnswered }, tools)
    },
    dns: (record, tools) => noteName(record, record.query, tools),
    tls(record, tools) {
      const { intel, network } = tools
      noteName(record, record.serverName, tools)
      const { srcIp, dstIp } = record
      if (!intel.mayGrow || !isPublic(dstIp) || network.isHome(dstIp, srcIp)) return
      // Of the address a record of the connection tells, sooner or later.
      const service = serviceOf(record, tools)
      if (service !== null) note(record, dstIp, { ...met('to'), isUnlisted: false, service }, tools)
    },
    http(record, tools) {
      const { intel } = tools
      if (!intel.mayGrow) return
      const { host, uri, dstIp, dstPort, tsMs } = record
      const asked = addressAsked(host, uri)
      if (asked === '') noteName(record, hostWithoutPort(host), tools)
      else if (asked !== dstIp && intel.address(asked, tsMs) === null) note(record, asked, met('to'), tools)
      const url = withoutQuery(urlOfRequest(host, uri, dstIp, dstPort))
      if (url !== '' && url.length <= MAX_NAME && intel.exact('url', url, tsMs) === null)
        note(record, url, met('url'), tools)
    },
    file(record, tools) {
      if (!tools.intel.mayGrow || executableKind(record.mimeType) === null) return
      const hashes = [record.sha256, record.sha1, record.md5].filter((hash) => hash !== '')
      if (hashes.length > 0 && !hashes.some((hash) => verdictOf(hash, 'file', record.tsMs, tools) !== null))
        note(record, hashes.join(' '), met('file'), tools)
    },
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined || dueMs < state.wakesAtMs) return
    state.wakesAtMs = 0
    lookAtAll(state, tools)
    const isEmpty = state.contacts === null && state.things === null
    if (isEmpty || tools.window.startMs > state.windowStartMs) tools.forget()
    else wake(state, dueMs, tools)
  },
})

type Own = Tools<State, typeof settings>

function noteName(record: FlowRecord, given: string, tools: Own): void {
  if (!tools.intel.mayGrow || given === '' || given.length > MAX_NAME) return
  const name = canonicalName(given)
  if (tools.intel.domain(name, record.tsMs) === null) note(record, name, met('name'), tools)
}

function withoutQuery(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

/** How a contact was met. */
type Met = {
  readonly kind: Kind
  readonly isAnswered: boolean
  readonly isUnlisted: boolean
  /** The TCP port that answered, where its fingerprint is not listed. */
  readonly service: number | null
}

const met = (kind: Kind): Met => ({ kind, isAnswered: true, isUnlisted: true, service: null })

function serviceOf(record: Conn | Tls, tools: Own): number | null {
  const { proto, dstPort } = record
  return proto === 'tcp' && dstPort !== null && fingerprintOf(record, tools) === null ? dstPort : null
}

function note(record: FlowRecord, key: string, how: Met, tools: Own): void {
  const { kind, isAnswered, isUnlisted, service } = how
  const state = tools.state()
  const { startMs } = tools.window
  if (startMs < state.windowStartMs) return
  const isNewWindow = startMs > state.windowStartMs
  if (isNewWindow) {
    lookAtAll(state, tools)
    state.contacts = null
    state.things = null
    state.origins = []
    state.windowStartMs = startMs
  }
  const isThing = kind === 'url' || kind === 'file'
  const kept = isThing ? state.things : state.contacts
  const known = valueUnder(kept, key)
  if (known !== undefined && service !== null) noteService(known, service, record, startMs)
  if (known !== undefined && (!isUnlisted || (known.times > 0 && (known.isAnswered || !isAnswered)))) {
    if (isUnlisted) known.times += 1
    return
  }
  const most = isThing ? Math.ceil(tools.config.contacts / THINGS_SHARE) : tools.config.contacts
  const { tsMs, observedMs, uid, srcPort, dstIp, dstPort, proto } = record
  state.srcIp = record.srcIp
  state.site = record.site
  let services: Contact['services'] = null
  if (known !== undefined) services = packed(servicesOf(known).map((one) => withFirst(one, known)))
  else if (service !== null) services = serviceAt(service, record, null)
  const contact: Contact = {
    kind,
    times: (known?.times ?? 0) + (isUnlisted ? 1 : 0),
    afterMs: tsMs - startMs,
    lagMs: observedMs - tsMs,
    uid,
    srcPort,
    dstIp: key === dstIp ? '' : dstIp,
    dstPort,
    proto,
    origin: originOf(record, state),
    isAnswered: isAnswered || known?.isAnswered === true,
    services,
  }
  // What was met long ago is met again if it matters.
  if (isThing) state.things = withNewest(kept, key, contact, most)
  else state.contacts = withNewest(kept, key, contact, most)
  wake(state, tools.nowMs, tools)
  if (isNewWindow) tools.wakeAt(lastLookMs(state, tools))
}

function noteService(contact: Contact, port: number, record: FlowRecord, startMs: number): void {
  const services = servicesOf(contact)
  const known = services.find((one) => one.port === port)
  if (known !== undefined) {
    countIn(known, record)
    return
  }
  const { tsMs, uid, srcPort } = record
  const kept = services.length < MAX_SERVICES ? services : withoutOne(services, leastUsed(services))
  contact.services = packed(kept.concat(serviceAt(port, record, { afterMs: tsMs - startMs, uid, srcPort })))
}

function serviceAt(port: number, record: FlowRecord, first: Service['first']): Service {
  const service = { port, flows: 0, handshakes: 0, first }
  countIn(service, record)
  return service
}

function countIn(service: Service, { kind }: FlowRecord): void {
  if (kind === 'tls') service.handshakes += 1
  else service.flows += 1
}

/** For when the contact is to have another flow. */
function withFirst(service: Service, { afterMs, uid, srcPort }: Contact): Service {
  return service.first === null ? { ...service, first: { afterMs, uid, srcPort } } : service
}

function servicesOf({ services }: Contact): readonly Service[] {
  if (services === null) return []
  return 'port' in services ? [services] : services
}

/** As they are kept. */
function packed(services: readonly Service[]): Contact['services'] {
  const [first = null] = services
  return services.length <= 1 ? first : services
}

const withoutOne = (services: readonly Service[], gone: Service): readonly Service[] =>
  services.filter((one) => one !== gone)

const timesOf = ({ flows, handshakes }: Service): number => Math.max(flows, handshakes)

const leastUsed = (services: readonly Service[]) =>
  services.reduce((least, one) => (timesOf(one) < timesOf(least) ? one : least))

function originOf({ sensor, source }: FlowRecord, state: State): number {
  const { origins } = state
  const known = origins.findIndex((origin) => origin.sensor === sensor && origin.source === source)
  if (known >= 0 || origins.length >= MAX_ORIGINS) return Math.max(0, known)
  state.origins = origins.concat({ sensor, source })
  return origins.length
}

function wake(state: State, nowMs: number, tools: Own): void {
  if (state.wakesAtMs !== 0) return
  state.wakesAtMs = nowMs + everyMs(tools)
  tools.wakeAtNews(state.wakesAtMs, everyMs(tools))
}

/** The first after the window, which also forgets what is left: news or not, as contacts are much of what a silent host takes. */
function lastLookMs({ windowStartMs, wakesAtMs }: State, tools: Own): number {
  const overMs = windowStartMs + tools.window.endMs - tools.window.startMs
  return wakesAtMs + Math.max(0, Math.ceil((overMs - wakesAtMs) / everyMs(tools))) * everyMs(tools)
}

const everyMs = ({ config }: Pick<Own, 'config'>): number => config.everyMinutes * minuteMs

function lookAtAll(state: State, tools: Own): void {
  for (const [key, contact] of entriesOf(state.contacts))
    if (look(key, contact, state, tools)) state.contacts = withoutName(state.contacts, key)
  for (const [key, contact] of entriesOf(state.things))
    if (look(key, contact, state, tools)) state.things = withoutName(state.things, key)
}

function verdictOf(value: string, kind: Kind, tsMs: number, { intel }: Pick<Own, 'intel'>): Verdict | null {
  if (kind === 'name') return intel.domain(value, tsMs)
  if (kind === 'url') return intel.exact('url', value, tsMs)
  if (kind !== 'file') return intel.address(value, tsMs)
  const hash = hashKinds[value.length]
  return hash === undefined ? null : intel.exact(hash, value, tsMs)
}

/** What is listed of a server, where a probe of it is kept. */
function fingerprintOf(
  { dstIp, dstPort, tsMs }: Pick<Conn, 'dstIp' | 'dstPort' | 'tsMs'>,
  { intel, config }: Pick<Own, 'intel' | 'config'>,
): ProbedVerdict | null {
  return probedVerdict(intel, dstIp, dstPort, tsMs, config.daysBefore)
}

function isKnownGood(value: string, { intel }: Pick<Own, 'intel'>): boolean {
  const hash = hashKinds[value.length]
  return hash !== undefined && intel.isKnownGood(hash, value)
}

const hashKinds: Readonly<Record<number, ExactKind>> = { 32: 'file_md5', 40: 'file_sha1', 64: 'file_sha256' }

/**
 * Says what has come to be listed, and remembers it no longer: from here on it is met by those who know the list. An address and the
 * fingerprints of its ports are said each for itself. Whether nothing is left of it.
 */
function look(key: string, contact: Contact, state: State, tools: Own): boolean {
  if (contact.times > 0 && lookAtContact(key, contact, state, tools)) contact.times = 0
  for (const service of servicesOf(contact)) {
    if (lookAtService(key, contact, service, state, tools))
      contact.services = packed(withoutOne(servicesOf(contact), service))
  }
  return contact.times === 0 && contact.services === null
}

/** Whether there was something to say, or nothing ever to be. */
function lookAtContact(key: string, contact: Contact, state: State, tools: Own): boolean {
  const { kind, times, afterMs } = contact
  const values = kind === 'from' ? [key.slice(1)] : kind === 'file' ? key.split(' ') : [key]
  let verdict: Verdict | null = null
  for (const each of values) verdict ??= verdictOf(each, kind, state.windowStartMs + afterMs, tools)
  if (verdict === null || (kind === 'file' && values.some((hash) => isKnownGood(hash, tools)))) return false
  const flow = flowOf(key, contact, state)
  const value = kind === 'file' ? verdict.value : (values[0] ?? '')
  const isInbound = kind === 'from'
  if (kind === 'name' && isForAgeAlone(verdict)) {
    tellAge(value, verdict, flow, times, tools)
    return true
  }
  tools.report({
    key,
    level: levelOf(kind, contact.isAnswered, verdict.level),
    confidence: verdict.confidence * tools.config.share,
    record: flow,
    victim: {
      direction: 'dst',
      type: isInbound ? 'ip' : partyTypes[kind],
      value: isInbound ? flow.dstIp : value,
    },
    description: isInbound
      ? `${value} called ${flow.dstIp} before it was listed; it is now ${listedBy(verdict)}.`
      : `${flow.srcIp} had to do with ${value} before it was listed; it is now ${listedBy(verdict)}.`,
    facts: { ...verdictFacts(verdict, times), seenBeforeListed: true },
  })
  return true
}

const partyTypes = { to: 'ip', name: 'domain', url: 'url', file: 'hash' } as const

/** The word of a feed on an address is of whoever has it: as with a listed destination the host itself did little. Who calls is himself listed. */
function levelOf(kind: Kind, isAnswered: boolean, level: Level): Level {
  if (kind === 'to') return level === 'info' ? 'info' : 'low'
  return kind === 'from' && !isAnswered ? 'info' : level
}

function lookAtService(key: string, contact: Contact, service: Service, state: State, tools: Own): boolean {
  const { port, first } = service
  const tsMs = state.windowStartMs + (first ?? contact).afterMs
  const probed = fingerprintOf({ dstIp: key, dstPort: port, tsMs }, tools)
  if (probed === null) return false
  const own: Contact = { ...contact, ...first, dstIp: '', dstPort: port, proto: 'tcp' }
  const flow = flowOf(key, own, state)
  const { server, verdict } = probed
  tools.report({
    key: server,
    level: levelOf('to', true, verdict.level),
    confidence: verdict.confidence * jarmShare * tools.config.share,
    record: flow,
    description: `${flow.srcIp} connected to ${server} before its fingerprint was known and listed; its JARM ${verdict.value} is now ${listedBy(verdict)}.`,
    facts: { ...verdictFacts(verdict, timesOf(service)), server, seenBeforeListed: true },
  })
  return true
}

/** How old a domain is often comes to be known after it was asked for. */
function tellAge(name: string, verdict: Verdict, flow: Conn, times: number, tools: Own): void {
  const bornMs = registeredMs(verdict.tags)
  const ageDays = bornMs === null ? null : Math.floor((flow.tsMs - bornMs) / DAY_MS)
  if (ageDays === null || ageDays < 0 || ageDays >= YOUNG_DAYS) return
  tools.report({
    key: name,
    type: 'YOUNG_DOMAIN',
    level: 'info',
    confidence: verdict.confidence,
    record: flow,
    victim: { direction: 'dst', type: 'domain', value: name },
    description: `${flow.srcIp} asked for ${name}, which was registered ${ageDays} days before, as is known now.`,
    facts: { ...verdictFacts(verdict, times), ageDays },
  })
}

/** Evidence shows of a record its ends and its flow. */
function flowOf(key: string, contact: Contact, state: State): Conn {
  const { afterMs, lagMs, uid, srcPort, dstIp, dstPort, proto, origin } = contact
  const tsMs = state.windowStartMs + afterMs
  return {
    kind: 'conn',
    tsMs,
    observedMs: tsMs + lagMs,
    site: state.site,
    sensor: state.origins[origin]?.sensor ?? '',
    source: state.origins[origin]?.source ?? 'zeek',
    uid,
    srcIp: state.srcIp,
    srcPort,
    dstIp: dstIp === '' ? key : dstIp,
    dstPort,
    proto,
    label: '',
    labelDetail: '',
    durationMs: 0,
    service: '',
    state: '',
    history: '',
    established: null,
    srcPkts: 0,
    dstPkts: 0,
    srcBytes: 0,
    dstBytes: 0,
    srcMac: '',
    dstMac: '',
    icmpType: null,
    icmpCode: null,
  }
}
