import { topologyError } from '../errors.ts'
import { WeirError } from '../kit/errors.ts'
import type { SubTopology } from '../plan/plan.ts'
import { ChangeloggedStore } from '../stores/changelogged.ts'
import { DiskKeyValueStore } from '../stores/disk-key-value-store.ts'
import { MemoryKeyValueStore } from '../stores/memory-key-value-store.ts'
import type { KeyValueStore, PendingStore } from '../stores/store.ts'
import type { Transport } from '../transport/transport.ts'

/** Where stores keep their values. Where the transport has no disk to read from, memory is what there is. */
export type StoreMedium = 'memory' | 'disk'

/** One store of one partition on its way to what the last commit left. */
export type RestoreProgress = {
  readonly store: string
  readonly partition: number
  /** Of the offsets of its changelog that are to be read, how many have been; equal when it is ready. */
  readonly done: number
  readonly total: number
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

/** Each takes a connection and a few megabytes; more of them do not make one process read faster. */
const sideBySide = 4

/**
 * Opens the stores of tasks as the last commit left them, several at a time; the result is in the order of `tasks`. When one fails
 * the others are closed again.
 */
export async function openStores(
  transport: Transport,
  tasks: readonly { readonly subTopology: SubTopology; readonly partition: number }[],
  options: RestoreOptions,
): Promise<TaskStores[]> {
  const opened = tasks.map(() => new Map<string, KeyValueStore>())
  const pending = tasks.map((): { changelog: string; store: PendingStore }[] => [])
  const work = tasks.flatMap(({ subTopology, partition }, at) =>
    subTopology.stores.map(({ name, changelog }) => async () => {
      if (!transport.durable) {
        opened[at]?.set(name, new MemoryKeyValueStore(name))
        return
      }
      const store = await openPending(transport, name, changelog, partition, options)
      opened[at]?.set(name, store)
      pending[at]?.push({ changelog, store })
    }),
  )
  let failure: { readonly error: unknown } | null = null
  let next = 0
  const lane = async () => {
    for (let job = work[next]; job !== undefined && failure === null; job = work[next]) {
      next += 1
      try {
        await job()
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: sideBySide }, lane))
  throwFailure(failure, opened)
  return opened.map((stores, at) => ({ stores, pending: pending[at] ?? [] }))
}

function throwFailure(
  failure: { readonly error: unknown } | null,
  opened: readonly ReadonlyMap<string, KeyValueStore>[],
): void {
  if (failure === null) return
  for (const stores of opened) for (const store of stores.values()) store.close()
  throw failure.error
}

async function openPending(
  transport: Transport,
  name: string,
  changelog: string,
  partition: number,
  { medium, onProgress }: RestoreOptions,
): Promise<PendingStore> {
  let total = 0
  const listener = (done: number, of: number) => {
    total = of
    // The end of it is told once the store is ready.
    if (done < of) onProgress?.({ store: name, partition, done, total: of })
  }
  try {
    const store = await read(transport, name, changelog, partition, medium, listener)
    onProgress?.({ store: name, partition, done: total, total })
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
  listener: (done: number, total: number) => void,
): Promise<PendingStore> {
  const onDisk = medium === 'disk' ? await transport.committedValues(changelog, partition, listener) : null
  if (onDisk !== null) return DiskKeyValueStore.open(name, onDisk)
  const memory = new MemoryKeyValueStore(name)
  for await (const portion of transport.changelog(changelog, partition, listener)) {
    for (const [key, value] of portion) {
      if (value === null) memory.delete(key)
      else memory.put(key, value)
    }
  }
  return new ChangeloggedStore(memory)
}
