/** A folder of indicators that others refresh while this process goes on: read anew as one whenever it has changed. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { IndicatorTable } from '@weir/processors'
import { type Clock, type Log, systemClock } from '@weir/topology/kit'
import { IndicatorStore } from './indicator-store.ts'

/** Between two looks. Feeds change by the hour. */
const lookMs = 2_000

/**
 * Calls `use` with every indicator of the folder after a change, once it has been still for one look, so that the files of a
 * refresh come together. A file that cannot be read keeps nothing from being read but itself, and is named once for each reason; what lies
 * there and is none of the folder's own files is named once. Ends with the signal.
 */
export async function watchFolder(
  folder: string,
  use: (table: IndicatorTable, unreadableFiles: number) => void,
  {
    log,
    signal,
    clock = systemClock,
  }: { readonly log: Log; readonly signal: AbortSignal; readonly clock?: Clock },
): Promise<void> {
  const store = new IndicatorStore(folder)
  const teller = new Teller(store, log)
  let used = signatureOf(folder)
  let before = used
  teller.tellStrangers()
  while (!signal.aborted) {
    await clock.sleep(lookMs, signal).catch(() => {})
    if (signal.aborted) return
    const now = signatureOf(folder)
    const isStill = now === before
    before = now
    if (now === used || !isStill) continue
    used = now
    teller.tellStrangers()
    try {
      const { table, bad } = store.loadReadable()
      teller.tellBad(bad)
      use(table, bad.size)
      log.info('indicators-reloaded', { folder, indicators: table.size, unreadableFiles: bad.size })
    } catch (error) {
      log.warn('indicators-not-reloaded', { folder, why: messageOf(error) })
    }
  }
}

/** Files named at most, however many are dropped there. */
const MAX_STRANGERS = 100

/** What is wrong with files, each said once for as long as it is so. */
class Teller {
  readonly #store: IndicatorStore
  readonly #log: Log
  readonly #strangers = new Set<string>()
  #bad: ReadonlyMap<string, string> = new Map()

  constructor(store: IndicatorStore, log: Log) {
    this.#store = store
    this.#log = log
  }

  tellBad(bad: ReadonlyMap<string, string>): void {
    for (const [file, why] of bad) {
      if (this.#bad.get(file) === why) continue
      this.#log.warn('indicator-file-unreadable', {
        file,
        why,
        fix: 'import its source again; until then what it held is not looked for',
      })
    }
    this.#bad = bad
  }

  tellStrangers(): void {
    for (const file of strangersOf(this.#store)) {
      if (this.#strangers.has(file) || this.#strangers.size >= MAX_STRANGERS) continue
      this.#strangers.add(file)
      this.#log.warn('indicator-file-not-read', {
        file,
        folder: this.#store.folder,
        fix: "it is no file that 'weir intel import' wrote: import it, with the name of its feed",
      })
    }
  }
}

function strangersOf(store: IndicatorStore): readonly string[] {
  try {
    return store.strangers()
  } catch {
    return []
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Names, sizes and times of all files; a folder that cannot be looked at is another one than before. */
function signatureOf(folder: string): string {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.endsWith('.new'))
      .sort()
      .map((name) => {
        const { size, mtimeMs, ino } = statSync(join(folder, name))
        return `${name} ${size} ${mtimeMs} ${ino}`
      })
      .join('\n')
  } catch (error) {
    return `unreadable: ${error instanceof Error ? error.message : String(error)}`
  }
}
