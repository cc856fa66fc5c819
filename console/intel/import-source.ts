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
  // An error page in place of a list must not take away what the list said.
  if (content.indicators.length === 0 && text.trim() !== '' && content.rejected.size > 0) {
    throw consoleError.FEED_EMPTY({ source, why: reasonsText(rejected) })
  }
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

/** `3 not a domain, 1 empty`. */
export function reasonsText(rejected: Readonly<Record<string, number>>): string {
  return Object.entries(rejected)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ')
}

function formatOf(text: string): FeedFormat {
  return feedFormats.find((format) => format === text) ?? 'auto'
}
