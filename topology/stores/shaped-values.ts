import type { Options, Packr } from 'msgpackr'
// Without the library's native part, which reads the texts of a value as pieces of one: a host's name would keep all its state in memory,
// and of values as small as these each takes half as long again to read.
import { Packr as PlainPackr, RESET_BUFFER_MODE } from 'msgpackr/pack'
import type { KeyValueStore } from './store.ts'

/** No key of an author's begins with a zero byte. */
const shapesKey = '\u0000shapes'
/** Objects of a shape beyond these carry the names of their fields themselves. */
const maxShapes = 1_000

/**
 * Plain data (objects, arrays, `Map`, `Set`, typed arrays, text, numbers, booleans, null) as the values of a store. The names of an
 * object's fields stand once for the whole store, under a key of their own that is written with the first value that needs it, and so
 * is committed and restored with it: small objects take a third to a half less, and are read without being compiled anew. A store
 * whose entries expire (`StoreSpec.keepMs`) must not be written through this: the shapes would expire too.
 *
 * One writer at a time. Another that has written the store meanwhile is not noticed.
 */
export class ShapedValues {
  readonly #store: KeyValueStore
  readonly #packr: Packr

  constructor(store: KeyValueStore) {
    this.#store = store
    this.#packr = packrOf({
      moreTypes: true,
      mapsAsObjects: false,
      maxSharedStructures: maxShapes,
      getStructures: () => {
        const bytes = store.get(shapesKey)
        return bytes === undefined ? [] : plain.unpack(bytes)
      },
      saveStructures: (shapes) => store.put(shapesKey, plain.pack([...shapes])),
    })
  }

  get(key: string): unknown {
    const bytes = this.#store.get(key)
    return bytes === undefined ? undefined : this.decode(bytes)
  }

  put(key: string, value: unknown): void {
    // In this order: what the value needs is written first. The packer's own bytes are good until its next call, which uses them again, and the
    // store copies them.
    const bytes = this.#packr.pack(value, RESET_BUFFER_MODE)
    this.#store.put(key, bytes)
  }

  delete(key: string): void {
    this.#store.delete(key)
  }

  *range(): Iterable<readonly [key: string, value: unknown]> {
    for (const [key, bytes] of this.#store.range()) if (key !== shapesKey) yield [key, this.decode(bytes)]
  }

  /** A value of this store. Throws at bytes that are none. */
  decode(bytes: Uint8Array): unknown {
    return this.#packr.unpack(bytes)
  }
}

const packrOf = (options: Options): Packr => new PlainPackr(options)

const plain = packrOf({ useRecords: false })
