import type { Indicator } from '@weir/schemas'
import { type IndicatorStore, keyOf } from './indicator-store.ts'
import { lookUpSource, plainOptions, type SourceOptions } from './source-file.ts'

/** A judgement: logs older than a year are seldom analysed. */
const keptAfterMs = 366 * 86_400_000

/**
 * Adds answers of somebody who was asked, be it a service or a server, to what the folder has of those before: a new one takes the place of
 * that of the same value, and what ran out long ago goes: until when something counts is a time of records, and those may be old. Gives how many there are now. Throws `CONSOLE_UNWRITABLE`.
 */
export function addAnswers(
  store: IndicatorStore,
  { feed, asked }: { readonly feed: string; readonly asked: string },
  answers: Iterable<Indicator>,
  nowMs: number,
): number {
  const source = lookUpSource(asked)
  const listed = new Map<string, Indicator>()
  for (const indicator of store.listed(feed, source))
    if ((indicator.expiresMs ?? 0) + keptAfterMs > nowMs)
      listed.set(keyOf(indicator.kind, indicator.value), indicator)
  for (const indicator of answers) listed.set(keyOf(indicator.kind, indicator.value), indicator)
  if (listed.size === 0 && store.header(feed, source) === null) return 0
  const options: SourceOptions = { ...plainOptions, feed }
  store.put(
    {
      source,
      options,
      etag: '',
      lastModified: '',
      hash: String(nowMs),
      checkedMs: nowMs,
      accepted: listed.size,
      rejected: {},
    },
    [...listed.values()],
  )
  return listed.size
}
