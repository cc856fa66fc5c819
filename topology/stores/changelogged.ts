import type { KeyValueStore, PendingStore } from './store.ts'

/** Wraps a store and remembers each key's last write until the commit, which sends them to the changelog. */
export class ChangeloggedStore implements PendingStore {
  readonly #store: KeyValueStore
  #pending = new Map<string, Uint8Array | null>()

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
    this.#pending.set(key, value)
  }

  delete(key: string): void {
    this.#store.delete(key)
    this.#pending.set(key, null)
  }

  range(from?: string, to?: string): Iterable<readonly [key: string, value: Uint8Array]> {
    return this.#store.range(from, to)
  }

  pending(): ReadonlyMap<string, Uint8Array | null> {
    return this.#pending
  }

  committed(): void {
    this.#pending = new Map()
  }

  close(): void {
    this.#store.close()
  }
}
