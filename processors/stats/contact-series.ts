/**
 * When a host turned to its destinations, within bounds: a destination that was seen once costs a few bytes, of one that is seen again the latest
 * contacts are kept. Plain data.
 */
/** A destination seen again: its latest contacts, by time. */
export type Series = {
  times: readonly number[]
  /** Bytes sent at each; `NaN` where not known. */
  sent: readonly number[]
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
  /** The client's port in the latest contact, when that began, and until when records told of it. */
  lastPort: number
  lastPortMs: number
  lastUntilMs: number
  /** `null` while nobody wants any. */
  uids: readonly string[] | null
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
  /** Until when records tell of it, after its beginning. */
  readonly lastsMs: number
}

/**
 * How a record may tell of a connection that an earlier one of the same client port has told of. `never`: it shows a connection of its own.
 * `retry`: nobody answered, so that it may be the SYN once more. `rest`: it shows no beginning. `touching`: it does not tell.
 */
export type Join = 'never' | 'retry' | 'rest' | 'touching'

/** Contacts kept of one destination. */
export const MAX_KEPT = 40
const MAX_ONCE = 512
export const MAX_AGAIN = 256
/** What is left where there was no room: many go at once, since to choose them costs a look at all. */
const LEFT_AGAIN = 192
/** Connections that begin within so short a time are one contact: browsers open several at once. */
const TOGETHER_MS = 1_000
/** For so long after its first SYN a system repeats it (Linux by its defaults: 127 seconds). */
const RETRY_MS = 150_000
/** Silence within a connection that sensors tell of in pieces. */
const REST_MS = 1_800_000
/** Between two pieces of what was cut by the clock. */
const TOUCHING_MS = 5_000
/** Contacts beyond these make a destination no more worth keeping. */
const ENOUGH = 20
/** Fewer say nothing of their intervals. */
const FEW = 4
/** Silence that ends a stretch, unless the interval is longer. */
const BREAK_MS = 900_000

export const emptySeriesTable = (): SeriesTable => ({ once: new Map(), again: new Map() })

/** Adds a contact: the series if it is one more in a known one, else nothing. */
export function addToSeries(
  table: SeriesTable,
  name: string,
  contact: Contact,
  join: Join = 'never',
): Series | undefined {
  const known = table.again.get(name)
  if (known !== undefined) {
    return insert(known, contact, join) ? known : undefined
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
    lastPortMs: first.tsMs,
    lastUntilMs: first.tsMs + first.lastsMs,
    uids: null,
  }
  if (!insert(series, contact, join)) {
    // The same contact still: the next record is compared with this one.
    table.once.set(name, { ...first, lastsMs: series.lastUntilMs - first.tsMs })
    return undefined
  }
  table.once.delete(name)
  if (table.again.size >= MAX_AGAIN) dropLeastPromising(table.again, contact.tsMs)
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
function insert(series: Series, contact: Contact, join: Join): boolean {
  const { tsMs, sent, dstIp, port } = contact
  const { times } = series
  const untilMs = tsMs + contact.lastsMs
  let at = times.length
  while (at > 0 && (times[at - 1] ?? 0) > tsMs) at -= 1
  const before = times[at - 1] ?? Number.NEGATIVE_INFINITY
  const after = times[at] ?? Number.POSITIVE_INFINITY
  if (tsMs - before < TOGETHER_MS || after - tsMs < TOGETHER_MS) return false
  if (port !== 0 && port === series.lastPort && isSame(series, tsMs, join)) {
    series.lastUntilMs = Math.max(series.lastUntilMs, untilMs)
    return false
  }
  if (at === 0 && times.length >= MAX_KEPT) return false
  // New arrays: those that grow have room for seventeen at once, and most series are short.
  const newTimes = times.toSpliced(at, 0, tsMs)
  const newSent = series.sent.toSpliced(at, 0, sent)
  series.times = newTimes
  series.sent = newSent
  series.total += 1
  series.lastIp = dstIp
  series.lastPort = port
  series.lastPortMs = tsMs
  series.lastUntilMs = untilMs
  if (newTimes.length > MAX_KEPT) {
    const gone = newTimes.shift() ?? 0
    newSent.shift()
    const next = newTimes[0] ?? gone
    if (next - gone > Math.max(BREAK_MS, 3 * series.intervalMs)) series.sinceMs = next
  }
  return true
}

/** Whether a record of the port of the latest contact tells of it once more. Only a connection without a beginning goes on for as long as it is told of. */
function isSame({ lastPortMs, lastUntilMs }: Series, tsMs: number, join: Join): boolean {
  switch (join) {
    case 'never':
      return false
    case 'retry':
      return Math.abs(tsMs - lastPortMs) < RETRY_MS
    case 'rest':
      return tsMs - lastUntilMs < REST_MS
    case 'touching':
      return tsMs - lastUntilMs <= TOUCHING_MS
  }
}

/** Those with few contacts, with uneven ones, or silent for longer than they used to be; among equals those heard of longest ago. */
function dropLeastPromising(again: Map<string, Series>, nowMs: number): void {
  const ranked = [...again].map(([name, series]) => ({
    name,
    promise: promiseOf(series, nowMs),
    lastMs: series.times.at(-1) ?? 0,
  }))
  ranked.sort((a, b) => a.promise - b.promise || a.lastMs - b.lastMs)
  for (const { name } of ranked.slice(0, again.size - LEFT_AGAIN)) again.delete(name)
}

function promiseOf({ times, total }: Series, nowMs: number): number {
  const first = times[0] ?? 0
  const last = times.at(-1) ?? 0
  const intervals = times.length - 1
  const meanMs = (last - first) / Math.max(1, intervals)
  let evenness = 0.5
  if (times.length >= FEW) {
    let squares = 0
    for (let i = 1; i < times.length; i += 1) {
      squares += ((times[i] ?? 0) - (times[i - 1] ?? 0) - meanMs) ** 2
    }
    evenness = meanMs / (meanMs + Math.sqrt(squares / intervals))
  }
  const isSilent = nowMs - last > Math.max(BREAK_MS, FEW * meanMs)
  return Math.min(total, ENOUGH) * evenness * (isSilent ? 0.25 : 1)
}

function dropFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
