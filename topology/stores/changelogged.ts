import type { KeyValueStore, PendingStore, PendingWrites } from './store.ts'

/**
 * Wraps a store and remembers which keys were written until the commit, which sends their values to the changelog. The values are read from the
 * store at that time, one after the other: kept beside it, they would be in memory twice.
 */
export class ChangeloggedStore implements PendingStore {
  readonly #store: KeyValueStore
  #written = new Set<string>()

  constructor(store: KeyValueStore) {
    this.#store = store
  }

  get name(): string {
    return this.#store.name
  }

  get size(): number {
    return this.#store.size
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
    const written = this.#written
    return { size: written.size, [Symbol.iterator]: () => this.#values(written) }
  }

  committed(): void {
    this.#written = new Set()
  }

  close(): void {
    this.#store.close()
  }

  *#values(keys: ReadonlySet<string>): Generator<readonly [key: string, value: Uint8Array | null]> {
    for (const key of keys) yield [key, this.#store.get(key) ?? null]
  }
}
