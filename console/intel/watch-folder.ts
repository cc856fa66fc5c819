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
 * refresh come together. What cannot be read is said and leaves what was there. Ends with the signal.
 */
export async function watchFolder(
  folder: string,
  use: (table: IndicatorTable) => void,
  {
    log,
    signal,
    clock = systemClock,
  }: { readonly log: Log; readonly signal: AbortSignal; readonly clock?: Clock },
): Promise<void> {
  const store = new IndicatorStore(folder)
  let used = signatureOf(folder)
  let before = used
  while (!signal.aborted) {
    await clock.sleep(lookMs, signal).catch(() => {})
    if (signal.aborted) return
    const now = signatureOf(folder)
    const isStill = now === before
    before = now
    if (now === used || !isStill) continue
    used = now
    try {
      const { table } = store.load()
      use(table)
      log.info('indicators-reloaded', { folder, indicators: table.size })
    } catch (error) {
      log.warn('indicators-not-reloaded', { folder, error })
    }
  }
}

/** Names, sizes and times of all files; a folder that cannot be looked at is another one than before. */
function signatureOf(folder: string): string {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl') || name.endsWith('.txt'))
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
