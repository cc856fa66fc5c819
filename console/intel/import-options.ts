/** What `weir intel import` is told, checked before anything is asked for. */
import { basename, resolve } from 'node:path'
import { feedKinds, knownGoodTag } from '@weir/processors'
import { type Check, level, oneOf, siteName } from '../analyze/setting-checks.ts'
import { consoleError } from '../errors.ts'
import { printable } from '../report/printable.ts'
import { isAnswerFeed } from './answer-feeds.ts'
import { isUrl } from './fetch-source.ts'
import { sourceFormats } from './import-source.ts'
import type { SourceOptions } from './source-file.ts'

/** As given on the command line. */
export type ImportFlags = {
  readonly feed?: string
  readonly level?: string
  readonly confidence?: string
  readonly expires?: string
  readonly kind?: string
  readonly format?: string
  readonly tag?: readonly string[]
  readonly header?: readonly string[]
  readonly knownGood?: boolean
}

const dayMs = 24 * 60 * 60 * 1000
const unitsMs: Readonly<Record<string, number>> = { h: dayMs / 24, d: dayMs }
const MOST_DAYS = 3_650

type Expiry = { readonly lifetimeMs: number | null; readonly expiresMs: number | null }

/** `12h` or `90d` after the source was asked last, or a day. */
const expiry: Check<Expiry> = (given, name) => {
  const text = typeof given === 'string' ? given : ''
  const [, amount = '', unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  const lifetimeMs = Number(amount) * (unitsMs[unit] ?? 0)
  if (lifetimeMs > 0 && lifetimeMs <= MOST_DAYS * dayMs) return { value: { lifetimeMs, expiresMs: null } }
  const expiresMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(expiresMs)) return { value: { lifetimeMs: null, expiresMs } }
  return { wrong: [`${name} '${text}' must be a time such as 12h or 90d, or a day such as 2030-12-31`] }
}

const share: Check<number> = (given, name) => {
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN
  return number >= 0 && number <= 1
    ? { value: number }
    : { wrong: [`${name} '${String(given)}' must be a number from 0 to 1`] }
}

/** Throws `CONSOLE_BAD_OPTION` naming all that is wrong. */
export function readImportFlags(flags: ImportFlags): {
  readonly options: SourceOptions
  readonly headers: Readonly<Record<string, string>>
} {
  const wrong: string[] = []
  const checked = <T>(name: string, given: unknown, check: Check<T>): T | null => {
    if (given === undefined) return null
    const result = check(given, name)
    if ('value' in result) return result.value
    wrong.push(...result.wrong)
    return null
  }
  if (flags.feed === undefined) wrong.push('--feed is missing: every indicator is the word of a feed')
  else if (isAnswerFeed(flags.feed))
    wrong.push(
      `--feed '${printable(flags.feed)}' is the name of what Weir finds itself: give the list another`,
    )
  if (flags.knownGood === true && flags.level !== undefined)
    wrong.push('--known-good has no --level: it weighs nothing')
  if (flags.tag?.includes(knownGoodTag)) wrong.push(`--tag ${knownGoodTag} is given by --known-good alone`)
  const byFeed = headersByFeed(flags.header ?? [], flags.feed ?? '', wrong)
  const options: SourceOptions = {
    feed: checked('--feed', flags.feed, siteName) ?? '',
    format: checked('--format', flags.format, oneOf(sourceFormats)) ?? 'auto',
    level: flags.knownGood === true ? 'info' : checked('--level', flags.level, level),
    confidence: checked('--confidence', flags.confidence, share),
    ...(checked('--expires', flags.expires, expiry) ?? { lifetimeMs: null, expiresMs: null }),
    kind: checked('--kind', flags.kind, oneOf(feedKinds)),
    tags: [...(flags.tag ?? []), ...(flags.knownGood === true ? [knownGoodTag] : [])],
  }
  if (wrong.length > 0) throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command: 'intel import' })
  return { options, headers: byFeed.get(options.feed) ?? {} }
}

/** Lists of files that are known to be good, as others ship them. */
export const knownGoodNames: readonly string[] = ['known_fp_md5_hashes.csv']

/**
 * Those of one source: a file of ours that bears the name of a list of known good files is one, unless something was said that it
 * would contradict; where it was found in a folder, whatever was said of that. What is fetched never is: whoever serves it chose its name.
 */
export function optionsFor(source: string, given: SourceOptions, isFound = false): SourceOptions {
  if (isUrl(source) || !knownGoodNames.includes(basename(source).toLowerCase())) return given
  if (given.tags.includes(knownGoodTag)) return given
  if (!isFound && (given.level !== null || given.kind !== null)) return given
  return { ...given, level: 'info', kind: null, tags: [...given.tags, knownGoodTag] }
}

/** What is sent for each feed. */
export type HeadersByFeed = ReadonlyMap<string, Readonly<Record<string, string>>>

/** `NAME: VALUE` for `feed`, `FEED=NAME: VALUE` for that one: a key is for whom it was given for. What is neither is added to `wrong`. */
export function headersByFeed(
  given: readonly string[],
  feed: string | undefined,
  wrong: string[],
): HeadersByFeed {
  const byFeed = new Map<string, Record<string, string>>()
  for (const header of given) {
    const [, own = feed, name = '', value = ''] =
      /^(?:([A-Za-z0-9][A-Za-z0-9._-]*)=)?([A-Za-z0-9-]+):\s*(.+)$/s.exec(header) ?? []
    if (name === '') wrong.push('--header must be NAME: VALUE')
    else if (own === undefined) wrong.push('--header must be FEED=NAME: VALUE where --feed names none')
    else byFeed.set(own, { ...byFeed.get(own), [name.toLowerCase()]: value })
  }
  return byFeed
}

/** Throws `CONSOLE_BAD_OPTION` where headers of one feed would go to more than one server. */
export function checkOneServer(feed: string, sources: readonly string[], command: string): void {
  const origins = new Set(sources.filter(isUrl).map((source) => URL.parse(source)?.origin ?? source))
  if (origins.size < 2) return
  const wrong = `--header of feed '${feed}' would be sent to ${[...origins].sort().join(' and ')}; give each a feed of its own`
  throw consoleError.BAD_OPTION({ wrong, command })
}

const periodUnitsMs: Readonly<Record<string, number>> = { m: 60_000, h: dayMs / 24, d: dayMs }

/** `15m`, `1h` or `1d` as milliseconds. Throws `CONSOLE_BAD_OPTION`. */
export function readPeriod(text: string, name: string, command: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? []
  const ms = Number(amount) * (periodUnitsMs[unit] ?? 0)
  if (ms > 0) return ms
  throw consoleError.BAD_OPTION({ wrong: `${name} '${text}' must be a time such as 15m, 1h or 1d`, command })
}

/** A file is known by its absolute path. Throws `CONSOLE_BAD_OPTION` for an address that is not asked. */
export function sourceNamed(given: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(given)?.[0]
  if (scheme !== undefined && !isUrl(given)) {
    const wrong = `source '${given.slice(0, 200)}': only http and https are asked for, not ${scheme}`
    throw consoleError.BAD_OPTION({ wrong, command: 'intel import' })
  }
  return isUrl(given) ? given : resolve(given)
}
