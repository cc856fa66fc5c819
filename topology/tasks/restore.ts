import { topologyError } from '../errors.ts'
import type { SubTopology } from '../plan/plan.ts'
import { ChangeloggedStore } from '../stores/changelogged.ts'
import { DiskKeyValueStore } from '../stores/disk-key-value-store.ts'
import { MemoryKeyValueStore } from '../stores/memory-key-value-store.ts'
import type { KeyValueStore, PendingStore } from '../stores/store.ts'
import type { Transport } from '../transport/transport.ts'

/** Where stores keep their values. Where the transport has no disk to read from, memory is what there is. */
export type StoreMedium = 'memory' | 'disk'

export type TaskStores = {
  readonly stores: ReadonlyMap<string, KeyValueStore>
  /** Those whose writes the commit must take along, by changelog name; none where nothing outlives the process. */
  readonly pending: readonly { readonly changelog: string; readonly store: PendingStore }[]
}

/** Opens the stores of one task as the last commit left them. */
export async function openStores(
  transport: Transport,
  subTopology: SubTopology,
  partition: number,
  medium: StoreMedium,
): Promise<TaskStores> {
  const stores = new Map<string, KeyValueStore>()
  const pending: { changelog: string; store: PendingStore }[] = []
  for (const { name, changelog } of subTopology.stores) {
    if (!transport.durable) {
      stores.set(name, new MemoryKeyValueStore(name))
      continue
    }
    const store = await openPending(transport, name, changelog, partition, medium)
    stores.set(name, store)
    pending.push({ changelog, store })
  }
  return { stores, pending }
}

async function openPending(
  transport: Transport,
  name: string,
  changelog: string,
  partition: number,
  medium: StoreMedium,
): Promise<PendingStore> {
  try {
    const onDisk = medium === 'disk' ? transport.committedValues(changelog, partition) : null
    if (onDisk !== null) return await DiskKeyValueStore.open(name, onDisk)
    const memory = new MemoryKeyValueStore(name)
    for await (const portion of transport.changelog(changelog, partition)) {
      for (const [key, value] of portion) {
        if (value === null) memory.delete(key)
        else memory.put(key, value)
      }
    }
    return new ChangeloggedStore(memory)
  } catch (error) {
    throw topologyError.STORE_FAILED({ store: name, partition }, error)
  }
}
