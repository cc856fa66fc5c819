import type { Dns } from '@weir/schemas'
import { canonicalName, internalZones, isWithinZone, reputationZones } from '../data/dns-zones.ts'
import { bySource } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { defineDetector } from './detector.ts'
import { count, number, ratio, texts } from './settings.ts'

type Lookup = {
  readonly first: Dns
  readonly addresses: string[]
  /** Questions at least `AGAIN_MS` apart. */
  asked: number
  lastMs: number
  uids: readonly string[]
  readonly dueMs: number
}

type State = {
  /** By name, in the order of coming due. */
  readonly waiting: Map<string, Lookup>
  /** Address to the names that wait for a connection to it. */
  readonly names: Map<string, string[]>
  /** Answers that a connection followed, newest last, with the time of the last one. */
  readonly used: Map<string, number>
  usedNames: number
  unusedNames: number
  /** Start of the window that was last spoken in, and how many names were told of in it. */
  saidInMs: number
  said: number
}

const MAX_WAITING = 200
const MAX_ADDRESSES = 12
const MAX_ADDRESS_LENGTH = 45
const MAX_NAMES = 8
const MAX_USED = 1_000
const MAX_UIDS = 10
/** Counted to this, and halved, so that what a host does now outweighs what it did. */
const MAX_COUNTED = 512
/** A question for both kinds of address, or by two resolvers at once, is one. */
const AGAIN_MS = 10_000
/** Timers are set to multiples of this, so that a busy host has few. */
const TIMER_MS = 60_000

export const unusedDnsAnswer = defineDetector({
  id: 'unused-dns-answer',
  version: 1,
  claim: 'A host asks for a name again and again and never connects to what it is told.',
  spec: 'DNS-01',
  types: ['DNS_WITHOUT_CONNECTION'],
  level: 'info',
  techniques: ['T1071.004'],
  misfires:
    'Browsers that look names up in advance; connections over the other address family, through a proxy or a tunnel. It is a note, and weighs nothing.',
  key: bySource,
  settings: {
    waitMinutes: number(30, 'Minutes of event time a connection may begin after the first question.'),
    asked: count(
      3,
      'Times a name is asked for within these minutes, 10 seconds or more apart, to be told of.',
    ),
    minUsedShare: ratio(
      0.2,
      'Names followed by a connection among all names of a host; below it the host asks for others, or the sensor does not see its connections.',
    ),
    minUsed: count(
      5,
      'Names that must have been followed by a connection before anything is said.',
      MAX_COUNTED / 2,
    ),
    exempt: texts(
      [...internalZones, ...reputationZones],
      'Zones whose names are asked without a connection in mind.',
    ),
    perWindow: count(10, 'Names told of one host in one window.', MAX_WAITING),
  },
  state: {
    scope: 'host',
    version: 1,
    maxBytes: 1_200_000,
    empty: (): State => ({
      waiting: new Map(),
      names: new Map(),
      used: new Map(),
      usedNames: 0,
      unusedNames: 0,
      saidInMs: 0,
      said: 0,
    }),
  },
  on: {
    dns(record, tools) {
      if (record.answers.length === 0 || (record.qtype !== 'A' && record.qtype !== 'AAAA')) return
      if (record.rcode !== 'NOERROR' || record.query.length > 255) return
      const name = canonicalName(record.query)
      const known = tools.peek()
      let lookup = known?.waiting.get(name)
      if (lookup === undefined) {
        // The connection may still be open from before, and will be told of when it ends.
        if (known !== undefined && isInUse(known, record, tools.config.waitMinutes)) {
          tally(known, true)
          return
        }
        if (!name.includes('.') || name.includes('*') || isWithinZone(name, tools.config.exempt)) return
        if (!hasPublic(record.answers)) return
        lookup = begin(tools.state(), record, name, tools.nowMs + tools.config.waitMinutes * 60_000)
        if (lookup === undefined) return
        tools.wakeAt(lookup.dueMs)
      }
      note(tools.state(), lookup, record, name)
    },
    conn(record, tools) {
      const state = tools.peek()
      if (state === undefined) return
      const names = state.names.get(record.dstIp)
      if (names === undefined) {
        const lastMs = state.used.get(record.dstIp)
        if (lastMs !== undefined && record.tsMs + record.durationMs > lastMs)
          state.used.set(record.dstIp, record.tsMs + record.durationMs)
        return
      }
      state.used.delete(record.dstIp)
      if (state.used.size >= MAX_USED) state.used.delete(state.used.keys().next().value ?? '')
      state.used.set(record.dstIp, record.tsMs + record.durationMs)
      for (const name of [...names]) {
        const lookup = state.waiting.get(name)
        if (lookup === undefined) continue
        settle(state, name, lookup)
        tally(state, true)
      }
      state.names.delete(record.dstIp)
    },
  },
  onTimer(dueMs, tools) {
    const state = tools.peek()
    if (state === undefined) return
    const { config, window } = tools
    if (state.saidInMs !== window.startMs) {
      state.saidInMs = window.startMs
      state.said = 0
    }
    const due = [...state.waiting].filter(([, lookup]) => lookup.dueMs <= dueMs)
    for (const [name, lookup] of due) {
      settle(state, name, lookup)
      tally(state, false)
    }
    const { usedNames, unusedNames } = state
    if (usedNames < config.minUsed || usedNames / (usedNames + unusedNames) < config.minUsedShare) return
    for (const [name, lookup] of due) {
      if (lookup.asked < config.asked || state.said >= config.perWindow) continue
      state.said += 1
      const { first, asked, addresses } = lookup
      tools.report({
        key: name,
        confidence: 0.8,
        record: first,
        uids: [...lookup.uids],
        victim: { direction: 'dst', type: 'domain', value: name },
        description: `${first.srcIp} asked for ${name} ${asked} times within ${config.waitMinutes} minutes and connected to none of its addresses`,
        facts: { query: name, asked, addresses: addresses.length, resolver: first.dstIp },
      })
    }
  },
})

function hasPublic(answers: readonly string[]): boolean {
  for (const answer of answers) if (isAddress(answer)) return true
  return false
}

const isAddress = (answer: string): boolean => answer.length <= MAX_ADDRESS_LENGTH && isPublic(answer)

function isInUse({ used }: State, { answers, tsMs }: Dns, waitMinutes: number): boolean {
  for (const answer of answers) {
    const lastMs = used.get(answer)
    if (lastMs !== undefined && tsMs - lastMs <= waitMinutes * 60_000) return true
  }
  return false
}

/** Beyond what is kept, a host asks for so many names that one more says nothing. */
function begin({ waiting }: State, record: Dns, name: string, waitsToMs: number): Lookup | undefined {
  if (waiting.size >= MAX_WAITING) return undefined
  const lookup: Lookup = {
    first: { ...record, query: name, answers: [], ttls: [] },
    addresses: [],
    asked: 0,
    lastMs: Number.NEGATIVE_INFINITY,
    uids: [],
    dueMs: Math.ceil(waitsToMs / TIMER_MS) * TIMER_MS,
  }
  waiting.set(name, lookup)
  return lookup
}

function note({ names }: State, lookup: Lookup, record: Dns, name: string): void {
  if (record.tsMs - lookup.lastMs >= AGAIN_MS) {
    lookup.asked += 1
    lookup.lastMs = record.tsMs
  }
  lookup.uids = sampleUid(lookup.uids, record.uid, MAX_UIDS)
  for (const answer of record.answers) {
    if (lookup.addresses.includes(answer) || lookup.addresses.length >= MAX_ADDRESSES) continue
    if (!isAddress(answer)) continue
    lookup.addresses.push(answer)
    const sharing = names.get(answer)
    if (sharing === undefined) names.set(answer, [name])
    else if (sharing.length < MAX_NAMES && !sharing.includes(name)) sharing.push(name)
  }
}

/** The name waits no more. */
function settle(state: State, name: string, lookup: Lookup): void {
  state.waiting.delete(name)
  for (const address of lookup.addresses) {
    const sharing = state.names.get(address)
    if (sharing === undefined) continue
    const left = sharing.filter((other) => other !== name)
    if (left.length === 0) state.names.delete(address)
    else state.names.set(address, left)
  }
}

function tally(state: State, used: boolean): void {
  if (used) state.usedNames += 1
  else state.unusedNames += 1
  if (state.usedNames + state.unusedNames < MAX_COUNTED) return
  state.usedNames /= 2
  state.unusedNames /= 2
}
