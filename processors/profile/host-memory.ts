/**
 * What is remembered of a source host and shared by its detectors (spec profiles-evidence-alerts.md section 5,
 * detections.md section 12). Written by `remember` before the detectors see a record, read by them; bounded.
 */
import type { Dns, FlowRecord } from '@weir/schemas'
import { canonicalName } from '../data/dns-zones.ts'
import { isUnspecified } from './address-class.ts'
import type { Network } from './network.ts'
import {
  isResolverOfPlace,
  isTrustedAnswer,
  noHabits,
  noteAnswered,
  type ResolverHabits,
} from './trusted-resolvers.ts'

/** Names that an address was given for, newest last, and when each was last given: two lists, as many objects would take twice the room. */
type Resolved = { readonly names: string[]; readonly times: number[] }

/**
 * Plain data, so that it travels through the store. `null` until there is something to remember: most hosts of a big
 * network leave most of it empty, and an empty `Map` alone takes some 300 bytes.
 */
export type HostMemoryState = {
  /** Address to the names that resolved to it; who was last answered is last. */
  resolved: Map<string, Resolved> | null
  /** Of whom it asks names outside; `null` while it asks nobody there. */
  habits: ResolverHabits | null
  mac: string
  hostNames: string[] | null
  userAgents: string[] | null
  /** Start of the profile windows in which it was found scanning, newest last. */
  scannerWindows: number[] | null
  dhcpServers: string[] | null
  ftpDataPorts: number[] | null
  firstMs: number
}

export const emptyHostMemory = (): HostMemoryState => ({
  resolved: null,
  habits: null,
  mac: '',
  hostNames: null,
  userAgents: null,
  scannerWindows: null,
  dhcpServers: null,
  ftpDataPorts: null,
  firstMs: Number.NaN,
})

const NOTHING: readonly string[] = []

/** Event time an answer is good for after it was last given (section 12.3, «Weir:»). */
const RESOLVED_TTL_MS = 24 * 3_600_000
/** Addresses remembered of one host; the ones not answered for longest go first. */
const MAX_RESOLVED = 2_000
const MAX_NAMES = 10
const MAX_LIST = 20

/** A detector's view of a host. Reused from record to record: never kept. */
export class HostMemory {
  #state: HostMemoryState = emptyHostMemory()

  /** For the operator: looks at another host from now on. */
  attach(state: HostMemoryState): void {
    this.#state = state
  }

  /** Event time of the host's first record. */
  get firstMs(): number {
    return this.#state.firstMs
  }

  get mac(): string {
    return this.#state.mac
  }

  get hostNames(): readonly string[] {
    return this.#state.hostNames ?? NOTHING
  }

  get userAgents(): readonly string[] {
    return this.#state.userAgents ?? NOTHING
  }

  /**
   * Names that this host resolved to the address within the day before `nowMs`, in canonical form: at most ten, the one it was given last for is
   * last. Not to be changed.
   */
  namesOf(ip: string, nowMs: number): readonly string[] {
    const answer = this.#state.resolved?.get(ip)
    if (answer === undefined) return NOTHING
    const { names, times } = answer
    for (let i = 0; i < times.length; i += 1) {
      if (nowMs - (times[i] ?? 0) <= RESOLVED_TTL_MS) continue
      return names.filter((_, at) => nowMs - (times[at] ?? 0) <= RESOLVED_TTL_MS)
    }
    return names
  }

  /** Whether this host was given the address as an answer between `nowMs - withinMs` and any later time known. */
  resolvedWithin(ip: string, nowMs: number, withinMs: number): boolean {
    const times = this.#state.resolved?.get(ip)?.times
    if (times === undefined) return false
    // From the newest on, which nearly always answers it.
    for (let i = times.length - 1; i >= 0; i -= 1) if (nowMs - (times[i] ?? 0) <= withinMs) return true
    return false
  }

  /** Whether this host was ever seen to resolve anything: only then does a missing answer say something. */
  get resolvesNames(): boolean {
    return this.#state.resolved !== null
  }

  isDhcpServer(ip: string): boolean {
    return this.#state.dhcpServers?.includes(ip) ?? false
  }

  isFtpDataPort(port: number): boolean {
    return this.#state.ftpDataPorts?.includes(port) ?? false
  }

  /** Set by the scan detectors; silences what a scan makes others say in the same window (section 12.1). */
  markScanner(windowStartMs: number): void {
    this.#state.scannerWindows = addBounded(this.#state.scannerWindows, windowStartMs)
  }

  isScanner(windowStartMs: number): boolean {
    return this.#state.scannerWindows?.includes(windowStartMs) ?? false
  }
}

/** Takes from a record what the host's detectors may want to know later. `network` is where the host is. */
export function remember(state: HostMemoryState, record: FlowRecord, network: Network): void {
  if (!(record.tsMs >= state.firstMs)) state.firstMs = record.tsMs
  switch (record.kind) {
    case 'conn':
      if (state.mac === '' && record.srcMac !== '') state.mac = record.srcMac
      return
    case 'dns':
      rememberAnswers(state, record, network)
      return
    case 'http':
      if (record.userAgent !== '')
        state.userAgents = addBounded(state.userAgents, record.userAgent.slice(0, 256))
      return
    case 'dhcp':
      if (record.mac !== '') state.mac = record.mac
      if (record.hostName !== '') state.hostNames = addBounded(state.hostNames, record.hostName.slice(0, 256))
      if (record.serverIp !== '') state.dhcpServers = addBounded(state.dhcpServers, record.serverIp)
      return
    case 'arp':
      if (record.srcHw !== '' && !isUnspecified(record.srcIp)) state.mac = record.srcHw
      return
    case 'ftp':
      if (record.dataPort !== null) state.ftpDataPorts = addBounded(state.ftpDataPorts, record.dataPort)
  }
}

function rememberAnswers(state: HostMemoryState, record: Dns, network: Network): void {
  if (record.answers.length === 0 || (record.qtype !== 'A' && record.qtype !== 'AAAA')) return
  if (record.query.endsWith('arpa')) return
  // A sinkhole's answer is not where the host then goes.
  if (
    record.query !== 'localhost' &&
    record.answers.some((answer) => answer === '127.0.0.1' || answer === '0.0.0.0')
  )
    return
  if (isResolverOfPlace(record, network)) {
    if (state.habits !== null) noteAnswered(state.habits)
  } else if (!isTrustedAnswer(record, (state.habits ??= noHabits(state.resolved !== null)))) return
  const name = canonicalName(record.query)
  for (const answer of record.answers) {
    if (!isAddressLike(answer)) continue
    const resolved = (state.resolved ??= new Map())
    const known = resolved.get(answer)
    if (known === undefined) {
      if (resolved.size >= MAX_RESOLVED) resolved.delete(resolved.keys().next().value ?? answer)
      resolved.set(answer, { names: [name], times: [record.tsMs] })
      continue
    }
    noteName(known, name, record.tsMs)
    // To its place behind all others. While there is room for as many again, nothing is about to go, and moving costs something.
    if (resolved.size > MAX_RESOLVED / 2) {
      resolved.delete(answer)
      resolved.set(answer, known)
    }
  }
}

/** Newest last, each with the last time it was given. */
function noteName({ names, times }: Resolved, name: string, tsMs: number): void {
  const last = names.length - 1
  if (names[last] === name) {
    times[last] = Math.max(times[last] ?? tsMs, tsMs)
    return
  }
  const at = names.indexOf(name)
  const lastMs = at < 0 ? tsMs : Math.max(times[at] ?? tsMs, tsMs)
  if (at >= 0) {
    names.splice(at, 1)
    times.splice(at, 1)
  } else if (names.length >= MAX_NAMES) {
    names.shift()
    times.shift()
  }
  names.push(name)
  times.push(lastMs)
}

/** Answers mix addresses, aliases and texts; parsers have put addresses into canonical form already. */
function isAddressLike(answer: string): boolean {
  const first = answer.charCodeAt(0)
  return answer.includes(':') ? !answer.includes(' ') : first >= 48 && first <= 57 && /^[\d.]+$/.test(answer)
}

/** The list with the item, newest last; the oldest goes when there is no room. */
function addBounded<T>(list: T[] | null, item: T): T[] {
  if (list === null) return [item]
  if (list.includes(item)) return list
  if (list.length >= MAX_LIST) list.shift()
  list.push(item)
  return list
}
