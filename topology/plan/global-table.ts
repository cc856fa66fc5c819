/** What a topic of one partition says of each key, known whole to every process of the application, whatever its tasks are. */
export type GlobalTable = {
  /** Written by anyone, compacted; it is read and never written by the application. */
  readonly topic: string
  /** Nothing that was heard counts any more: the topic is read again from its beginning. */
  clear(): void
  /**
   * In the order of the topic; `null` deletes. Called before the first record is processed with all that the topic holds, in
   * portions, and later between two records: whatever is processed after the call finds it taken in. What cannot be
   * understood is the author's to count. Throwing stops the application.
   */
  hear(entries: readonly (readonly [key: string, value: Uint8Array | null])[]): void | Promise<void>
}
