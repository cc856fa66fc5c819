import { topologyError } from '../../errors.ts'
import type { CommittedValues, StoreChanges } from '../transport.ts'
import { afterPrefix, entryKey, levelValues, storePrefix } from './level-values.ts'
import { type Level, type LevelOperation, openLevel, writeFailure } from './open-level.ts'
import { readFailure } from './state-error.ts'

/** How far a store's entries on disk follow its changelog. */
export type StatePosition = {
  /** Of which topic: one that was deleted and created again has another. */
  readonly topicId: string
  /** Everything below it is on disk. */
  readonly offset: number
  /** When it was last known to be the end of the changelog, or was moved on; epoch milliseconds. */
  readonly atMs: number
}

export type StoreUpdate = StoreChanges & {
  /** `null`: stays where it was, so that the same changes are read again after a restart. */
  readonly position: StatePosition | null
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const ownerKey = encoder.encode('xowner')

/**
 * Copies of stores whose changelogs lie elsewhere, in one LevelDB directory. Entries and the position they stand for are written
 * in one batch: however the process ends, what is on disk is what the changelog says up to that position. Nothing here is
 * ever the only copy.
 */
export class StateDirectory {
  readonly path: string
  readonly #db: Level
  readonly #positions: Map<string, StatePosition>

  private constructor(path: string, db: Level, positions: Map<string, StatePosition>) {
    this.path = path
    this.#db = db
    this.#positions = positions
  }

  /**
   * Creates it when need be. `owner` is the application whose state it is: `TOPO_STATE_FOREIGN` when it is another's. For the
   * rest see `openLevel`.
   */
  static async open(path: string, owner: string): Promise<StateDirectory> {
    const db = await openLevel(path)
    try {
      const stored = db.getSync(ownerKey)
      const other = stored === undefined ? owner : decoder.decode(stored)
      if (other !== owner) {
        const found = `the state of application '${other}'`
        throw topologyError.STATE_FOREIGN({ directory: path, found, wanted: `application '${owner}'` })
      }
      if (stored === undefined) {
        const [first] = await db.keys({ limit: 1 }).all()
        if (first !== undefined) {
          const found = 'something else, perhaps the state of weir analyze'
          throw topologyError.STATE_FOREIGN({ directory: path, found, wanted: `application '${owner}'` })
        }
        await db.put(ownerKey, encoder.encode(owner))
      }
      return new StateDirectory(path, db, await readPositions(db))
    } catch (error) {
      await db.close()
      throw readFailure(path, error)
    }
  }

  /** Refuses with `TOPO_STATE_FOREIGN` to go on over stores that `partitionsOf` does not know, or knows with fewer partitions. */
  checkStores(partitionsOf: (store: string) => number | undefined): void {
    for (const name of this.#positions.keys()) {
      const [store, partition] = splitName(name)
      if (partition < (partitionsOf(store) ?? 0)) continue
      const found = `${store} partition ${partition}`
      throw topologyError.STATE_FOREIGN({ directory: this.path, found, wanted: 'this topology' })
    }
  }

  position(store: string, partition: number): StatePosition | null {
    return this.#positions.get(nameOf(store, partition)) ?? null
  }

  /**
   * One after the other, of each all or nothing: a store that has not got its update yet still stands where its position says. Rejects with
   * `TOPO_STATE_NOT_WRITTEN`, for instance when the disk is full.
   */
  async apply(updates: readonly StoreUpdate[]): Promise<void> {
    for (const update of updates) await this.#apply(update)
  }

  async #apply({ store, partition, entries, position }: StoreUpdate): Promise<void> {
    const operations: LevelOperation[] = []
    const prefix = storePrefix(store, partition)
    for (const [name, value] of entries) {
      const key = entryKey(prefix, name)
      operations.push(value === null ? { type: 'del', key } : { type: 'put', key, value })
    }
    if (position !== null) {
      const key = positionKey(store, partition)
      operations.push({ type: 'put', key, value: encoder.encode(JSON.stringify(position)) })
    }
    if (operations.length === 0) return
    try {
      await this.#db.batch(operations)
    } catch (error) {
      throw writeFailure(this.path, error)
    }
    if (position !== null) this.#positions.set(nameOf(store, partition), position)
  }

  /** Forgets a store's entries and its position. */
  async clear(store: string, partition: number): Promise<void> {
    const prefix = storePrefix(store, partition)
    try {
      // Entries without a position are rebuilt, entries that are missing below a position would be missed: position first.
      await this.#db.del(positionKey(store, partition))
      await this.#db.clear({ gte: prefix, lt: afterPrefix(prefix) })
    } catch (error) {
      throw writeFailure(this.path, error)
    }
    this.#positions.delete(nameOf(store, partition))
  }

  values(store: string, partition: number): CommittedValues {
    return levelValues(this.#db, store, partition)
  }

  close(): Promise<void> {
    return this.#db.close()
  }
}

async function readPositions(db: Level): Promise<Map<string, StatePosition>> {
  const positions = new Map<string, StatePosition>()
  const all = { gte: encoder.encode('p'), lt: encoder.encode('q') }
  for await (const [key, value] of db.iterator(all)) {
    const parsed: unknown = JSON.parse(decoder.decode(value))
    const position = { topicId: '', offset: -1, atMs: 0, ...(typeof parsed === 'object' ? parsed : {}) }
    positions.set(decoder.decode(key.subarray(1)), position)
  }
  return positions
}

/** `p <store>/<partition>`: names of topics hold no slash. */
function positionKey(store: string, partition: number): Uint8Array {
  return encoder.encode(`p${nameOf(store, partition)}`)
}

function nameOf(store: string, partition: number): string {
  return `${store}/${partition}`
}

function splitName(name: string): [store: string, partition: number] {
  const at = name.lastIndexOf('/')
  return [name.slice(0, at), Number(name.slice(at + 1))]
}
