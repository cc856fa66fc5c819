import type { Conn, FlowRecord } from '@weir/schemas'
import { canonicalName } from '../data/dns-zones.ts'
import { listedBy, verdictFacts } from '../intel/verdict-facts.ts'
import { bySource } from '../keys.ts'
import { defineDetector, type Tools } from './detector.ts'
import { count, ratio } from './settings.ts'

/** One flow of a contact, as far as evidence shows it. */
type Flow = Pick<
  Conn,
  | 'tsMs'
  | 'observedMs'
  | 'site'
  | 'sensor'
  | 'source'
  | 'uid'
  | 'srcIp'
  | 'srcPort'
  | 'dstIp'
  | 'dstPort'
  | 'proto'
>

type Contact = { readonly isName: boolean; times: number; readonly flow: Flow }

/** What a host had to do with in the window under way and what no feed had at the time; nothing where no feed can say more later. */
type State = { windowStartMs: number; isAwake: boolean; contacts: Map<string, Contact> }

const settings = {
  contacts: count(
    128,
    'Addresses and names a host is remembered to have had to do with in the window; more are not looked back at.',
    1_000,
  ),
  everyMinutes: count(
    5,
    'Minutes of the stream between two looks at whether one of them has come to be listed.',
    60,
  ),
  share: ratio(
    0.8,
    'Share of the confidence left, as what is listed now may not have been so when it was met.',
  ),
}

const MAX_NAME = 120
const minuteMs = 60_000

export const contactListedLater = defineDetector({
  id: 'contact-listed-later',
  version: 1,
  claim: 'A host had to do with an address or name shortly before a feed came to list it.',
  spec: 'OWN-12',
  types: ['THREAT_INTELLIGENCE_SEEN_BEFORE_LISTED'],
  level: 'high',
  techniques: ['T1071'],
  misfires:
    'Servers that many share; feeds that list what was abused for an hour; research that reports what it visits.',
  key: bySource,
  settings,
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 800_000,
    empty: (): State => ({ windowStartMs: Number.NEGATIVE_INFINITY, isAwake: false, contacts: new Map() }),
  },
  on: {
    conn(record, tools) {
      if (tools.intel.additions === 0 || record.proto === 'icmp') return
      if (tools.network.isHome(record.dstIp, record.srcIp)) return
      if (tools.intel.address(record.dstIp, record.tsMs) === null) note(record, record.dstIp, false, tools)
    },
    dns: (record, tools) => noteName(record, record.query, tools),
    tls: (record, tools) => noteName(record, record.serverName, tools),
    http: (record, tools) => noteName(record, record.host, tools),
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined) return
    state.isAwake = false
    for (const [value, contact] of state.contacts) look(value, contact, state, tools)
    if (state.contacts.size === 0 || tools.window.startMs > state.windowStartMs) tools.forget()
    else wake(state, dueMs, tools)
  },
})

function noteName(record: FlowRecord, given: string, tools: Tools<State, typeof settings>): void {
  if (tools.intel.additions === 0 || given === '' || given.length > MAX_NAME) return
  const name = canonicalName(given)
  if (tools.intel.domain(name, record.tsMs) === null) note(record, name, true, tools)
}

function note(
  record: FlowRecord,
  value: string,
  isName: boolean,
  tools: Tools<State, typeof settings>,
): void {
  const state = tools.state()
  const { startMs } = tools.window
  if (startMs < state.windowStartMs) return
  if (startMs > state.windowStartMs) {
    for (const [before, contact] of state.contacts) look(before, contact, state, tools)
    state.contacts.clear()
    state.windowStartMs = startMs
  }
  const known = state.contacts.get(value)
  if (known !== undefined) {
    known.times += 1
    return
  }
  if (state.contacts.size >= tools.config.contacts) return
  const { tsMs, observedMs, site, sensor, source, uid, srcIp, srcPort, dstIp, dstPort, proto } = record
  const flow = { tsMs, observedMs, site, sensor, source, uid, srcIp, srcPort, dstIp, dstPort, proto }
  state.contacts.set(value, { isName, times: 1, flow })
  wake(state, tools.nowMs, tools)
}

function wake(state: State, nowMs: number, tools: Tools<State, typeof settings>): void {
  if (state.isAwake) return
  state.isAwake = true
  tools.wakeAt(nowMs + tools.config.everyMinutes * minuteMs)
}

/** Says what has come to be listed, and remembers it no longer: from here on it is met by those who know the list. */
function look(value: string, contact: Contact, state: State, tools: Tools<State, typeof settings>): void {
  const { isName, times, flow } = contact
  const verdict = isName ? tools.intel.domain(value, flow.tsMs) : tools.intel.address(value, flow.tsMs)
  if (verdict === null) return
  state.contacts.delete(value)
  tools.report({
    key: value,
    // The word of a feed on an address is of whoever has it; as with a listed destination the host itself did little.
    level: isName || verdict.level === 'info' ? verdict.level : 'low',
    confidence: verdict.confidence * tools.config.share,
    record: recordOf(flow),
    victim: { direction: 'dst', type: isName ? 'domain' : 'ip', value },
    description: `${flow.srcIp} had to do with ${value} before it was listed; it is now ${listedBy(verdict)}.`,
    facts: { ...verdictFacts(verdict, times), seenBeforeListed: true },
  })
}

/** Evidence shows of a record its ends and its flow. */
function recordOf(flow: Flow): Conn {
  return {
    kind: 'conn',
    ...flow,
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
