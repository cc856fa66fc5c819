import type { StreamRecord } from '../operators/operator.ts'
import type { SourceNode } from '../plan/graph.ts'
import type { Batch, LogRecord } from '../transport/transport.ts'
import { decodeInputMark } from './input-mark.ts'

/** A record that could not be understood: with all that is needed to find it and to send it again. */
export type DeadLetter = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly reason: string
  readonly record: LogRecord
}

type Portion = {
  /** `null` where a record was set aside. */
  readonly records: readonly (StreamRecord<unknown> | null)[]
  readonly batch: Batch
}

/** Fetched records of one partition, decoded, in their order. */
export class RecordQueue {
  readonly source: SourceNode
  readonly partition: number
  /** Whether the partition is known to hold records that have not been fetched. */
  more = false
  /** Stream time of the last record appended. */
  lastStreamTimeMs = Number.NEGATIVE_INFINITY
  /** Deletions in a topic that is not read as a table: nothing to process. */
  deletions = 0
  /** Writers that have begun here and not ended. */
  readonly open = new Set<string>()
  /** Whether an end is the last thing appended. */
  ended = false
  readonly #onDeadLetter: (letter: DeadLetter) => void
  #portions: Portion[] = []
  #portion = 0
  #at = 0
  #size = 0
  #position: number | null = null
  #partitionTimeMs = Number.NEGATIVE_INFINITY

  constructor(source: SourceNode, partition: number, onDeadLetter: (letter: DeadLetter) => void) {
    this.source = source
    this.partition = partition
    this.#onDeadLetter = onDeadLetter
  }

  /** Records not yet taken, those set aside included. */
  get size(): number {
    return this.#size
  }

  /** The next offset to read after a restart; `null` before anything was taken. */
  get position(): number | null {
    return this.#position
  }

  append(batch: Batch): void {
    this.more = batch.more
    const records: readonly (StreamRecord<unknown> | null)[] = this.#isPlain(batch.records, batch.encoded)
      ? batch.records
      : batch.records.map((record, at) => this.#convert(batch, record, at))
    for (let i = records.length - 1; i >= 0; i -= 1) {
      const record = records[i]
      if (record === null || record === undefined) continue
      this.lastStreamTimeMs = Math.max(this.lastStreamTimeMs, record.streamTimeMs)
      break
    }
    if (records === batch.records && records.length > 0) this.ended = false
    this.#portions.push({ records, batch })
    this.#size += records.length
    this.#skip()
  }

  /** Whether all that its writers have for it was taken; see `input-mark.ts`. */
  get isOver(): boolean {
    return this.ended && this.open.size === 0 && this.#size === 0 && !this.more
  }

  /** Stream time of the next record, or at least that when it is not here yet; infinite when none is known to wait. */
  get nextMs(): number {
    const next = this.peek()
    if (next !== null) return next.streamTimeMs
    return this.more ? this.lastStreamTimeMs : Number.POSITIVE_INFINITY
  }

  /** The next record, which stays until `take`. */
  peek(): StreamRecord<unknown> | null {
    return this.#portions[this.#portion]?.records[this.#at] ?? null
  }

  take(): void {
    this.#at += 1
    this.#size -= 1
    this.#skip()
  }

  /** Where the record that `peek` shows lies. */
  get headOffset(): number {
    const batch = this.#portions[this.#portion]?.batch
    return batch === undefined ? (this.#position ?? 0) : offsetAt(batch, this.#at)
  }

  #skip(): void {
    for (;;) {
      const portion = this.#portions[this.#portion]
      if (portion === undefined) break
      const { records, batch } = portion
      while (this.#at < records.length && records[this.#at] === null) {
        this.#at += 1
        this.#size -= 1
      }
      if (this.#at < records.length) {
        this.#position = offsetAt(batch, this.#at)
        return
      }
      this.#position = batch.nextOffset
      this.#portion += 1
      this.#at = 0
    }
    this.#portions = []
    this.#portion = 0
  }

  /** Whether the records can be processed as the very objects they are. */
  #isPlain(records: readonly LogRecord[], encoded: boolean): boolean {
    if (encoded || this.source.streamTime !== null) return false
    const { table } = this.source
    for (let i = 0; i < records.length; i += 1) {
      const record = records[i]
      if (record === undefined || record.headers !== undefined) return false
      if (Number.isNaN(record.streamTimeMs)) return false
      if (record.value === null && !table) return false
    }
    return true
  }

  #convert(batch: Batch, record: LogRecord, at: number): StreamRecord<unknown> | null {
    const mark = decodeInputMark(record)
    if (mark !== null) {
      if (mark.says === 'begin') this.open.add(mark.writer)
      else this.open.delete(mark.writer)
      this.ended = mark.says === 'end'
      return null
    }
    this.ended = false
    const { key, timestampMs } = record
    if (timestampMs > this.#partitionTimeMs) this.#partitionTimeMs = timestampMs
    if (record.value === null && !this.source.table) {
      this.deletions += 1
      return null
    }
    let value: unknown = record.value
    let streamTimeMs = Number.isNaN(record.streamTimeMs) ? this.#partitionTimeMs : record.streamTimeMs
    try {
      if (batch.encoded && value !== null) {
        if (!(value instanceof Uint8Array)) throw new TypeError('the value is neither bytes nor null')
        value = this.source.topic.codec.decode(value)
      }
      if (this.source.streamTime !== null && value !== null) streamTimeMs = this.source.streamTime.of(value)
      if (Number.isNaN(streamTimeMs)) throw new RangeError('the value carries no stream time')
    } catch (error) {
      const { topic, partition } = batch
      const reason = error instanceof Error ? error.message : String(error)
      this.#onDeadLetter({ topic, partition, offset: offsetAt(batch, at), reason, record })
      return null
    }
    return { key, value, timestampMs, streamTimeMs }
  }
}

function offsetAt(batch: Batch, at: number): number {
  return batch.offsets === null ? batch.firstOffset + at : (batch.offsets[at] ?? batch.nextOffset)
}
