import { ByteMap } from './byte-map.ts'
import { KeysInOrder } from './keys-in-order.ts'
import type { KeyValueStore } from './store.ts'

/** Keys and values rest as bytes (`byte-map.ts`). */
export class MemoryKeyValueStore implements KeyValueStore {
  readonly name: string
  readonly #values = new ByteMap()
  readonly #order = new KeysInOrder(() => this.#values.keys())

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
    this.#order.wrote(key, this.#values.size)
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#order.deleted(key)
  }

  *range(from?: string, to?: string): Iterable<readonly [key: string, value: Uint8Array]> {
    for (const key of this.#order.range(from, to)) {
      const value = this.get(key)
      if (value !== undefined) yield [key, value]
    }
  }

  close(): void {
    this.#values.clear()
    this.#order.forget()
  }
}
