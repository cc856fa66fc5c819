import { ByteMap } from './byte-map.ts'
import { KeyIndex } from './key-index.ts'
import { compareKeys } from './key-order.ts'
import type { KeyValueStore } from './store.ts'

/** Fewer writes between two ranges than this never cost the order of keys. */
const minWrites = 1_000

/**
 * Values rest in blocks of bytes (`byte-map.ts`). The order of keys is kept from a range on, until as many keys have been written as there
 * are: a store that is ranged over once, at its start, does not pay for it for good.
 */
export class MemoryKeyValueStore implements KeyValueStore {
  readonly name: string
  readonly #values = new ByteMap()
  #index: KeyIndex | null = null
  #sinceRange = 0

  constructor(name: string) {
    this.name = name
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key) ?? undefined
  }

  put(key: string, value: Uint8Array): void {
    this.#values.set(key, value)
    if (this.#index === null) return
    this.#sinceRange += 1
    if (this.#sinceRange > minWrites && this.#sinceRange > this.#values.size) this.#index = null
    else this.#index.add(key)
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#index?.delete(key)
  }

  *range(from?: string, to?: string): Iterable<readonly [key: string, value: Uint8Array]> {
    this.#index ??= KeyIndex.fromSorted([...this.#values.keys()].sort(compareKeys))
    this.#sinceRange = 0
    for (const key of this.#index.range(from, to)) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  close(): void {
    this.#values.clear()
    this.#index = null
  }
}
