/**
 * A MISP feed: `manifest.json` names events by their UUID and says when each was changed last; `UUID.json` beside it holds one. Only
 * events that have changed are asked for again.
 */

import { join } from 'node:path'
import { type FeedOptions, readFeed } from '@weir/processors'
import { WeirError } from '@weir/topology/kit'
import { consoleError } from '../errors.ts'
import { jsonOf } from '../json-object.ts'
import { fetchSource, isUrl } from './fetch-source.ts'
import { shownSource } from './shown-source.ts'
import type { Listed } from './source-file.ts'

/** Version of each event, by UUID. */
export type Manifest = Readonly<Record<string, string>>

export type Events = {
  /** Those of the events changed last stand last. */
  readonly indicators: readonly Listed[]
  readonly rejected: ReadonlyMap<string, number>
  /** What was read, or is known from before. */
  readonly parts: Manifest
  /** Some event could not be had: the manifest is to be looked at again though it does not change. */
  readonly isPending: boolean
}

const MANIFEST = 'manifest.json'
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Questions to one server at a time. */
const AT_ONCE = 4
const MAX_EVENTS = 100_000

/** Where the manifest of a folder or of an address that ends like one is. */
export function manifestSource(source: string, isFolder: boolean): string {
  if (isUrl(source)) return source.endsWith('/') ? `${source}${MANIFEST}` : source
  return isFolder ? join(source, MANIFEST) : source
}

/** `null` for text that is no manifest. */
export function manifestOf(text: string): Manifest | null {
  if (!text.slice(0, 200).trimStart().startsWith('{')) return null
  const json = jsonOf(text)
  if (json === null) return null
  const entries: [string, string][] = []
  for (const [uuid, about] of Object.entries(json)) {
    if (!UUID.test(uuid) || typeof about !== 'object' || about === null || !('timestamp' in about))
      return null
    entries.push([uuid, String(about.timestamp)])
    if (entries.length > MAX_EVENTS) return null
  }
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

/** Throws `CONSOLE_FEED_UNREACHABLE` when no event that is wanted can be had. */
export async function readEvents(
  source: string,
  manifest: Manifest,
  options: FeedOptions,
  {
    before,
    known,
    nowMs,
    headers,
    timeoutMs,
  }: {
    /** What the events gave before, and the version that did. */
    readonly before: readonly Listed[]
    readonly known: Manifest
    readonly nowMs: number
    readonly headers: Readonly<Record<string, string>>
    readonly timeoutMs: number
  },
): Promise<Events> {
  const byPart = Map.groupBy(before, ({ part = '' }) => part)
  const parts: Record<string, string> = {}
  const rejected = new Map<string, number>()
  const found = new Map<string, readonly Listed[]>()
  const uuids = Object.keys(manifest).sort(
    (a, b) => compare(manifest[a] ?? '', manifest[b] ?? '') || (a < b ? -1 : 1),
  )
  const wanted = uuids.filter((uuid) => known[uuid] !== manifest[uuid])
  let failure: WeirError | null = null
  let failures = 0
  let isPending = false
  const keep = (uuid: string) => {
    const version = known[uuid]
    if (version === undefined) return
    parts[uuid] = version
    found.set(uuid, byPart.get(uuid) ?? [])
  }
  for (const uuid of uuids) if (known[uuid] === manifest[uuid]) keep(uuid)
  const queue = wanted.values()
  const work = async () => {
    for (const uuid of queue) {
      try {
        const how = { known: null, headers, isTaxii: false, timeoutMs }
        const fetched = await fetchSource(eventSource(source, uuid), how)
        const content = readFeed(fetched.isChanged ? fetched.text : '', { ...options, format: 'misp' }, nowMs)
        for (const [reason, count] of content.rejected)
          rejected.set(reason, (rejected.get(reason) ?? 0) + count)
        parts[uuid] = manifest[uuid] ?? ''
        isPending ||= content.isPending
        found.set(
          uuid,
          content.indicators.map((indicator) => ({ ...indicator, part: uuid })),
        )
      } catch (error) {
        if (!(error instanceof WeirError)) throw error
        failure ??= error
        failures += 1
        isPending = true
        rejected.set(NOT_HAD, (rejected.get(NOT_HAD) ?? 0) + 1)
        keep(uuid)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (failure !== null && failures === wanted.length) {
    throw consoleError.FEED_UNREACHABLE(
      { source: shownSource(source), why: `none of ${failures} events can be had` },
      failure,
    )
  }
  return { indicators: uuids.flatMap((uuid) => found.get(uuid) ?? []), rejected, parts, isPending }
}

const NOT_HAD = 'an event that could not be had'

function eventSource(manifest: string, uuid: string): string {
  if (!isUrl(manifest)) return join(manifest, '..', `${uuid}.json`)
  const url = new URL(manifest)
  url.pathname = url.pathname.replace(/[^/]*$/, `${uuid}.json`)
  return url.href
}

/** Seconds since 1970 as text. */
function compare(a: string, b: string): number {
  return Number(a) - Number(b) || 0
}
