import type { CommittedInput, CommittedValues, LogRecord, StoreChanges, TopicSpec } from '../transport.ts'

export type StoredOffset = CommittedInput & { readonly group: string }

/** Everything one call to `write` makes durable, whole or not at all. */
export type JournalEntry = {
  readonly appended: readonly {
    readonly topic: string
    readonly partition: number
    readonly firstOffset: number
    /** Values already encoded. */
    readonly records: readonly LogRecord[]
  }[]
  readonly offsets: readonly StoredOffset[]
  readonly changes: readonly StoreChanges[]
}

/** The durable half of the embedded transport; absent from the one in memory. */
export type Journal = {
  /** Topics whose records are never written: their producer sends the same sequence again at the next start. */
  readonly replayed: ReadonlySet<string>
  /** Creates the topic or checks it; gives the next offset of each partition. */
  openTopic(spec: TopicSpec): Promise<number[]>
  readOffsets(): Promise<StoredOffset[]>
  write(entry: JournalEntry): Promise<void>
  /** Up to `limit` records from `offset` on. */
  read(topic: string, partition: number, offset: number, limit: number): Promise<LogRecord[]>
  /** Forgets records below `offset`. */
  purge(topic: string, partition: number, offset: number): Promise<void>
  changelog(store: string, partition: number): AsyncIterable<readonly (readonly [string, Uint8Array])[]>
  committedValues(store: string, partition: number): CommittedValues
  readText(name: string): Promise<string | null>
  writeText(name: string, text: string): Promise<void>
  close(): Promise<void>
}
