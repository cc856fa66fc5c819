/** One source into the store: asked, read, and put in the place of what it gave before; or left as it was, with the reason. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  type FeedContent,
  type FeedFormat,
  feedFormats,
  isFileHash,
  knownGoodTag,
  readFeed,
} from '@weir/processors'
import { WeirError } from '@weir/topology/kit'
import { consoleError } from '../errors.ts'
import { fetchSource, isUrl } from './fetch-source.ts'
import { type IndicatorStore, keyOf } from './indicator-store.ts'
import { type Events, manifestOf, manifestSource, readEvents } from './misp-events.ts'
import { shownSource } from './shown-source.ts'
import type { Listed, SourceHeader, SourceOptions } from './source-file.ts'

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

/**
 * Throws `CONSOLE_FEED_UNREACHABLE`, `CONSOLE_UNREADABLE` or `CONSOLE_FEED_EMPTY`; the store is then as it was. Where the source's own
 * file is damaged, what it gave before is not known, and all of it is taken anew.
 */
export async function importSource(
  store: IndicatorStore,
  source: string,
  given: SourceOptions,
  options: ImportOptions,
): Promise<Imported> {
  try {
    return await takeSource(store, source, given, options, 'known')
  } catch (error) {
    const isOwn =
      error instanceof WeirError &&
      error.code === 'CONSOLE_INDICATORS_DAMAGED' &&
      error.fields.path === store.pathOf(given.feed, source)
    if (!isOwn) throw error
    return takeSource(store, source, given, options, 'lost')
  }
}

async function takeSource(
  store: IndicatorStore,
  source: string,
  given: SourceOptions,
  options: ImportOptions,
  formerly: 'known' | 'lost',
): Promise<Imported> {
  const before = formerly === 'lost' ? null : store.header(given.feed, source)
  const isSame = before !== null && isDeepStrictEqual(before.options, given)
  const known = isSame && !options.isForced ? before : null
  const isTaxii = given.format === 'taxii'
  const at = given.format === 'misp' || !isUrl(source) ? manifestSource(source, isFolder(source)) : source
  const fetched = await fetchSource(at, { ...options, known, isTaxii })
  if (!fetched.isChanged && before !== null) {
    const { etag, lastModified } = fetched
    const header = { ...before, etag, lastModified, checkedMs: options.nowMs }
    store.touch(header)
    return { header, isChanged: false, added: 0, vanished: 0 }
  }
  const text = fetched.isChanged ? fetched.text : ''
  const format = isTaxii ? 'stix' : formatOf(given.format)
  const former = formerly === 'lost' ? [] : store.listed(given.feed, source)
  const manifest = format === 'auto' || format === 'misp' ? manifestOf(text) : null
  const content: FeedContent & Partial<Pick<Events, 'parts'>> =
    manifest === null
      ? readFeed(text, { ...given, format, about: nameOf(source) }, options.nowMs)
      : await readEvents(
          at,
          manifest,
          { ...given, format },
          { ...options, before: former, known: known?.parts ?? {} },
        )
  const { indicators, knownGood } = withoutKnownGood(store, given, content.indicators)
  const refused = new Map(content.rejected)
  if (knownGood > 0) refused.set('known to be good', knownGood)
  const rejected = Object.fromEntries([...refused].sort(([a], [b]) => (a < b ? -1 : 1)))
  // A manifest says which events there are, and what could not be had of them stays.
  const isEmpty = manifest === null && content.indicators.length === 0
  const why = isEmpty ? emptyBecause(text, before, reasonsText(rejected)) : null
  if (why !== null && options.allowsEmpty !== true)
    throw consoleError.FEED_EMPTY({ source: shownSource(source), why })
  const keys = new Set(indicators.map(({ kind, value }) => `${kind} ${value}`))
  const isWhole = fetched.isChanged && !content.isPending
  const header: SourceHeader = {
    source,
    options: given,
    // Without them all of it is asked for again, and read again.
    etag: isWhole ? fetched.etag : '',
    lastModified: isWhole ? fetched.lastModified : '',
    hash: isWhole ? fetched.hash : '',
    checkedMs: options.nowMs,
    accepted: keys.size,
    rejected,
    ...(content.parts === undefined ? {} : { parts: content.parts }),
  }
  const formerKeys = new Set(former.map(({ kind, value }) => `${kind} ${value}`))
  const kept = keys.intersection(formerKeys).size
  store.put(header, indicators)
  return { header, isChanged: true, added: keys.size - kept, vanished: formerKeys.size - kept }
}

/** No feed lists what is known to be good; the list of it itself does. */
function withoutKnownGood(
  store: IndicatorStore,
  { tags }: SourceOptions,
  indicators: readonly Listed[],
): { readonly indicators: readonly Listed[]; readonly knownGood: number } {
  if (tags.includes(knownGoodTag) || !indicators.some(({ kind }) => isFileHash(kind)))
    return { indicators, knownGood: 0 }
  const good = store.knownGood()
  const rest = indicators.filter(({ kind, value }) => !good.has(keyOf(kind, value)))
  return { indicators: rest, knownGood: indicators.length - rest.length }
}

/** The last part of a path or of that of an address. */
function nameOf(source: string): string {
  return basename(isUrl(source) ? (URL.parse(source)?.pathname ?? '') : source)
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
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
