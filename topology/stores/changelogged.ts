import { KeyRows } from '../kit/key-rows.ts'
import type { KeyValueStore, PendingStore, PendingWrites } from './store.ts'

/**
 * Wraps a store and remembers which keys were written until the commit, which sends their values to the changelog. The values are read from the
 * store at that time, one after the other: kept beside it, they would be in memory twice.
 */
export class ChangeloggedStore implements PendingStore {
  readonly #store: KeyValueStore
  readonly #written = new KeyRows()

  constructor(store: KeyValueStore) {
    this.#store = store
  }

  get name(): string {
    return this.#store.name
  }

  get size(): number {
    return this.#store.size
  }

  /** The values are where they will be. */
  get pendingBytes(): number {
    return 0
  }

  get(key: string): Uint8Array | undefined {
    return this.#store.get(key)
  }

  put(key: string, value: Uint8Array): void {
    this.#store.put(key, value)
    this.#written.add(key)
  }

  delete(key: string): void {
    this.#store.delete(key)
    this.#written.add(key)
  }

  range(from?: string, to?: string): Iterable<readonly [key: string, value: Uint8Array]> {
    return this.#store.range(from, to)
  }

  pending(): PendingWrites {
    return { size: this.#written.size, [Symbol.iterator]: () => this.#values() }
  }

  committed(): void {
    this.#written.clear()
  }

  close(): void {
    this.#store.close()
  }

  *#values(): Generator<readonly [key: string, value: Uint8Array | null]> {
    for (const key of this.#written.keys()) yield [key, this.#store.get(key) ?? null]
  }
}
