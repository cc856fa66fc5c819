/**
 * What one source of one feed gave last, as a file: a header line, then one line for each indicator, all JSON. What the header
 * says of all of them stands on no line of its own: level and confidence only where they differ.
 */
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync } from 'node:fs'
import type { FeedOptions } from '@weir/processors'
import { isIndicatorKind, isLevel } from '@weir/processors'
import type { Indicator } from '@weir/schemas'
import { consoleError } from '../errors.ts'
import { LineFile } from '../results/line-file.ts'
import { reasonOf } from '../system-error.ts'

const FORMAT = 1

/** How a source is to be asked and read, so that it can be asked again. */
export type SourceOptions = Omit<FeedOptions, 'format'> & {
  readonly format: string
  /** Counted from when the source was last asked, so that what is still listed does not expire; `null` for ever. */
  readonly lifetimeMs: number | null
}

export type SourceHeader = {
  /** A URL, or the absolute path of a file. */
  readonly source: string
  readonly options: SourceOptions
  /** As the server gave them; `''` without. */
  readonly etag: string
  readonly lastModified: string
  /** SHA-256 of what was read. */
  readonly hash: string
  /** When it was last asked and had an answer, changed or not; by the clock of the machine. */
  readonly checkedMs: number
  readonly accepted: number
  readonly rejected: Readonly<Record<string, number>>
}

/** The name of a source's file: it must not depend on what a file system allows. */
export function sourceFileName(source: string): string {
  return `${createHash('sha256').update(source).digest('hex').slice(0, 16)}.jsonl`
}

/** Is there whole or is as it was. Throws `CONSOLE_UNWRITABLE`. */
export function writeSource(path: string, header: SourceHeader, indicators: Iterable<Indicator>): void {
  const file = LineFile.create(`${path}.new`)
  try {
    file.write(JSON.stringify({ weirIndicators: FORMAT, ...header }))
    for (const { kind, value, level, confidence, expiresMs, description, tags } of indicators) {
      file.write(
        JSON.stringify({
          kind,
          value,
          level,
          ...(confidence === 1 ? {} : { confidence }),
          ...(expiresMs === null ? {} : { expiresMs }),
          ...(description === '' ? {} : { description }),
          ...(tags.length === 0 ? {} : { tags }),
        }),
      )
    }
    file.close()
  } catch (error) {
    file.discard()
    throw error
  }
  try {
    renameSync(`${path}.new`, path)
  } catch (error) {
    rmSync(`${path}.new`, { force: true })
    throw consoleError.UNWRITABLE({ path, why: reasonOf(error) }, error)
  }
}

/** Calls `take` with each indicator. Throws `CONSOLE_UNREADABLE`, also for a file that Weir did not write. */
export function readSource(
  path: string,
  take: (indicator: Indicator, header: SourceHeader) => void,
): SourceHeader {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
  const end = text.indexOf('\n')
  const header = headerOf(text.slice(0, end < 0 ? text.length : end))
  if (header === null) throw consoleError.UNREADABLE({ path, why: 'it is no file of indicators' })
  const { feed } = header.options
  for (let from = end + 1; end >= 0 && from < text.length; ) {
    const stop = text.indexOf('\n', from)
    const line = text.slice(from, stop < 0 ? text.length : stop)
    from = stop < 0 ? text.length : stop + 1
    const indicator = indicatorOf(line, feed)
    if (indicator === null) throw consoleError.UNREADABLE({ path, why: 'a line of it is no indicator' })
    take(indicator, header)
  }
  return header
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

function headerOf(line: string): SourceHeader | null {
  const json = parse(line)
  if (json === null || json.weirIndicators !== FORMAT) return null
  const options = optionsOf(json.options)
  if (options === null || typeof json.source !== 'string') return null
  return {
    source: json.source,
    options,
    etag: textOf(json.etag),
    lastModified: textOf(json.lastModified),
    hash: textOf(json.hash),
    checkedMs: typeof json.checkedMs === 'number' ? json.checkedMs : 0,
    accepted: typeof json.accepted === 'number' ? json.accepted : 0,
    rejected: countsOf(json.rejected),
  }
}

function optionsOf(value: unknown): SourceOptions | null {
  if (typeof value !== 'object' || value === null) return null
  const {
    feed,
    format,
    level,
    confidence,
    expiresMs,
    lifetimeMs,
    kind,
    tags,
  }: Partial<Record<string, unknown>> = {
    ...value,
  }
  if (typeof feed !== 'string') return null
  return {
    feed,
    format: textOf(format),
    level: typeof level === 'string' && isLevel(level) ? level : null,
    confidence: typeof confidence === 'number' ? confidence : null,
    expiresMs: typeof expiresMs === 'number' ? expiresMs : null,
    lifetimeMs: typeof lifetimeMs === 'number' ? lifetimeMs : null,
    kind: typeof kind === 'string' && isIndicatorKind(kind) ? kind : null,
    tags: textsOf(tags),
  }
}

function indicatorOf(line: string, feed: string): Indicator | null {
  const json = parse(line)
  if (json === null) return null
  const { kind, value, level, confidence, expiresMs } = json
  if (typeof kind !== 'string' || !isIndicatorKind(kind) || typeof value !== 'string') return null
  if (typeof level !== 'string' || !isLevel(level)) return null
  return {
    kind,
    value,
    feed,
    level,
    confidence: typeof confidence === 'number' ? confidence : 1,
    expiresMs: typeof expiresMs === 'number' ? expiresMs : null,
    description: textOf(json.description),
    tags: textsOf(json.tags),
  }
}

const NONE: readonly string[] = []

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : NONE
}

function countsOf(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter(([, count]) => typeof count === 'number'))
}
