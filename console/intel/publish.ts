/** What a folder of indicators says, onto the topic: what is new or changed is put there, what is gone is taken back. */
import { createHash } from 'node:crypto'
import { keptProbe } from '@weir/processors'
import { type Indicator, indicatorCodec, topics } from '@weir/schemas'
import type { TableTopic } from '../kafka/table-topic.ts'
import { isAnswerFeed } from './answer-feeds.ts'
import type { IndicatorStore } from './indicator-store.ts'

export type Published = { readonly put: number; readonly taken: number; readonly unchanged: number }

export type IndicatorTopic = Pick<TableTopic<Indicator>, 'each' | 'write'>

/**
 * Makes the part of the topic that these feeds have what the folder holds of them, and takes back what was removed by hand there,
 * whatever feed said it. What other feeds say, of other folders, is left alone, and so is what other machines were answered: of such a feed
 * the newer answer of each value stays. First what is put, then what is taken back: a value that goes from one feed to another is always listed.
 */
export async function publish(
  store: IndicatorStore,
  feeds: ReadonlySet<string>,
  topic: IndicatorTopic,
): Promise<Published> {
  const wanted = new Map<string, Indicator>()
  store.each((indicator) => {
    if (feeds.has(indicator.feed)) wanted.set(topics.intel.keyOf(indicator), indicator)
  })
  const removed = store.removed()
  const known = new Map<string, string>()
  await topic.each((key, indicator) => {
    const feed = key.slice(0, key.indexOf('|'))
    const mine = wanted.get(key)
    const isOfMany = isAnswerFeed(feed)
    const isOurs = isOfMany ? mine !== undefined : feeds.has(feed)
    if (indicator === null || (!isOurs && !removed.has(valueNamed(key)))) known.delete(key)
    else if (isOfMany && mine !== undefined && answeredMs(indicator) >= answeredMs(mine))
      known.set(key, digestOf(mine)) // What is there is newer: as good as ours.
    else known.set(key, digestOf(indicator))
  })
  const changed = [...wanted].filter(([key, indicator]) => known.get(key) !== digestOf(indicator))
  const gone = [...known.keys()].filter((key) => !wanted.has(key))
  await topic.write(changed)
  await topic.write(gone.map((key) => [key, null] as const))
  return { put: changed.length, taken: gone.length, unchanged: wanted.size - changed.length }
}

/** Tells which of two answers of the same is newer: a probe says when it was, of others the newer is good for longer. */
function answeredMs({ tags, expiresMs }: Indicator): number {
  return keptProbe(tags)?.atMs ?? expiresMs ?? Number.POSITIVE_INFINITY
}

/** Takes back what fits, without a folder. */
export async function takeBack(
  topic: IndicatorTopic,
  { feed, values }: { readonly feed: string | null; readonly values: ReadonlySet<string> },
): Promise<number> {
  const gone = new Set<string>()
  await topic.each((key, indicator) => {
    if (indicator === null) gone.delete(key)
    else if (key.slice(0, key.indexOf('|')) === feed || values.has(valueNamed(key))) gone.add(key)
  })
  await topic.write([...gone].map((key) => [key, null] as const))
  return gone.size
}

/** Of a key of the topic, as `removed.txt` has it. */
function valueNamed(key: string): string {
  const [feed = '', kind = ''] = key.split('|', 2)
  return `${kind} ${key.slice(feed.length + kind.length + 2)}`
}

/** A million of them are held at once. */
function digestOf(indicator: Indicator): string {
  return createHash('sha256').update(indicatorCodec.encode(indicator)).digest('base64').slice(0, 16)
}
