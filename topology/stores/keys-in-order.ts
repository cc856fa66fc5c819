import { KeyIndex } from './key-index.ts'
import { compareKeys } from './key-order.ts'

/** Fewer writes between two ranges than this never cost the order of keys. */
const minWrites = 1_000

/**
 * The order of a store's keys: kept from a range on, until as many keys have been written as there are. A store that is ranged over once, at
 * its start, does not pay for it for good.
 */
export class KeysInOrder {
  readonly #keys: () => Iterable<string>
  #index: KeyIndex | null = null
  #sinceRange = 0

  /** `keys` gives all there are, in any order, each once. */
  constructor(keys: () => Iterable<string>) {
    this.#keys = keys
  }

  /** The key is one of them now, or was already; `size` of them there are. */
  wrote(key: string, size: number): void {
    if (this.#index === null) return
    this.#sinceRange += 1
    if (this.#sinceRange > minWrites && this.#sinceRange > size) this.#index = null
    else this.#index.add(key)
  }

  deleted(key: string): void {
    this.#index?.delete(key)
  }

  /** Half-open. A copy: keys may change while it is read. */
  range(from?: string, to?: string): string[] {
    this.#index ??= KeyIndex.fromSorted([...this.#keys()].sort(compareKeys))
    this.#sinceRange = 0
    return this.#index.range(from, to)
  }

  forget(): void {
    this.#index = null
  }
}
