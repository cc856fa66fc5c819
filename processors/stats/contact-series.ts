/**
 * When a host turned to its destinations, within bounds: a destination that was seen once costs a few bytes, of one that is seen again the latest
 * contacts are kept. Plain data.
 */
/** A destination seen again: its latest contacts, by time. */
export type Series = {
  readonly times: number[]
  /** Bytes sent at each; `NaN` where not known. */
  readonly sent: number[]
  /** All contacts, those no longer kept as well. */
  total: number
  /** Since when they have come without a break. */
  sinceMs: number
  /** As of the last look at the series. */
  intervalMs: number
  /** When it is next to be looked at, as a total. */
  lookAt: number
  /** Start of the profile window in which it was last reported, and the interval reported. */
  saidWindowMs: number
  saidIntervalMs: number
  lastIp: string
  /** The client's port in the latest record, and when that was. */
  lastPort: number
  lastPortMs: number
  /** `null` while nobody wants any. */
  uids: string[] | null
}

export type SeriesTable = {
  /** Destinations seen once and what they were sent; the oldest first. */
  readonly once: Map<string, Contact>
  readonly again: Map<string, Series>
}

export type Contact = {
  readonly tsMs: number
  readonly sent: number
  readonly dstIp: string
  /** The client's, where one connection may be told of in several records (TCP); else 0. */
  readonly port: number
  /** Of the latest record that tells of the same contact, where that is not the first. */
  readonly seenMs?: number
}

/** Contacts kept of one destination. */
export const MAX_KEPT = 40
const MAX_ONCE = 256
export const MAX_AGAIN = 96
/** Connections that begin within so short a time are one contact: browsers open several at once. */
const TOGETHER_MS = 1_000
/** Records of one client port within this time tell of one connection: repeated SYNs, or one told of while it lasts. */
const SAME_PORT_MS = 1_800_000
/** Silence that ends a stretch, unless the interval is longer. */
const BREAK_MS = 900_000

export const emptySeriesTable = (): SeriesTable => ({ once: new Map(), again: new Map() })

/** Adds a contact: the series if it is one more in a known one, else nothing. */
export function addToSeries(table: SeriesTable, name: string, contact: Contact): Series | undefined {
  const known = table.again.get(name)
  if (known !== undefined) {
    return insert(known, contact) ? known : undefined
  }
  const first = table.once.get(name)
  if (first === undefined) {
    if (table.once.size >= MAX_ONCE) dropFirst(table.once)
    table.once.set(name, contact)
    return undefined
  }
  const series: Series = {
    times: [first.tsMs],
    sent: [first.sent],
    total: 1,
    sinceMs: first.tsMs,
    intervalMs: 0,
    lookAt: 0,
    saidWindowMs: Number.NaN,
    saidIntervalMs: 0,
    lastIp: contact.dstIp,
    lastPort: first.port,
    lastPortMs: first.seenMs ?? first.tsMs,
    uids: null,
  }
  if (!insert(series, contact)) {
    // The same contact still: the next record is compared with this one.
    table.once.set(name, { ...first, seenMs: Math.max(first.seenMs ?? first.tsMs, contact.tsMs) })
    return undefined
  }
  table.once.delete(name)
  if (table.again.size >= MAX_AGAIN) dropSilent(table.again)
  table.again.set(name, series)
  return series
}

/** Forgets destinations that were not heard of since `beforeMs`; the time of the one heard of longest ago, or `null` when none is left. */
export function forgetSilent(table: SeriesTable, beforeMs: number): number | null {
  let oldest: number | null = null
  for (const [name, { tsMs }] of table.once) {
    if (tsMs <= beforeMs) table.once.delete(name)
    else if (oldest === null || tsMs < oldest) oldest = tsMs
  }
  for (const [name, { times }] of table.again) {
    const last = times.at(-1) ?? 0
    if (last <= beforeMs) table.again.delete(name)
    else if (oldest === null || last < oldest) oldest = last
  }
  return oldest
}

/** How long the series has gone on without a break. */
export function lastedMs(series: Series): number {
  const { times } = series
  const breakMs = Math.max(BREAK_MS, 3 * series.intervalMs)
  const last = times.at(-1) ?? 0
  for (let i = times.length - 1; i > 0; i -= 1) {
    const time = times[i] ?? 0
    if (time - (times[i - 1] ?? 0) > breakMs) return last - time
  }
  return last - Math.min(series.sinceMs, times[0] ?? last)
}

/** In the order of time, since records are written when connections end. False when it is no contact of its own. */
function insert(series: Series, { tsMs, sent, dstIp, port }: Contact): boolean {
  const { times } = series
  let at = times.length
  while (at > 0 && (times[at - 1] ?? 0) > tsMs) at -= 1
  const before = times[at - 1] ?? Number.NEGATIVE_INFINITY
  const after = times[at] ?? Number.POSITIVE_INFINITY
  if (tsMs - before < TOGETHER_MS || after - tsMs < TOGETHER_MS) return false
  if (port !== 0 && port === series.lastPort && tsMs - series.lastPortMs < SAME_PORT_MS) {
    series.lastPortMs = Math.max(series.lastPortMs, tsMs)
    return false
  }
  if (at === 0 && times.length >= MAX_KEPT) return false
  times.splice(at, 0, tsMs)
  series.sent.splice(at, 0, sent)
  series.total += 1
  series.lastIp = dstIp
  series.lastPort = port
  series.lastPortMs = tsMs
  if (times.length > MAX_KEPT) {
    const gone = times.shift() ?? 0
    series.sent.shift()
    const next = times[0] ?? gone
    if (next - gone > Math.max(BREAK_MS, 3 * series.intervalMs)) series.sinceMs = next
  }
  return true
}

/** The one heard of longest ago. Looked for where one has to go: keeping their order would cost each contact more. */
function dropSilent(again: Map<string, Series>): void {
  let silent = ''
  let sinceMs = Number.POSITIVE_INFINITY
  for (const [name, { times }] of again) {
    const last = times.at(-1) ?? 0
    if (last >= sinceMs) continue
    silent = name
    sinceMs = last
  }
  again.delete(silent)
}

function dropFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
