import { ByteMap } from './byte-map.ts'
import { KeyIndex } from './key-index.ts'
import type { PendingStore, PendingWrites } from './store.ts'

/** What is on disk, as of the last commit. */
export type ValuesOnDisk = {
  get(key: string): Uint8Array | undefined
  /** All keys in order, in portions. */
  keys(): AsyncIterable<readonly string[]>
}

/**
 * Values on disk, writes of the current commit laid over them, keys in memory: the database has a synchronous read but no
 * synchronous range. Never writes by itself; whoever commits writes `pending()` where `ValuesOnDisk` reads.
 */
export class DiskKeyValueStore implements PendingStore {
  readonly name: string
  readonly #disk: ValuesOnDisk
  readonly #index: KeyIndex
  readonly #pending = new ByteMap()

  private constructor(name: string, disk: ValuesOnDisk, index: KeyIndex) {
    this.name = name
    this.#disk = disk
    this.#index = index
  }

  static async open(name: string, disk: ValuesOnDisk): Promise<DiskKeyValueStore> {
    const keys: string[] = []
    for await (const portion of disk.keys()) for (const key of portion) keys.push(key)
    return new DiskKeyValueStore(name, disk, KeyIndex.fromSorted(keys))
  }

  get size(): number {
    return this.#index.size
  }

  get(key: string): Uint8Array | undefined {
    const pending = this.#pending.get(key)
    if (pending !== undefined) return pending === null ? undefined : pending
    // Most reads of a growing store are of keys it has never seen: they need not go to disk.
    return this.#index.has(key) ? this.#disk.get(key) : undefined
  }

  put(key: string, value: Uint8Array): void {
    this.#pending.set(key, value)
    this.#index.add(key)
  }

  delete(key: string): void {
    if (this.#index.delete(key)) this.#pending.set(key, null)
  }

  *range(from?: string, to?: string): Iterable<readonly [key: string, value: Uint8Array]> {
    for (const key of this.#index.range(from, to)) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  pending(): PendingWrites {
    return { size: this.#pending.size, [Symbol.iterator]: () => this.#writes() }
  }

  committed(): void {
    this.#pending.clear()
  }

  close(): void {
    this.#pending.clear()
  }

  *#writes(): Generator<readonly [key: string, value: Uint8Array | null]> {
    for (const key of this.#pending.keys()) yield [key, this.#pending.get(key) ?? null]
  }
}
