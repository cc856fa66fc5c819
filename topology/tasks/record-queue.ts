import type { StreamRecord } from '../operators/operator.ts'
import type { SourceNode } from '../plan/graph.ts'
import type { Batch, LogRecord } from '../transport/transport.ts'
import type { DeadLetter, DeadLetterCode } from './dead-letter.ts'

/** A judgement: a hundred times the greatest record a sensor writes, and no more than a broker takes by default. */
const maxValueBytes = 1_048_576

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
    this.#portions.push({ records, batch })
    this.#size += records.length
    this.#skip()
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

  /** Sets aside a copy of the record that `peek` shows, which stays: somebody failed at it. */
  copyHead(by: string, reason: string): void {
    const batch = this.#portions[this.#portion]?.batch
    const record = batch?.records[this.#at]
    if (batch === undefined || record === undefined) return
    const { topic, partition } = batch
    const isRaw = record.value === null || record.value instanceof Uint8Array
    const raw = isRaw ? record : { ...record, value: this.source.topic.codec.encode(record.value) }
    this.#onDeadLetter({
      topic,
      partition,
      offset: this.headOffset,
      code: 'FAILED',
      reason,
      by,
      record: raw,
    })
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
      if (record === undefined || Number.isNaN(record.streamTimeMs)) return false
      if (record.value === null && !table) return false
    }
    return true
  }

  #convert(batch: Batch, record: LogRecord, at: number): StreamRecord<unknown> | null {
    const { key, timestampMs } = record
    if (timestampMs > this.#partitionTimeMs) this.#partitionTimeMs = timestampMs
    if (record.value === null && !this.source.table) {
      this.deletions += 1
      return null
    }
    let value: unknown = record.value
    let streamTimeMs = Number.isNaN(record.streamTimeMs) ? this.#partitionTimeMs : record.streamTimeMs
    let code: DeadLetterCode = 'UNDECODABLE'
    try {
      if (batch.encoded && value !== null) {
        if (!(value instanceof Uint8Array)) throw new TypeError('the value is neither bytes nor null')
        if (value.length > maxValueBytes) {
          code = 'TOO_LARGE'
          throw new RangeError(`the value has ${value.length} bytes, and ${maxValueBytes} are the most`)
        }
        value = this.source.topic.codec.decode(value)
      }
      if (this.source.streamTime !== null && value !== null) streamTimeMs = this.source.streamTime.of(value)
      if (Number.isNaN(streamTimeMs)) throw new RangeError('the value carries no stream time')
    } catch (error) {
      const { topic, partition } = batch
      const reason = error instanceof Error ? error.message : String(error)
      this.#onDeadLetter({ topic, partition, offset: offsetAt(batch, at), code, reason, by: null, record })
      return null
    }
    return { key, value, timestampMs, streamTimeMs }
  }
}

function offsetAt(batch: Batch, at: number): number {
  return batch.offsets === null ? batch.firstOffset + at : (batch.offsets[at] ?? batch.nextOffset)
}
