import { topologyError } from '../../errors.ts'
import { afterPrefix, entryKey, levelValues, storePrefix } from '../level/level-values.ts'
import { type Level, type LevelOperation, openLevel, writeFailure } from '../level/open-level.ts'
import type { CommittedValues, LogRecord, TopicSpec } from '../transport.ts'
import type { Journal, JournalEntry, StoredOffset } from './journal.ts'
import {
  countRecords,
  decodeRecords,
  encodeRecords,
  offsetKey,
  parseOffsetKey,
  parseRecordOffset,
  recordKey,
  recordPrefix,
  textKey,
  topicKey,
} from './journal-format.ts'

const portionSize = 1_000
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * Topics, offsets and stores in one LevelDB directory, one write batch for each entry. A batch survives the end of the
 * process however it comes; it is not forced to the platter, so a power cut may take the last ones, whole.
 */
export class LevelJournal implements Journal {
  readonly replayed: ReadonlySet<string>
  readonly #directory: string
  readonly #db: Level

  private constructor(directory: string, db: Level, replayed: ReadonlySet<string>) {
    this.#directory = directory
    this.#db = db
    this.replayed = replayed
  }

  /** See `openLevel` for what can be refused. */
  static async open(directory: string, replayed: readonly string[]): Promise<LevelJournal> {
    return new LevelJournal(directory, await openLevel(directory), new Set(replayed))
  }

  async openTopic(spec: TopicSpec): Promise<number[]> {
    const stored = this.#db.getSync(topicKey(spec.name))
    if (stored === undefined) {
      await this.#db.put(topicKey(spec.name), encoder.encode(String(spec.partitions)))
      return new Array<number>(spec.partitions).fill(0)
    }
    const actual = Number(decoder.decode(stored))
    if (actual !== spec.partitions) {
      throw topologyError.PARTITIONS_DIFFER({ topic: spec.name, actual, wanted: spec.partitions })
    }
    const ends: number[] = []
    for (let partition = 0; partition < actual; partition += 1) {
      const prefix = recordPrefix(spec.name, partition)
      const last = this.#db.iterator({ gte: prefix, lt: afterPrefix(prefix), reverse: true, limit: 1 })
      const [entry] = await last.all()
      ends.push(entry === undefined ? 0 : parseRecordOffset(entry[0]) + countRecords(entry[1]))
    }
    return ends
  }

  async readOffsets(): Promise<StoredOffset[]> {
    const offsets: StoredOffset[] = []
    for await (const [key, value] of this.#db.iterator({ gte: Buffer.from('o'), lt: Buffer.from('p') })) {
      const [offset = '', ...note] = decoder.decode(value).split(' ')
      offsets.push({ ...parseOffsetKey(key), offset: Number(offset), note: note.join(' ') })
    }
    return offsets
  }

  async write(entry: JournalEntry): Promise<void> {
    const operations: LevelOperation[] = []
    for (const { topic, partition, firstOffset, records } of entry.appended) {
      const prefix = recordPrefix(topic, partition)
      for (let at = 0; at < records.length; at += portionSize) {
        const portion = records.slice(at, at + portionSize)
        const key = recordKey(prefix, firstOffset + at)
        operations.push({ type: 'put', key, value: encodeRecords(portion) })
      }
    }
    for (const { group, topic, partition, offset, note = '' } of entry.offsets) {
      const value = encoder.encode(note === '' ? String(offset) : `${offset} ${note}`)
      operations.push({ type: 'put', key: offsetKey(group, topic, partition), value })
    }
    for (const { store, partition, entries } of entry.changes) {
      const prefix = storePrefix(store, partition)
      for (const [name, value] of entries) {
        const key = entryKey(prefix, name)
        operations.push(value === null ? { type: 'del', key } : { type: 'put', key, value })
      }
    }
    try {
      await this.#db.batch(operations)
    } catch (error) {
      throw writeFailure(this.#directory, error)
    }
  }

  async read(topic: string, partition: number, offset: number, limit: number): Promise<LogRecord[]> {
    const prefix = recordPrefix(topic, partition)
    const from = (await this.#entryOf(prefix, offset)) ?? recordKey(prefix, offset)
    const records: LogRecord[] = []
    for await (const [key, value] of this.#db.iterator({ gte: from, lt: afterPrefix(prefix) })) {
      const before = Math.max(0, offset - parseRecordOffset(key))
      for (const record of decodeRecords(value).slice(before)) records.push(record)
      if (records.length >= limit) break
    }
    return records.slice(0, limit)
  }

  async purge(topic: string, partition: number, offset: number): Promise<void> {
    const prefix = recordPrefix(topic, partition)
    // The entry that holds `offset` stays: it also says, after a restart, where the partition ends.
    const to = await this.#entryOf(prefix, offset)
    if (to !== null) await this.#db.clear({ gte: prefix, lt: to })
  }

  /** Key of the last entry that begins at or before `offset`. */
  async #entryOf(prefix: Uint8Array, offset: number): Promise<Uint8Array | null> {
    const found = this.#db.keys({ gte: prefix, lte: recordKey(prefix, offset), reverse: true, limit: 1 })
    const [key] = await found.all()
    return key ?? null
  }

  async *changelog(
    store: string,
    partition: number,
  ): AsyncIterable<readonly (readonly [string, Uint8Array])[]> {
    const prefix = storePrefix(store, partition)
    const entries = this.#db.iterator({ gte: prefix, lt: afterPrefix(prefix) })
    try {
      for (;;) {
        const portion = await entries.nextv(portionSize)
        if (portion.length === 0) return
        yield portion.map(([key, value]) => [decoder.decode(key.subarray(prefix.length)), value] as const)
      }
    } finally {
      await entries.close()
    }
  }

  committedValues(store: string, partition: number): CommittedValues {
    return levelValues(this.#db, store, partition)
  }

  async readText(name: string): Promise<string | null> {
    const stored = this.#db.getSync(textKey(name))
    return stored === undefined ? null : decoder.decode(stored)
  }

  async writeText(name: string, text: string): Promise<void> {
    await this.#db.put(textKey(name), encoder.encode(text))
  }

  close(): Promise<void> {
    return this.#db.close()
  }
}
