/**
 * What one source of one feed gave last, as a file: a header line, then one line for each indicator, all JSON. What the header
 * says of all of them stands on no line of its own: level and confidence only where they differ.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, renameSync, rmSync } from 'node:fs'
import type { FeedOptions } from '@weir/processors'
import { isIndicatorKind, isLevel } from '@weir/processors'
import type { Indicator } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import { consoleError } from '../errors.ts'
import { jsonOf } from '../json-object.ts'
import { printable } from '../report/printable.ts'
import { LineFile } from '../results/line-file.ts'
import { reasonOf } from '../system-error.ts'
import { shownSource } from './shown-source.ts'

const FORMAT = 1

/** How a source is to be asked and read, so that it can be asked again. */
export type SourceOptions = Omit<FeedOptions, 'format' | 'about'> & {
  readonly format: string
  /** Counted from when the source was last asked, so that what is still listed does not expire; `null` for ever. */
  readonly lifetimeMs: number | null
}

/** Where nothing is said of a source: what its rows say, for ever. */
export const plainOptions = {
  format: 'auto',
  level: null,
  confidence: null,
  expiresMs: null,
  lifetimeMs: null,
  kind: null,
  tags: [],
} as const satisfies Omit<SourceOptions, 'feed'>

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
  /** Of a source in parts that change on their own: the version of each part, by its name. */
  readonly parts?: Readonly<Record<string, string>>
}

/** An indicator as a source gave it, and in which of its parts. */
export type Listed = Indicator & { readonly part?: string }

const LOOK_UP = 'lookup:'

/** The source of what an online service or a probe answered: nothing that could be read again. */
export function lookUpSource(asked: string): string {
  return `${LOOK_UP}${asked}`
}

export function isLookUpSource(source: string): boolean {
  return source.startsWith(LOOK_UP)
}

/** The name of a source's file: it must not depend on what a file system allows. */
export function sourceFileName(source: string): string {
  return `${createHash('sha256').update(source).digest('hex').slice(0, 16)}.jsonl`
}

/** Is there whole or is as it was. Throws `CONSOLE_UNWRITABLE`. */
export function writeSource(path: string, header: SourceHeader, indicators: Iterable<Listed>): void {
  const file = LineFile.create(`${path}.new`)
  try {
    file.write(JSON.stringify({ weirIndicators: FORMAT, ...header }))
    for (const { kind, value, level, confidence, expiresMs, description, tags, part } of indicators) {
      file.write(
        JSON.stringify({
          kind,
          value,
          level,
          ...(confidence === 1 ? {} : { confidence }),
          ...(expiresMs === null ? {} : { expiresMs }),
          ...(description === '' ? {} : { description }),
          ...(tags.length === 0 ? {} : { tags }),
          ...(part === undefined ? {} : { part }),
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

/** The header alone, which is far from the whole file. Throws as `readSource`. */
export function readHeader(path: string): SourceHeader {
  return guarded(path, () => {
    for (const line of fileLines(path)) return headerIn(path, line)
    return headerIn(path, '')
  })
}

/** Calls `take` with each indicator. Throws `CONSOLE_UNREADABLE`, and `CONSOLE_INDICATORS_DAMAGED` for a file that Weir did not write. */
export function readSource(
  path: string,
  take: (indicator: Listed, header: SourceHeader) => void,
): SourceHeader {
  return guarded(path, () => {
    let header: SourceHeader | null = null
    for (const line of fileLines(path)) {
      if (header === null) {
        header = headerIn(path, line)
        continue
      }
      const indicator = indicatorOf(line, header.options.feed)
      if (indicator === null) throw damaged(path, 'a line of it is no indicator', header.source)
      take(indicator, header)
    }
    return header ?? headerIn(path, '')
  })
}

function headerIn(path: string, line: string): SourceHeader {
  const header = headerOf(line)
  if (header === null) throw damaged(path, 'it is no file of indicators')
  return header
}

function damaged(path: string, why: string, source?: string): WeirError {
  const of = source === undefined ? '' : ` (it is of ${printable(shownSource(source))})`
  return consoleError.INDICATORS_DAMAGED({ path, why, of })
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof WeirError || !(error instanceof Error && 'code' in error)) throw error
    throw consoleError.UNREADABLE({ path, why: reasonOf(error) }, error)
  }
}

const PIECE_BYTES = 64 * 1024

/** Piece by piece: a file of a million lines is never one text. */
function* fileLines(path: string): Generator<string> {
  const file = openSync(path, 'r')
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES)
    let rest: Buffer = Buffer.alloc(0)
    for (;;) {
      const bytes = readSync(file, piece, 0, PIECE_BYTES, null)
      if (bytes === 0) break
      const data =
        rest.length === 0 ? piece.subarray(0, bytes) : Buffer.concat([rest, piece.subarray(0, bytes)])
      const end = data.lastIndexOf(LINE_END)
      if (end >= 0) yield* data.toString('utf8', 0, end).split('\n')
      rest = Buffer.from(data.subarray(end + 1))
    }
    if (rest.length > 0) yield rest.toString('utf8')
  } finally {
    closeSync(file)
  }
}

const LINE_END = 10

function headerOf(line: string): SourceHeader | null {
  const json = jsonOf(line)
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
    ...(typeof json.parts === 'object' && json.parts !== null ? { parts: versionsOf(json.parts) } : {}),
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

function indicatorOf(line: string, feed: string): Listed | null {
  const json = jsonOf(line)
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
    ...(typeof json.part === 'string' ? { part: json.part } : {}),
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

function versionsOf(value: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(value).filter(([, version]) => typeof version === 'string'))
}
