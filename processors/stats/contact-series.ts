/**
 * When a host turned to its destinations, within bounds: a destination that was seen once costs a few bytes, of one that is seen again the latest
 * contacts are kept. Plain data.
 */
import type { UidSample } from './sample-uids.ts'
import {
  entriesOf,
  type SmallMap,
  sizeOfMap,
  valueUnder,
  withNewest,
  withoutName,
  withValue,
} from './small-map.ts'

/** A destination seen again. What most have none of is `null`: a field that ever holds a fraction, or `NaN`, costs each series a number of its own. */
export type Series = {
  /** Of its latest contacts the time and the bytes sent (`NaN` where not known), two numbers each, by time. */
  contacts: readonly number[]
  /** All contacts, those no longer kept as well. */
  total: number
  /** Since when they have come without a break; `null`: since the first of those kept. */
  sinceMs: number | null
  /** As of the last look at the series. */
  intervalMs: number | null
  /** When it is next to be looked at, as a total. */
  lookAt: number
  /** What was last reported: the start of the profile window, and the interval. */
  said: { readonly windowMs: number; readonly intervalMs: number } | null
  /** As of a contact. */
  lastIp: string
  /** The client's port in the latest contact, when that began, and until when records told of it. */
  lastPort: number
  lastPortMs: number
  lastUntilMs: number
  /** None while nobody wants any. */
  uids: UidSample
}

export type SeriesTable = {
  /** Destinations seen once and what they were sent; the oldest first. */
  once: SmallMap<Contact>
  again: SmallMap<Series>
}

export type Contact = {
  readonly tsMs: number
  /** Bytes; `null` where not known. */
  readonly sent: number | null
  /** `''` where the destination's name tells it. */
  readonly dstIp: string
  /** The client's, where one connection may be told of in several records (TCP); else 0. */
  readonly port: number
  /** Until when records tell of it, after its beginning; `null` where they do not. */
  readonly lastsMs: number | null
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

export const emptySeriesTable = (): SeriesTable => ({ once: null, again: null })

/** Adds a contact: the series if it is one more in a known one, else nothing. */
export function addToSeries(
  table: SeriesTable,
  name: string,
  contact: Contact,
  join: Join = 'never',
): Series | undefined {
  const known = valueUnder(table.again, name)
  if (known !== undefined) {
    return insert(known, contact, join) ? known : undefined
  }
  const first = valueUnder(table.once, name)
  if (first === undefined) {
    table.once = withNewest(table.once, name, contact, MAX_ONCE)
    return undefined
  }
  const series: Series = {
    contacts: [first.tsMs, first.sent ?? Number.NaN],
    total: 1,
    sinceMs: null,
    intervalMs: null,
    lookAt: 0,
    said: null,
    lastIp: contact.dstIp,
    lastPort: first.port,
    lastPortMs: first.tsMs,
    lastUntilMs: first.tsMs + (first.lastsMs ?? 0),
    uids: null,
  }
  if (!insert(series, contact, join)) {
    // The same contact still: the next record is compared with this one.
    table.once = withValue(table.once, name, { ...first, lastsMs: series.lastUntilMs - first.tsMs })
    return undefined
  }
  table.once = withoutName(table.once, name)
  if (sizeOfMap(table.again) >= MAX_AGAIN) dropLeastPromising(table, contact.tsMs)
  table.again = withValue(table.again, name, series)
  return series
}

/** Forgets destinations that were not heard of since `beforeMs`; the time of the one heard of longest ago, or `null` when none is left. */
export function forgetSilent(table: SeriesTable, beforeMs: number): number | null {
  let oldest: number | null = null
  for (const [name, { tsMs }] of entriesOf(table.once)) {
    if (tsMs <= beforeMs) table.once = withoutName(table.once, name)
    else if (oldest === null || tsMs < oldest) oldest = tsMs
  }
  for (const [name, series] of entriesOf(table.again)) {
    const last = timeOf(series, countOf(series) - 1)
    if (last <= beforeMs) table.again = withoutName(table.again, name)
    else if (oldest === null || last < oldest) oldest = last
  }
  return oldest
}

/** How many of its contacts are kept. */
export const countOf = ({ contacts }: Series): number => contacts.length / 2

/** When the latest `count` of those kept were, ascending. */
export const timesOf = (series: Series, count = MAX_KEPT): readonly number[] =>
  series.contacts.slice(-2 * count).filter((_, at) => at % 2 === 0)

/** What they sent; `NaN` where not known. */
export const sentOf = (series: Series, count = MAX_KEPT): readonly number[] =>
  series.contacts.slice(-2 * count).filter((_, at) => at % 2 === 1)

/** Of those kept; 0 where there is none. */
const timeOf = ({ contacts }: Series, at: number): number => contacts[2 * at] ?? 0

/** How long the series has gone on without a break. */
export function lastedMs(series: Series): number {
  const count = countOf(series)
  const breakMs = breakMsOf(series)
  const last = timeOf(series, count - 1)
  for (let i = count - 1; i > 0; i -= 1) {
    const time = timeOf(series, i)
    if (time - timeOf(series, i - 1) > breakMs) return last - time
  }
  const firstMs = timeOf(series, 0)
  return last - Math.min(series.sinceMs ?? firstMs, firstMs)
}

const breakMsOf = ({ intervalMs }: Series): number => Math.max(BREAK_MS, 3 * (intervalMs ?? 0))

/** In the order of time, since records are written when connections end. False when it is no contact of its own. */
function insert(series: Series, contact: Contact, join: Join): boolean {
  const { tsMs, sent, dstIp, port } = contact
  const { contacts } = series
  const untilMs = tsMs + (contact.lastsMs ?? 0)
  let at = contacts.length
  while (at > 0 && (contacts[at - 2] ?? 0) > tsMs) at -= 2
  const before = at > 0 ? (contacts[at - 2] ?? 0) : Number.NEGATIVE_INFINITY
  const after = contacts[at] ?? Number.POSITIVE_INFINITY
  if (tsMs - before < TOGETHER_MS || after - tsMs < TOGETHER_MS) return false
  if (port !== 0 && port === series.lastPort && isSame(series, tsMs, join)) {
    series.lastUntilMs = Math.max(series.lastUntilMs, untilMs)
    return false
  }
  if (at === 0 && contacts.length >= 2 * MAX_KEPT) return false
  if (at === 0) series.sinceMs ??= after
  // A new array: one that grows has room for seventeen at once, and most series are short.
  const added = contacts.toSpliced(at, 0, tsMs, sent ?? Number.NaN)
  series.contacts = added
  series.total += 1
  series.lastIp = dstIp
  series.lastPort = port
  series.lastPortMs = tsMs
  series.lastUntilMs = untilMs
  if (added.length > 2 * MAX_KEPT) {
    const [gone = 0] = added.splice(0, 2)
    const next = added[0] ?? gone
    series.sinceMs = next - gone > breakMsOf(series) ? null : (series.sinceMs ?? gone)
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
function dropLeastPromising(table: SeriesTable, nowMs: number): void {
  const ranked = [...entriesOf(table.again)].map(([name, series]) => ({
    name,
    promise: promiseOf(series, nowMs),
    lastMs: timeOf(series, countOf(series) - 1),
  }))
  ranked.sort((a, b) => a.promise - b.promise || a.lastMs - b.lastMs)
  for (const { name } of ranked.slice(0, ranked.length - LEFT_AGAIN))
    table.again = withoutName(table.again, name)
}

function promiseOf(series: Series, nowMs: number): number {
  const count = countOf(series)
  const last = timeOf(series, count - 1)
  const intervals = count - 1
  const meanMs = (last - timeOf(series, 0)) / Math.max(1, intervals)
  let evenness = 0.5
  if (count >= FEW) {
    let squares = 0
    for (let i = 1; i < count; i += 1) {
      squares += (timeOf(series, i) - timeOf(series, i - 1) - meanMs) ** 2
    }
    evenness = meanMs / (meanMs + Math.sqrt(squares / intervals))
  }
  const isSilent = nowMs - last > Math.max(BREAK_MS, FEW * meanMs)
  return Math.min(series.total, ENOUGH) * evenness * (isSilent ? 0.25 : 1)
}
