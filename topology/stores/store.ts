/**
 * What an operator knows of its memory. All calls are synchronous; writes are applied at once for the reader in the same task
 * and become durable with the task's next commit, together with its input offsets.
 */
export type KeyValueStore = {
  readonly name: string
  /** The bytes may be the store's: copy before changing them. */
  get(key: string): Uint8Array | undefined
  /** The bytes are copied: the caller may use their room again. */
  put(key: string, value: Uint8Array): void
  delete(key: string): void
  /** Half-open, in the order of the keys' UTF-8 bytes; both bounds optional. Sees uncommitted writes. */
  range(from?: string, to?: string): Iterable<readonly [key: string, value: Uint8Array]>
  /** Approximate number of entries, for metrics. */
  readonly size: number
  close(): void
}

/** `[startMs, startMs + size)` of a key. Built on a key-value store: `window-store.ts`. */
export type WindowStore = {
  get(key: string, startMs: number): Uint8Array | undefined
  put(key: string, startMs: number, value: Uint8Array): void
  delete(key: string, startMs: number): void
  /** Windows of one key with `fromMs <= start < toMs`, by start. */
  fetch(key: string, fromMs: number, toMs: number): Iterable<readonly [startMs: number, value: Uint8Array]>
}

/** Sessions of a key, `[startMs, endMs]`, never overlapping after a merge. Built on a key-value store: `session-store.ts`. */
export type SessionStore = {
  /** Sessions of the key that end at or after `fromMs` and start at or before `toMs`. */
  find(
    key: string,
    fromMs: number,
    toMs: number,
  ): Iterable<{ readonly startMs: number; readonly endMs: number; readonly value: Uint8Array }>
  put(key: string, startMs: number, endMs: number, value: Uint8Array): void
  delete(key: string, startMs: number, endMs: number): void
}

export type PendingWrites = Iterable<readonly [key: string, value: Uint8Array | null]> & {
  readonly size: number
}

/** A store whose writes since the last commit can be asked for: what the commit makes durable. */
export type PendingStore = KeyValueStore & {
  /** What pending writes take in memory beyond what committed ones would. */
  readonly pendingBytes: number
  /** The last write of each key; `null` deletes. Valid until the next write, or `committed`. */
  pending(): PendingWrites
  /** The pending writes are durable now. */
  committed(): void
}
