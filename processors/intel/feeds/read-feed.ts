/** A feed's text into indicators: told apart by format, every value believed only once it is parsed, what is refused counted. */
import type { Indicator, IndicatorKind, Level } from '@weir/schemas'
import { parseIndicatorValue } from '../indicator-value.ts'
import { isFileHash, knownGoodTag } from '../known-good.ts'
import { prefixesOf } from './address-span.ts'
import { type FeedItem, type FeedRow, levelOfNumber } from './feed-row.ts'
import { jsonFeed } from './json-feed.ts'
import { isMisp, mispFeed } from './misp-feed.ts'
import { isStix, stixFeed } from './stix-feed.ts'
import { textFeed } from './text-feed.ts'

export const feedFormats = ['auto', 'text', 'json', 'stix', 'misp'] as const
export type FeedFormat = (typeof feedFormats)[number]

/** What is said of every indicator of a feed, before its own rows are asked. */
export type FeedOptions = {
  readonly feed: string
  readonly format: FeedFormat
  /** `null`: as the rows say, or medium. */
  readonly level: Level | null
  /** `null`: as the rows say, or 1. */
  readonly confidence: number | null
  readonly expiresMs: number | null
  /** All values are of this kind; told by name and form when `null`. */
  readonly kind: IndicatorKind | null
  readonly tags: readonly string[]
  /** What the list is called, such as the name of its file; tells a hash of one kind from that of another where the list does not. */
  readonly about?: string
}

export type FeedContent = {
  /** Each value once. */
  readonly indicators: readonly Indicator[]
  /** Rows that were refused, by reason. */
  readonly rejected: ReadonlyMap<string, number>
  /** Something of it was left out that becomes valid later: the same text is to be read again. */
  readonly isPending: boolean
}

/** A feed beyond this is not what it says it is. */
export const maxFeedIndicators = 5_000_000
const MAX_DESCRIPTION = 300
const MAX_TAGS = 20
const MAX_TAG = 64

/** `nowMs`: what becomes valid later than that is left out for now; see `isPending`. */
export function readFeed(
  text: string,
  options: FeedOptions,
  nowMs: number = Number.POSITIVE_INFINITY,
): FeedContent {
  const found = new Map<string, Indicator>()
  const stated = new Map<string, number>()
  const levels = new Map<string, number>()
  const rejected = new Map<string, number>()
  const isKnownGood = options.tags.includes(knownGoodTag)
  let isPending = false
  const refuse = (reason: string) => rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
  /** Why not, or `null`. */
  const taken = (item: FeedRow, value: string): string | null => {
    const parsed = parseIndicatorValue(value, options.kind ?? item.kind)
    if ('reject' in parsed) return parsed.reject
    if (isKnownGood && !isFileHash(parsed.kind)) return 'not the hash of a file'
    const level = options.level ?? item.level ?? 'medium'
    // Taken as if it said nothing it would weigh less, or more, than it was meant to.
    if (level === 'unreadable') return unreadableLevel
    const key = `${parsed.kind}|${parsed.value}`
    if (found.size >= maxFeedIndicators && !found.has(key)) return 'too many indicators'
    if (options.confidence === null && item.statedConfidence !== undefined)
      stated.set(key, item.statedConfidence)
    else stated.delete(key)
    if (options.level === null && item.statedLevel !== undefined) levels.set(key, item.statedLevel)
    else levels.delete(key)
    found.set(key, {
      ...parsed,
      feed: options.feed,
      level,
      confidence: options.confidence ?? item.confidence ?? 1,
      expiresMs: earlier(options.expiresMs, item.expiresMs ?? null),
      description: (item.description ?? '').slice(0, MAX_DESCRIPTION),
      tags: tagsOf([...options.tags, ...(item.tags ?? []).filter((tag) => tag.trim() !== knownGoodTag)]),
    })
    return null
  }
  for (const item of itemsOf(text, options)) {
    if ('reject' in item) {
      refuse(item.reject)
      continue
    }
    if ((item.validFromMs ?? 0) > nowMs) {
      refuse('not valid yet')
      isPending = true
      continue
    }
    const prefixes = item.value.includes('-') ? prefixesOf(item.value) : null
    if (prefixes !== null && 'reject' in prefixes) {
      refuse(prefixes.reject)
      continue
    }
    let refusal: string | null = null
    for (const value of prefixes ?? [item.value]) refusal = taken(item, value) ?? refusal
    if (refusal !== null) refuse(refusal)
  }
  // On a scale that goes further, one may be the least or the most of it.
  const isScale = mostOf(levels) > 1
  for (const [key, number] of levels) {
    const indicator = found.get(key)
    if (indicator === undefined) continue
    if (isScale) {
      found.delete(key)
      refuse(unreadableLevel)
    } else found.set(key, { ...indicator, level: levelOfNumber(number) })
  }
  const most = mostOf(stated)
  for (const [key, number] of stated) {
    const indicator = found.get(key)
    if (indicator !== undefined)
      found.set(key, { ...indicator, confidence: most > 1 ? number / 100 : number })
  }
  return { indicators: [...found.values()], rejected, isPending }
}

const unreadableLevel = 'a level that cannot be read'

function mostOf(numbers: ReadonlyMap<string, number>): number {
  let most = 0
  for (const number of numbers.values()) most = Math.max(most, number)
  return most
}

function* itemsOf(
  text: string,
  { format, about = '' }: Pick<FeedOptions, 'format' | 'about'>,
): Generator<FeedItem> {
  const start = text.slice(0, 1_024).trimStart()
  if (start.includes('\u0000')) {
    yield { reject: isUtf16(start) ? 'text in UTF-16, where UTF-8 is read' : 'binary file' }
    return
  }
  if (/^<(?:!doctype|html|\?xml)/i.test(start)) {
    yield { reject: 'a web page' }
    return
  }
  const isJson = format === 'auto' ? start.startsWith('{') || start.startsWith('[') : format !== 'text'
  if (!isJson) {
    yield* textFeed(text, about)
    return
  }
  if (format === 'json') {
    yield* jsonFeed(text)
    return
  }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    // One object a line is JSON too, but never STIX or MISP. An address in brackets begins like a list.
    yield* format === 'auto' && !start.startsWith('{') ? textFeed(text, about) : jsonFeed(text)
    return
  }
  if (format === 'stix' || (format === 'auto' && isStix(document))) yield* stixFeed(document)
  else if (format === 'misp' || isMisp(document)) yield* mispFeed(document)
  else yield* jsonFeed(text)
}

/** Read as UTF-8, ASCII in UTF-16 has a null beside each character. */
function isUtf16(start: string): boolean {
  const nulls = start.split('\u0000').length - 1
  return nulls * 3 > start.length
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b)
}

function tagsOf(tags: readonly string[]): readonly string[] {
  const clean = tags
    .map((tag) => tag.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TAG))
    .filter((tag) => tag !== '')
  return [...new Set(clean)].sort().slice(0, MAX_TAGS)
}
