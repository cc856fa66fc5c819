import { topologyError } from '../errors.ts'
import { WeirError } from '../kit/errors.ts'
import type { SubTopology } from '../plan/plan.ts'
import { ChangeloggedStore } from '../stores/changelogged.ts'
import { DiskKeyValueStore } from '../stores/disk-key-value-store.ts'
import { MemoryKeyValueStore } from '../stores/memory-key-value-store.ts'
import type { KeyValueStore, PendingStore } from '../stores/store.ts'
import type { RestoreListener, Transport } from '../transport/transport.ts'

/** Where stores keep their values. Where the transport has no disk to read from, memory is what there is. */
export type StoreMedium = 'memory' | 'disk'

/** One store of one partition on its way to what the last commit left. */
export type RestoreProgress = {
  readonly store: string
  readonly partition: number
  /** Of the offsets of its changelog that are to be read, how many have been; equal when it is ready. */
  readonly done: number
  readonly total: number
  /** Entries read there; none where what there is on disk was all. */
  readonly entries: number
}

export type TaskStores = {
  readonly stores: ReadonlyMap<string, KeyValueStore>
  /** Those whose writes the commit must take along, by changelog name; none where nothing outlives the process. */
  readonly pending: readonly { readonly changelog: string; readonly store: PendingStore }[]
}

export type RestoreOptions = {
  readonly medium: StoreMedium
  readonly onProgress?: (progress: RestoreProgress) => void
}

/** Waits for the turn of this work, and does it. */
export type InTurn = (work: () => Promise<void>) => Promise<void>

/**
 * Opens the stores of a task as the last commit left them. When one fails, or once `signal` aborts, all are closed again and it
 * rejects: nobody then touches them any more.
 */
export async function openStores(
  transport: Transport,
  { subTopology, partition }: { readonly subTopology: SubTopology; readonly partition: number },
  options: RestoreOptions & { readonly signal: AbortSignal; readonly inTurn: InTurn },
): Promise<TaskStores> {
  const stores = new Map<string, KeyValueStore>()
  const pending: { changelog: string; store: PendingStore }[] = []
  let hasFailed = false
  const opened = await Promise.allSettled(
    subTopology.stores.map(({ name, changelog }) =>
      options.inTurn(async () => {
        options.signal.throwIfAborted()
        if (hasFailed) return
        if (!transport.durable) {
          stores.set(name, new MemoryKeyValueStore(name))
          return
        }
        try {
          const store = await openPending(transport, name, changelog, partition, options)
          stores.set(name, store)
          pending.push({ changelog, store })
        } catch (error) {
          hasFailed = true
          throw error
        }
        options.signal.throwIfAborted()
      }),
    ),
  )
  for (const each of opened) {
    if (each.status === 'fulfilled') continue
    for (const store of stores.values()) store.close()
    throw each.reason
  }
  return { stores, pending }
}

async function openPending(
  transport: Transport,
  name: string,
  changelog: string,
  partition: number,
  { medium, onProgress, signal }: RestoreOptions & { readonly signal: AbortSignal },
): Promise<PendingStore> {
  let total = 0
  let entries = 0
  const listener = (done: number, of: number, read: number) => {
    total = of
    entries = read
    // The end of it is told once the store is ready.
    if (done < of) onProgress?.({ store: name, partition, done, total: of, entries })
  }
  try {
    const store = await read(transport, name, changelog, partition, medium, listener, signal)
    onProgress?.({ store: name, partition, done: total, total, entries })
    return store
  } catch (error) {
    if (error instanceof WeirError) throw error
    throw topologyError.STORE_FAILED({ store: name, partition }, error)
  }
}

async function read(
  transport: Transport,
  name: string,
  changelog: string,
  partition: number,
  medium: StoreMedium,
  listener: RestoreListener,
  signal: AbortSignal,
): Promise<PendingStore> {
  const onDisk =
    medium === 'disk' ? await transport.committedValues(changelog, partition, listener, signal) : null
  if (onDisk !== null) return DiskKeyValueStore.open(name, onDisk)
  const memory = new MemoryKeyValueStore(name)
  for await (const portion of transport.changelog(changelog, partition, listener, signal)) {
    for (const [key, value] of portion) {
      if (value === null) memory.delete(key)
      else memory.put(key, value)
    }
  }
  return new ChangeloggedStore(memory)
}
