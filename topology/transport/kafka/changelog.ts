import { topologyError } from '../../errors.ts'
import { unlessAborted } from '../../kit/unless-aborted.ts'
import type { Batch, RestoreListener } from '../transport.ts'
import type { Cluster } from './cluster.ts'
import { Fetcher, PartitionReader } from './fetcher.ts'

export type ChangelogPortion = {
  readonly entries: readonly (readonly [string, Uint8Array | null])[]
  /** Everything below it has been given. */
  readonly nextOffset: number
}

export type ChangelogOptions = {
  readonly listener?: RestoreListener
  /** Ends the reading where it is. */
  readonly signal?: AbortSignal
}

export function changelogOptions(
  listener: RestoreListener | undefined,
  signal: AbortSignal | undefined,
): ChangelogOptions {
  return { ...(listener === undefined ? {} : { listener }), ...(signal === undefined ? {} : { signal }) }
}

export type ChangelogSpan = { readonly start: number; readonly end: number }

/**
 * What there is to read: up to what is the end of the log now, not to its last stable offset of the moment. A transaction whose
 * offsets are committed may not have its mark in this partition yet, and what it wrote belongs to the state. `isDecidedOnly`: a
 * copy that is behind for the moment will do.
 */
export async function changelogSpan(
  cluster: Cluster,
  purpose: string,
  store: string,
  partition: number,
  { isDecidedOnly = false, signal }: { readonly isDecidedOnly?: boolean; readonly signal?: AbortSignal } = {},
): Promise<ChangelogSpan> {
  const fetcher = new Fetcher(cluster, purpose)
  const end = await fetcher.offsetOf(store, partition, -1, isDecidedOnly, signal)
  return { start: await fetcher.offsetOf(store, partition, -2, false, signal), end }
}

/**
 * Waits where transactions before `end` have still to be decided, and for brokers that are away: too long, and it rejects with
 * `TOPO_BROKERS_AWAY`. `purpose` names the connection; one reader at a time.
 */
export async function* readChangelog(
  cluster: Cluster,
  purpose: string,
  store: string,
  partition: number,
  { start, end }: ChangelogSpan,
  { listener = () => {}, signal }: ChangelogOptions = {},
): AsyncIterable<ChangelogPortion> {
  const fetcher = new Fetcher(cluster, purpose)
  const reader = new PartitionReader(store, partition, start)
  const patience = cluster.patience()
  const isStopped = () => signal?.aborted === true
  const ask = async () => {
    const failure = await fetcher.round([reader], 100)
    patience.heard(failure)
    if (failure !== null) await cluster.pause(100)
  }
  let asking: Promise<unknown> | null = null
  let read = 0
  try {
    listener(0, Math.max(0, end - start), read)
    while (reader.position < end && !isStopped()) {
      if (cluster.isClosed) throw topologyError.TRANSPORT_CLOSED()
      if (reader.held.length === 0) {
        const answer = asking ?? ask()
        await unlessAborted(answer, signal).catch((error: unknown) => {
          if (!isStopped()) throw error
        })
        if (isStopped()) return
      }
      asking = null
      const batches: Batch[] = []
      reader.take(10_000, batches)
      // The next answer comes while this one is being used.
      if (reader.position < end && reader.held.length === 0) {
        asking = ask()
        asking.catch(() => {})
      }
      const entries: (readonly [string, Uint8Array | null])[] = []
      for (const { records } of batches) {
        for (const { key, value } of records) {
          if (value === null || value instanceof Uint8Array) entries.push([key, value])
        }
      }
      if (batches.length > 0) yield { entries, nextOffset: reader.position }
      read += entries.length
      listener(Math.min(reader.position, end) - start, Math.max(0, end - start), read)
    }
  } finally {
    if (!isStopped()) await asking?.catch(() => {})
  }
}
