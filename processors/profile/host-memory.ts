/**
 * What is remembered of a source host and shared by its detectors (spec profiles-evidence-alerts.md section 5,
 * detections.md section 12). Written by `remember` before the detectors see a record, read by them; bounded.
 */
import type { FlowRecord } from '@weir/schemas'
import { isUnspecified } from './address-class.ts'

/** Plain data, so that it travels through the store. */
export type HostMemoryState = {
  /** Address to the names that resolved to it and when it was last answered. In the order of first answers. */
  readonly resolved: Map<string, { names: string[]; lastMs: number }>
  mac: string
  /** Addresses of the other family and former ones seen with the same MAC. */
  hostNames: string[]
  userAgents: string[]
  /** Start of the profile windows in which it was found scanning, newest last. */
  scannerWindows: number[]
  dhcpServers: string[]
  ftpDataPorts: number[]
  firstMs: number
}

export const emptyHostMemory = (): HostMemoryState => ({
  resolved: new Map(),
  mac: '',
  hostNames: [],
  userAgents: [],
  scannerWindows: [],
  dhcpServers: [],
  ftpDataPorts: [],
  firstMs: Number.NaN,
})

/** Event time an answer is good for after it was last given (section 12.3, «Weir:»). */
const RESOLVED_TTL_MS = 24 * 3_600_000
/** Addresses remembered of one host; the ones answered first go first. */
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
    return this.#state.hostNames
  }

  get userAgents(): readonly string[] {
    return this.#state.userAgents
  }

  /** Names that this host resolved to the address within the day before `nowMs`; at most ten, oldest first. */
  namesOf(ip: string, nowMs: number): readonly string[] {
    const answer = this.#state.resolved.get(ip)
    return answer !== undefined && nowMs - answer.lastMs <= RESOLVED_TTL_MS ? answer.names : []
  }

  /** Whether this host was given the address as an answer between `nowMs - withinMs` and any later time known. */
  resolvedWithin(ip: string, nowMs: number, withinMs: number): boolean {
    const answer = this.#state.resolved.get(ip)
    return answer !== undefined && nowMs - answer.lastMs <= withinMs
  }

  /** Whether this host was ever seen to resolve anything: only then does a missing answer say something. */
  get resolvesNames(): boolean {
    return this.#state.resolved.size > 0
  }

  isDhcpServer(ip: string): boolean {
    return this.#state.dhcpServers.includes(ip)
  }

  isFtpDataPort(port: number): boolean {
    return this.#state.ftpDataPorts.includes(port)
  }

  /** Set by the scan detectors; silences what a scan makes others say in the same window (section 12.1). */
  markScanner(windowStartMs: number): void {
    const marks = this.#state.scannerWindows
    if (!marks.includes(windowStartMs)) pushBounded(marks, windowStartMs)
  }

  isScanner(windowStartMs: number): boolean {
    return this.#state.scannerWindows.includes(windowStartMs)
  }
}

/** Takes from a record what the host's detectors may want to know later. */
export function remember(state: HostMemoryState, record: FlowRecord): void {
  if (!(record.tsMs >= state.firstMs)) state.firstMs = record.tsMs
  switch (record.kind) {
    case 'conn':
      if (state.mac === '' && record.srcMac !== '') state.mac = record.srcMac
      return
    case 'dns':
      rememberAnswers(state, record)
      return
    case 'http':
      if (record.userAgent !== '') addBounded(state.userAgents, record.userAgent.slice(0, 256))
      return
    case 'dhcp':
      if (record.mac !== '') state.mac = record.mac
      if (record.hostName !== '') addBounded(state.hostNames, record.hostName.slice(0, 256))
      if (record.serverIp !== '') addBounded(state.dhcpServers, record.serverIp)
      return
    case 'arp':
      if (record.srcHw !== '' && !isUnspecified(record.srcIp)) state.mac = record.srcHw
      return
    case 'ftp':
      if (record.dataPort !== null) addBounded(state.ftpDataPorts, record.dataPort)
  }
}

function rememberAnswers(state: HostMemoryState, record: FlowRecord & { kind: 'dns' }): void {
  if (record.answers.length === 0 || (record.qtype !== 'A' && record.qtype !== 'AAAA')) return
  if (record.query.endsWith('arpa')) return
  // A sinkhole's answer is not where the host then goes.
  if (
    record.query !== 'localhost' &&
    record.answers.some((answer) => answer === '127.0.0.1' || answer === '0.0.0.0')
  )
    return
  const { resolved } = state
  for (const answer of record.answers) {
    if (!isAddressLike(answer)) continue
    const known = resolved.get(answer)
    if (known === undefined) {
      if (resolved.size >= MAX_RESOLVED) resolved.delete(resolved.keys().next().value ?? answer)
      resolved.set(answer, { names: [record.query], lastMs: record.tsMs })
      continue
    }
    if (record.tsMs > known.lastMs) known.lastMs = record.tsMs
    if (!known.names.includes(record.query) && known.names.length < MAX_NAMES) known.names.push(record.query)
  }
}

/** Answers mix addresses, aliases and texts; parsers have put addresses into canonical form already. */
function isAddressLike(answer: string): boolean {
  const first = answer.charCodeAt(0)
  return answer.includes(':') ? !answer.includes(' ') : first >= 48 && first <= 57 && /^[\d.]+$/.test(answer)
}

function addBounded<T>(list: T[], item: T): void {
  if (!list.includes(item)) pushBounded(list, item)
}

function pushBounded<T>(list: T[], item: T): void {
  if (list.length >= MAX_LIST) list.shift()
  list.push(item)
}
