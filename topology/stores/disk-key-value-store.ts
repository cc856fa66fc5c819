import { KeyRows } from '../kit/key-rows.ts'
import { ByteMap } from './byte-map.ts'
import { KeysInOrder } from './keys-in-order.ts'
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
  readonly #keys: KeyRows
  readonly #order: KeysInOrder
  readonly #pending = new ByteMap()

  private constructor(name: string, disk: ValuesOnDisk, keys: KeyRows) {
    this.name = name
    this.#disk = disk
    this.#keys = keys
    this.#order = new KeysInOrder(() => keys.keys())
  }

  static async open(name: string, disk: ValuesOnDisk): Promise<DiskKeyValueStore> {
    const keys = new KeyRows()
    for await (const portion of disk.keys()) for (const key of portion) keys.add(key)
    return new DiskKeyValueStore(name, disk, keys)
  }

  get size(): number {
    return this.#keys.size
  }

  get pendingBytes(): number {
    return this.#pending.liveBytes
  }

  get(key: string): Uint8Array | undefined {
    const pending = this.#pending.get(key)
    if (pending !== undefined) return pending === null ? undefined : pending
    // Most reads of a growing store are of keys it has never seen: they need not go to disk.
    return this.#keys.has(key) ? this.#disk.get(key) : undefined
  }

  put(key: string, value: Uint8Array): void {
    this.#pending.set(key, value)
    this.#keys.add(key)
    this.#order.wrote(key, this.#keys.size)
  }

  delete(key: string): void {
    const row = this.#keys.rowOf(key)
    if (row < 0) return
    this.#keys.remove(row)
    this.#order.deleted(key)
    this.#pending.set(key, null)
  }

  *range(from?: string, to?: string): Iterable<readonly [key: string, value: Uint8Array]> {
    for (const key of this.#order.range(from, to)) {
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
