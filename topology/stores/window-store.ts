import type { KeyValueStore, WindowStore } from './store.ts'
import { keyOfTimeKey, timeFromEnd, timeKey, timePrefix, timeText } from './time-key.ts'

/** Windows in a key-value store, those of a key side by side and by start. Starts are whole milliseconds. */
export class KeyValueWindowStore implements WindowStore {
  readonly #store: KeyValueStore

  constructor(store: KeyValueStore) {
    this.#store = store
  }

  get(key: string, startMs: number): Uint8Array | undefined {
    return this.#store.get(timeKey(key, startMs))
  }

  put(key: string, startMs: number, value: Uint8Array): void {
    this.#store.put(timeKey(key, startMs), value)
  }

  delete(key: string, startMs: number): void {
    this.#store.delete(timeKey(key, startMs))
  }

  *fetch(key: string, fromMs: number, toMs: number): Iterable<readonly [startMs: number, value: Uint8Array]> {
    if (this.#store.size === 0) return
    const prefix = timePrefix(key)
    for (const [storeKey, value] of this.#store.range(prefix + timeText(fromMs), prefix + timeText(toMs))) {
      yield [timeFromEnd(storeKey, 0), value]
    }
  }

  /** Every window of every key. */
  *all(): Iterable<{ readonly key: string; readonly startMs: number }> {
    for (const [storeKey] of this.#store.range()) {
      yield { key: keyOfTimeKey(storeKey, 1), startMs: timeFromEnd(storeKey, 0) }
    }
  }
}
