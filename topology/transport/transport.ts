/**
 * All that the rest of topology knows of Kafka: topics with partitions, groups that share them, and commits that happen
 * whole or not at all. A transport serves one process; an application's tasks are spread over the members of its group.
 */

export type Header = readonly [name: string, value: Uint8Array]

/** A record on its way in or out. Belongs to the transport from the moment it is handed over: nobody changes it. */
export type LogRecord = {
  readonly key: string
  /** Of a key that is no UTF-8, and only then, as it came: `key` has U+FFFD in the place of what is none. */
  readonly keyBytes?: Uint8Array
  /** `null` deletes the key where a topic is read as a table. Bytes, or an object by reference: see `Batch.encoded`. */
  readonly value: unknown
  /** Event time, epoch milliseconds. */
  readonly timestampMs: number
  /** The clock the record carries; `NaN` when its writer carried none. */
  readonly streamTimeMs: number
  readonly headers?: readonly Header[]
  /**
   * By the clock on the wall, when the input that it came of was sent, however many topics lie between; its own sending where it came
   * of nothing. Left out where that is not known.
   */
  readonly producedMs?: number
}

export type TopicSpec = {
  readonly name: string
  readonly partitions: number
  /** How values become bytes where bytes are needed; `null`: they are bytes already. */
  readonly encode: ((value: unknown) => Uint8Array) | null
  /**
   * `consumed`: gone once every group has committed past it. `all`: kept as long as the medium keeps things. `latest`: a
   * store's changelog, of which only the last write of each key matters; nobody subscribes to it.
   */
  readonly keep: 'all' | 'consumed' | 'latest'
  /** Of `latest`: an entry that was written longer ago than this and a day may be gone although nobody deleted it. */
  readonly keepMs?: number
}

/** Records in their order, perhaps made anew each time one is asked for: an array of them is one. */
export type RecordSequence = Iterable<LogRecord> & {
  readonly length: number
  at(index: number): LogRecord | undefined
  /** What they take in memory together, where that is known without looking at each. */
  readonly bytes?: number
}

/** Consecutive records of one partition. */
export type Batch = {
  readonly topic: string
  readonly partition: number
  readonly records: RecordSequence
  /** Whether values are bytes to be decoded (or `null`); else they are the objects that were sent. */
  readonly encoded: boolean
  readonly firstOffset: number
  /** Offset of each record; `null` when they follow `firstOffset` without gaps. */
  readonly offsets: readonly number[] | null
  /** Where reading goes on, past markers and gaps at the end of the batch. */
  readonly nextOffset: number
  /** Whether the partition was known, at the time of the fetch, to hold records beyond this batch. */
  readonly more: boolean
  /** Of the offsets up to `nextOffset`, how many had been deleted before they could be read; none when left out. */
  readonly skipped?: number
}

export type Fetched = {
  /**
   * The group's generation at the moment of the fetch: what is committed of these records names it, or a later one under which their
   * partition was still held.
   */
  readonly generation: number
  readonly batches: readonly Batch[]
  /** Nothing came, and yet something may be there: a question is under way, or a transaction is open that will be decided. */
  readonly pending: boolean
}

/** Topics whose partitions of one number go to one member together. */
export type Subscription = {
  readonly topics: readonly string[]
  readonly partitions: number
  /** Changelog names of what whoever has these partitions remembers; none where there is no state. */
  readonly stores?: readonly string[]
  /** How the bytes of these stores are to be read, as text: who says something else here has another topology. */
  readonly holding?: readonly string[]
}

/** Partition `partition` of every topic of subscription number `subscription`. */
export type Assignment = { readonly subscription: number; readonly partition: number }

/**
 * What a member keeps is fetched and committed all the while the group changes. Rejecting, or not answering within the time
 * that the transport allows, costs the member its place.
 */
export type MemberListener = {
  /**
   * These are to be given up: commit and close them now. Nobody else is given them before this has been answered. Not called when
   * nothing is lost.
   */
  revoking(lost: readonly Assignment[]): Promise<void>
  /**
   * The whole of what the member owns from now on, under this generation. Records of what is new come once this has been
   * answered, which should be soon: what takes long, like restoring, comes after it.
   */
  assigned(owned: readonly Assignment[], generation: number): Promise<void>
}

export type StoreChanges = {
  /** Changelog name of the store. */
  readonly store: string
  readonly partition: number
  /** The last write of each key, each key once; `null` deletes. May be read from where the values lie each time it is gone through. */
  readonly entries: Iterable<readonly [key: string, value: Uint8Array | null]> & { readonly size: number }
}

/** An output that its topic would refuse for its size. */
export type Oversized = {
  readonly topic: string
  readonly partition: number
  /** Its value in bytes, or `null`. */
  readonly record: LogRecord
  /** Most bytes of key, value, headers and what goes around them. */
  readonly limit: number
}

/** How far a partition has been processed. */
export type CommittedInput = {
  readonly topic: string
  readonly partition: number
  /** The next to be read. */
  readonly offset: number
  /** Kept beside the offset for whoever has the partition next: see `Member.noteOf`. At most 1,000 characters of ASCII. */
  readonly note?: string
}

/** Happens whole or not at all. */
export type CommitUnit = {
  /**
   * The one that was told with what was fetched, or a later one. Everything named here must have been held without a break since:
   * what was given up and came back begins anew.
   */
  readonly generation: number
  readonly inputs: readonly CommittedInput[]
  /** Placed by the murmur2 of their keys; per topic in this order. */
  readonly outputs: readonly { readonly topic: string; readonly records: readonly LogRecord[] }[]
  readonly changes: readonly StoreChanges[]
  /**
   * Gives what is sent in the place of an output that is too large, which may be asked about in its turn. Without it the unit is
   * refused with `TOPO_RECORD_TOO_LARGE`. A medium that takes everything never asks.
   */
  readonly oversized?: (of: Oversized) => { readonly topic: string; readonly record: LogRecord }
}

export type Member = {
  /**
   * What is there now, in each partition owned, from where the last fetch ended. `room` says how many records of a partition
   * are wanted; batches come whole, so there may be more. Nothing of a partition with no room. Rejects with
   * `TOPO_STALE_MEMBER` once the group has put the member out.
   */
  fetch(room: (topic: string, partition: number) => number): Promise<Fetched>
  /**
   * Resolves when there may be something to fetch, or when `signal` aborts. Partitions for which the last fetch found no room are
   * not waited for.
   */
  waitForRecords(signal: AbortSignal): Promise<void>
  /**
   * Of a partition it owns: the next offset to be fetched, and where it was known to end at the last look, open transactions
   * aside; `skipped`: records that were deleted before they could be read. `null` when that is not known.
   */
  progressOf(
    topic: string,
    partition: number,
  ): { readonly position: number; readonly end: number; readonly skipped: number } | null
  /** For how long the brokers have left it without answers; `null` while they answer, or where there are none. */
  readonly silentMs: number | null
  /** A topic that was there and is not any more, which keeps it waiting for some seconds already; `null` while there is none. */
  readonly gone: { readonly topic: string; readonly forMs: number } | null
  /** Of a partition it owns: where reading it begins after a restart, as of the last commit; `null` when that is not known. */
  committedOf(topic: string, partition: number): number | null
  /** Of a partition it owns: the note of its last commit, by whichever member; `null` where none was left. */
  noteOf(topic: string, partition: number): string | null
  /**
   * Rejects with `TOPO_STALE_MEMBER`, nothing having happened, when the member has lost its place, or something of the unit since the
   * unit's generation, or has held nothing at all since then: also a unit without inputs is some owner's.
   */
  commit(unit: CommitUnit): Promise<void>
  /** After a last `revoking` for all it owns. */
  leave(): Promise<void>
}

export type Producer = {
  /**
   * Resolves when the records are safe in the topic, in this order per key. Where the topic is in this process, waits first
   * while readers are too far behind. Not part of any commit.
   */
  send(topic: string, records: readonly LogRecord[]): Promise<void>
  /** One record into every partition, behind all that this producer has sent there. Resolves when it is safe in each. */
  sendToAll(topic: string, record: LogRecord): Promise<void>
}

/** Hears what is written to one partition of a changelog, whoever commits it. Belongs to no group. */
export type Follower = {
  /** What was heard since the last call, oldest first; at first all that the changelog holds. `null` deletes. */
  take(): readonly (readonly [string, Uint8Array | null])[]
  /** Resolves when everything committed before the call can be taken. */
  caughtUp(): Promise<void>
  /** Resolves when there is something to take, or when `signal` aborts. */
  news(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * How far a restore is: of the changelog's offsets that are to be read, `done` have been, and `entries` were found there. Called with 0
 * first.
 */
export type RestoreListener = (done: number, total: number, entries: number) => void

/** Committed contents of one store, read where they lie. */
export type CommittedValues = {
  /** Synchronous. The bytes are the caller's. */
  get(key: string): Uint8Array | undefined
  /** All keys in the order of their UTF-8 bytes, in portions. */
  keys(): AsyncIterable<readonly string[]>
}

export type Transport = {
  /** Whether what is committed outlives the process. */
  readonly durable: boolean
  /** Whether the values of a unit's outputs are to be bytes (or `null`), as `TopicSpec.encode` makes them; else they are the objects that are sent. */
  readonly encoded: boolean
  /** Creates what is absent; refuses with `TOPO_PARTITIONS_DIFFER` what exists otherwise. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>
  partitionsOf(topic: string): number
  producer(): Producer
  /**
   * Resolves after the first `assigned`. A group starts at the beginning of each topic it has no offset for. Rejects with
   * `TOPO_GROUP_DIFFERS` where others subscribe to something else, and with `TOPO_STATE_FOREIGN` where the disk holds stores that are
   * in no subscription. Where it takes time, it rejects once `signal` aborts, the place having been given up.
   */
  join(
    group: string,
    subscriptions: readonly Subscription[],
    listener: MemberListener,
    signal?: AbortSignal,
  ): Promise<Member>
  /** Next offset of a group in a partition, 0 at first. For reports and tests. */
  committed(group: string, topic: string, partition: number): Promise<number>
  /**
   * What a store held at the last commit, in portions: what a new owner starts from. A key may come more than once, and `null`
   * deletes it: the last word counts. Once `signal` aborts it ends early, wherever it is.
   */
  changelog(
    store: string,
    partition: number,
    listener?: RestoreListener,
    signal?: AbortSignal,
  ): AsyncIterable<readonly (readonly [string, Uint8Array | null])[]>
  /**
   * The same read where it lies on this process's disk, brought up to date first; `null` where there is no such copy. Commits of
   * this process change it. Once `signal` aborts it may not be up to date.
   */
  committedValues(
    store: string,
    partition: number,
    listener?: RestoreListener,
    signal?: AbortSignal,
  ): Promise<CommittedValues | null>
  /** The same and then, commit by commit, what is written after it. The store's topic must have been ensured. */
  follow(store: string, partition: number): Promise<Follower>
  /**
   * The plan's text under which an application last ran; `null` at first. Rejects with `TOPO_STATE_FOREIGN` where this process's
   * disk holds the state of another one.
   */
  readPlan(application: string): Promise<string | null>
  /** After `ensureTopics`. By members of the application's group only: whoever that refuses must not say what it runs. */
  writePlan(application: string, text: string): Promise<void>
  close(): Promise<void>
}
