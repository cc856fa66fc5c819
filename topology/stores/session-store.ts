import type { KeyValueStore, SessionStore } from './store.ts'
import { keyOfTimeKey, timeFromEnd, timeKey, timePrefix, timeText } from './time-key.ts'

/** Sessions in a key-value store, those of a key side by side and by end. Starts and ends are whole milliseconds. */
export class KeyValueSessionStore implements SessionStore {
  readonly #store: KeyValueStore

  constructor(store: KeyValueStore) {
    this.#store = store
  }

  *find(
    key: string,
    fromMs: number,
    toMs: number,
  ): Iterable<{ readonly startMs: number; readonly endMs: number; readonly value: Uint8Array }> {
    if (this.#store.size === 0) return
    const prefix = timePrefix(key)
    // Sessions of a key do not overlap: by end is also by start.
    for (const [storeKey, value] of this.#store.range(
      prefix + timeText(fromMs),
      prefix + timeText(Number.POSITIVE_INFINITY),
    )) {
      const startMs = timeFromEnd(storeKey, 0)
      if (startMs > toMs) return
      yield { startMs, endMs: timeFromEnd(storeKey, 1), value }
    }
  }

  put(key: string, startMs: number, endMs: number, value: Uint8Array): void {
    this.#store.put(timeKey(key, endMs, startMs), value)
  }

  delete(key: string, startMs: number, endMs: number): void {
    this.#store.delete(timeKey(key, endMs, startMs))
  }

  /** Every session of every key. */
  *all(): Iterable<{ readonly key: string; readonly startMs: number; readonly endMs: number }> {
    for (const [storeKey] of this.#store.range()) {
      const key = keyOfTimeKey(storeKey, 2)
      yield { key, startMs: timeFromEnd(storeKey, 0), endMs: timeFromEnd(storeKey, 1) }
    }
  }
}
