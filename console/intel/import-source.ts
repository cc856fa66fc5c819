/** One source into the store: asked, read, and put in the place of what it gave before; or left as it was, with the reason. */
import { type FeedFormat, feedFormats, readFeed } from '@weir/processors'
import { consoleError } from '../errors.ts'
import { fetchSource } from './fetch-source.ts'
import type { IndicatorStore } from './indicator-store.ts'
import type { SourceHeader, SourceOptions } from './source-file.ts'

export type ImportOptions = {
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly nowMs: number
  /** Ask and read anew even what has not changed. */
  readonly isForced: boolean
  /** Take a list that holds nothing for what it says: by default it is a mishap, and what was known stays. */
  readonly allowsEmpty?: boolean
}

export type Imported = {
  readonly header: SourceHeader
  readonly isChanged: boolean
  /** Against what the source gave before. */
  readonly added: number
  readonly vanished: number
}

export const sourceFormats = [...feedFormats, 'taxii'] as const

/** Throws `CONSOLE_FEED_UNREACHABLE`, `CONSOLE_UNREADABLE` or `CONSOLE_FEED_EMPTY`; the store is then as it was. */
export async function importSource(
  store: IndicatorStore,
  source: string,
  given: SourceOptions,
  options: ImportOptions,
): Promise<Imported> {
  const before = store.header(given.feed, source)
  const isSame = before !== null && JSON.stringify(before.options) === JSON.stringify(given)
  const known = isSame && !options.isForced ? before : null
  const isTaxii = given.format === 'taxii'
  const fetched = await fetchSource(source, { ...options, known, isTaxii })
  if (!fetched.isChanged && before !== null) {
    const { etag, lastModified } = fetched
    const header = { ...before, etag, lastModified, checkedMs: options.nowMs }
    store.touch(header)
    return { header, isChanged: false, added: 0, vanished: 0 }
  }
  const text = fetched.isChanged ? fetched.text : ''
  const content = readFeed(text, { ...given, format: isTaxii ? 'stix' : formatOf(given.format) })
  const rejected = Object.fromEntries([...content.rejected].sort(([a], [b]) => (a < b ? -1 : 1)))
  const why = content.indicators.length === 0 ? emptyBecause(text, before, reasonsText(rejected)) : null
  if (why !== null && options.allowsEmpty !== true) throw consoleError.FEED_EMPTY({ source, why })
  const header: SourceHeader = {
    source,
    options: given,
    etag: fetched.etag,
    lastModified: fetched.lastModified,
    hash: fetched.isChanged ? fetched.hash : '',
    checkedMs: options.nowMs,
    accepted: content.indicators.length,
    rejected,
  }
  const former = new Set<string>()
  if (before !== null) {
    store.each((indicator, { source: its }) => {
      if (its === source && indicator.feed === given.feed) former.add(`${indicator.kind} ${indicator.value}`)
    })
  }
  const kept = content.indicators.filter(({ kind, value }) => former.has(`${kind} ${value}`)).length
  store.put(header, content.indicators)
  return {
    header,
    isChanged: true,
    added: content.indicators.length - kept,
    vanished: former.size - kept,
  }
}

/**
 * Why nothing was found, as a mishap: a page in place of a list, a file cut to nothing or a wrong format must not take away what the
 * list said. `null` where the source gave nothing before either, and that was taken.
 */
function emptyBecause(text: string, before: SourceHeader | null, reasons: string): string | null {
  if (reasons !== '') return reasons
  if (before !== null && before.accepted === 0) return null
  const known = before === null ? '' : `, and ${before.accepted} came from there before`
  return `${text.trim() === '' ? 'it is blank' : 'it lists nothing'}${known}`
}

/** `3 not a domain, 1 empty`. */
export function reasonsText(rejected: Readonly<Record<string, number>>): string {
  return Object.entries(rejected)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ')
}

function formatOf(text: string): FeedFormat {
  return feedFormats.find((format) => format === text) ?? 'auto'
}
