/** All sources of a folder asked again: once, or for as long as it is wanted. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, systemClock, WeirError } from '@weir/topology/kit'
import { isUrl } from './fetch-source.ts'
import { checkOneServer, type HeadersByFeed } from './import-options.ts'
import { type Imported, importSource } from './import-source.ts'
import type { IndicatorStore } from './indicator-store.ts'
import { isLookUpSource, type SourceHeader } from './source-file.ts'

const TIMEOUT_MS = 60_000
/** Between two looks at local files. */
const LOOK_MS = 2_000

export type Refresh = {
  /** `null` for all. */
  readonly feed: string | null
  readonly headers: HeadersByFeed
  /** As of an import. */
  readonly allowsEmpty?: boolean
  readonly clock?: Clock
  tell(imported: Imported): void
  /** One feed that is away keeps no other from being asked. */
  fail(error: WeirError): void
  /** After each round, with the feeds that were asked. */
  publish(feeds: ReadonlySet<string>): Promise<void>
}

/** Asks every source that is chosen. */
export async function refreshOnce(
  store: IndicatorStore,
  refresh: Refresh,
  isChosen: (header: SourceHeader) => boolean = () => true,
): Promise<void> {
  const { feed, headers, allowsEmpty = false, clock = systemClock } = refresh
  const all = store
    .headers()
    .filter(({ source, options }) => !isLookUpSource(source) && (feed === null || options.feed === feed))
  for (const name of headers.keys()) {
    const sources = all.filter(({ options }) => options.feed === name).map(({ source }) => source)
    checkOneServer(name, sources, 'intel refresh')
  }
  const feeds = new Set<string>()
  for (const header of all) {
    if (!isChosen(header)) continue
    const { source, options } = header
    feeds.add(options.feed)
    try {
      const own = headers.get(options.feed) ?? {}
      const how = { headers: own, timeoutMs: TIMEOUT_MS, isForced: false, allowsEmpty }
      refresh.tell(await importSource(store, source, options, { ...how, nowMs: clock.nowMs() }))
    } catch (error) {
      if (!(error instanceof WeirError)) throw error
      refresh.fail(error)
    }
  }
  if (feeds.size > 0) await refresh.publish(feeds)
}

/** Asks all at once and then every `everyMs`, and local files as soon as they have changed and been still for one look. Ends with the signal. */
export async function refreshEvery(
  everyMs: number,
  store: IndicatorStore,
  refresh: Refresh,
  signal: AbortSignal,
): Promise<void> {
  const { clock = systemClock } = refresh
  const round = async (isChosen: (header: SourceHeader) => boolean) => {
    try {
      await refreshOnce(store, refresh, isChosen)
    } catch (error) {
      // A folder or a broker that is away now may be back for the next round.
      if (!(error instanceof WeirError)) throw error
      refresh.fail(error)
    }
  }
  const read = new Map<string, string>()
  let before = new Map<string, string>()
  let nextMs = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    const now = localFiles(store)
    if (clock.nowMs() >= nextMs) {
      nextMs = clock.nowMs() + everyMs
      await round(() => true)
      for (const [source, signature] of now) read.set(source, signature)
    } else {
      const changed = new Set<string>()
      for (const [source, signature] of now) {
        if (signature === read.get(source) || signature !== before.get(source)) continue
        changed.add(source)
        read.set(source, signature)
      }
      if (changed.size > 0) await round(({ source }) => changed.has(source))
    }
    before = now
    if (signal.aborted) return
    await clock.sleep(LOOK_MS, signal).catch(() => {})
  }
}

/** Size and time of each local source; of the manifest in one that is a folder. */
function localFiles(store: IndicatorStore): Map<string, string> {
  const files = new Map<string, string>()
  let headers: readonly SourceHeader[]
  try {
    headers = store.headers()
  } catch (error) {
    if (error instanceof WeirError) return files
    throw error
  }
  for (const { source } of headers) {
    if (isUrl(source) || isLookUpSource(source)) continue
    const own = statSync(source, { throwIfNoEntry: false })
    const stat =
      own?.isDirectory() === true ? statSync(join(source, 'manifest.json'), { throwIfNoEntry: false }) : own
    if (stat !== undefined) files.set(source, `${stat.size} ${stat.mtimeMs} ${stat.ino}`)
  }
  return files
}
