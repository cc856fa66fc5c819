/**
 * A folder of indicators: a folder for each feed, in it a file for each of its sources, and beside them the list of values that are
 * never to be listed, whatever a feed says.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { IndicatorTable, knownGoodTag } from '@weir/processors'
import type { Indicator, IndicatorKind } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import { consoleError } from '../errors.ts'
import { LineFile } from '../results/line-file.ts'
import { makeFolders } from '../results/make-folders.ts'
import { reasonOf } from '../system-error.ts'
import {
  type Listed,
  readHeader,
  readSource,
  type SourceHeader,
  sourceFileName,
  writeSource,
} from './source-file.ts'

const REMOVED = 'removed.txt'

export type Loaded = {
  readonly table: IndicatorTable
  /** Tells one set of indicators from another. */
  readonly digest: string
}

export class IndicatorStore {
  readonly #folder: string

  /** Nothing is read or made yet. */
  constructor(folder: string) {
    this.#folder = resolve(folder)
  }

  get folder(): string {
    return this.#folder
  }

  exists(): boolean {
    return existsSync(this.#folder)
  }

  /** Every indicator that was not removed, ready to be asked. Throws as `readSource`. */
  load(): Loaded {
    return this.#loadFrom(this.#paths())
  }

  /** The same of all files that can be read, and which cannot and why. Throws only where the folder itself cannot be read. */
  loadReadable(): Loaded & { readonly bad: ReadonlyMap<string, string> } {
    const paths = this.#paths()
    const bad = new Map<string, string>()
    for (;;) {
      try {
        return { ...this.#loadFrom(paths.filter((path) => !bad.has(path))), bad }
      } catch (error) {
        const path = error instanceof WeirError ? String(error.fields.path) : ''
        if (!(error instanceof WeirError) || !paths.includes(path) || bad.has(path)) throw error
        // What it gave until it failed is in the table: all the others are read into a new one.
        bad.set(path, String(error.fields.why))
      }
    }
  }

  /** Files in the folder that are none of its own, such as lists somebody put there: they are not read. */
  strangers(): readonly string[] {
    const inFeeds = this.#feeds().flatMap((feed) =>
      readdirSync(join(this.#folder, feed))
        .filter((name) => !/\.jsonl(?:\.new)?$/.test(name))
        .map((name) => join(feed, name)),
    )
    const beside = readdirSync(this.#folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && entry.name !== REMOVED && entry.name !== `${REMOVED}.new`)
      .map(({ name }) => name)
    return [...beside, ...inFeeds].filter((name) => !basename(name).startsWith('.')).sort()
  }

  #loadFrom(paths: readonly string[]): Loaded {
    const table = new IndicatorTable()
    const removed = this.removed()
    const digest = createHash('sha256').update([...removed].sort().join('\n'))
    for (const path of paths) {
      const { hash, options, checkedMs } = readSource(path, (indicator, header) => {
        if (removed.size === 0 || !removed.has(keyOf(indicator.kind, indicator.value)))
          table.put(limited(indicator, header))
      })
      const askedMs = options.lifetimeMs === null ? 0 : checkedMs
      digest.update(JSON.stringify([path.slice(this.#folder.length), hash, options, askedMs]))
    }
    return { table, digest: digest.digest('hex') }
  }

  /** Hashes of files that lists of known good ones have, as `kind value`. */
  knownGood(): ReadonlySet<string> {
    const good = new Set<string>()
    for (const path of this.#paths()) {
      if (!readHeader(path).options.tags.includes(knownGoodTag)) continue
      readSource(path, ({ kind, value }) => good.add(keyOf(kind, value)))
    }
    return good
  }

  /** In order of feeds. */
  headers(): readonly SourceHeader[] {
    return this.#paths().map(readHeader)
  }

  /** Calls `take` with each indicator; with those that were removed by hand, marked so, only where that is asked for. */
  each(
    take: (
      indicator: Indicator,
      from: Pick<SourceHeader, 'source'> & { readonly isRemoved: boolean },
    ) => void,
    also?: 'removed',
  ): void {
    const removed = this.removed()
    for (const path of this.#paths()) {
      const found: { readonly indicator: Indicator; readonly isRemoved: boolean }[] = []
      const { source } = readSource(path, (indicator, its) => {
        const isRemoved = removed.has(keyOf(indicator.kind, indicator.value))
        if (!isRemoved || also === 'removed') found.push({ indicator: limited(indicator, its), isRemoved })
      })
      for (const { indicator, isRemoved } of found) take(indicator, { source, isRemoved })
    }
  }

  /** Where what the source gives is kept. */
  pathOf(feed: string, source: string): string {
    return join(this.#folder, feed, sourceFileName(source))
  }

  /** What the source gave last; `null` when it was never asked. */
  header(feed: string, source: string): SourceHeader | null {
    const path = this.pathOf(feed, source)
    return existsSync(path) ? readHeader(path) : null
  }

  /** What the source gave last, also what was removed by hand; nothing when it was never asked. */
  listed(feed: string, source: string): readonly Listed[] {
    const path = this.pathOf(feed, source)
    const listed: Listed[] = []
    if (existsSync(path)) readSource(path, (indicator) => listed.push(indicator))
    return listed
  }

  /** What the source gave before is gone, all at once. Throws `CONSOLE_UNWRITABLE`. */
  put(header: SourceHeader, indicators: readonly Listed[]): void {
    const folder = join(this.#folder, header.options.feed)
    this.#guarded(() => makeFolders(folder))
    writeSource(join(folder, sourceFileName(header.source)), header, indicators)
  }

  /** The indicators of a source under a header that says when it was asked. */
  touch(header: SourceHeader): void {
    this.put(header, this.listed(header.options.feed, header.source))
  }

  /** False when there is no such feed. */
  removeFeed(feed: string): boolean {
    if (!this.#feeds().includes(feed)) return false
    this.#guarded(() => rmSync(join(this.#folder, feed), { recursive: true }))
    return true
  }

  /** Values that are not listed although a feed has them, as `kind value`. */
  removed(): ReadonlySet<string> {
    const path = join(this.#folder, REMOVED)
    if (!existsSync(path)) return new Set()
    return new Set(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    )
  }

  setRemoved(removed: ReadonlySet<string>): void {
    this.#guarded(() => makeFolders(this.#folder))
    const path = join(this.#folder, REMOVED)
    if (removed.size === 0) {
      rmSync(path, { force: true })
      return
    }
    const file = LineFile.create(path)
    for (const line of [...removed].sort()) file.write(line)
    file.close()
  }

  #feeds(): readonly string[] {
    if (!this.exists()) return []
    try {
      const entries = readdirSync(this.#folder, { withFileTypes: true })
      return entries
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort()
    } catch (error) {
      throw consoleError.UNREADABLE({ path: this.#folder, why: reasonOf(error) }, error)
    }
  }

  #paths(): readonly string[] {
    return this.#feeds().flatMap((feed) =>
      readdirSync(join(this.#folder, feed))
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => join(this.#folder, feed, name)),
    )
  }

  #guarded(work: () => unknown): void {
    try {
      work()
    } catch (error) {
      throw consoleError.UNWRITABLE({ path: this.#folder, why: reasonOf(error) }, error)
    }
  }
}

/** No longer than its source may be believed without being asked again. */
function limited(indicator: Indicator, { options, checkedMs }: SourceHeader): Indicator {
  if (options.lifetimeMs === null) return indicator
  const limitMs = checkedMs + options.lifetimeMs
  return { ...indicator, expiresMs: Math.min(indicator.expiresMs ?? limitMs, limitMs) }
}

/** How a removed value is written down. */
export function keyOf(kind: IndicatorKind, value: string): string {
  return `${kind} ${value}`
}
