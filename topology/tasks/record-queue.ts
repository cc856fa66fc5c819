import type { StreamRecord } from '../operators/operator.ts'
import type { SourceNode } from '../plan/graph.ts'
import type { Batch, LogRecord, RecordSequence } from '../transport/transport.ts'
import type { DeadLetter, DeadLetterCode } from './dead-letter.ts'
import { decodeInputMark } from './input-mark.ts'
import { noteMark } from './input-marks.ts'

/** A judgement: a hundred times the greatest record a sensor writes, and no more than a broker takes by default. */
const maxValueBytes = 1_048_576

/**
 * Fetched records of one partition, in their order. A record is decoded when it comes to the head: decoded ones are many times
 * their bytes, and what lives for one turn only costs the collector nothing.
 */
export class RecordQueue {
  readonly source: SourceNode
  readonly partition: number
  /** Whether the partition is known to hold records that have not been fetched. */
  more = false
  /** Whether it was passed over at the last fetch for want of room: then it is not known what else the partition holds. */
  full = false
  /** Stream time of the last record appended. */
  lastStreamTimeMs = Number.NEGATIVE_INFINITY
  /** The greatest stream time of what was taken, and of the silence its task was told of since. */
  reachedMs = Number.NEGATIVE_INFINITY
  /** Records appended; of those, `taken`, `setAside` as dead letters, `deletions`, `marks` and `size` are the parts. */
  read = 0
  taken = 0
  setAside = 0
  /** Why the first of these was; `null` while there is none. */
  setAsideBecause: string | null = null
  /** Deletions in a topic that is not read as a table: nothing to process. */
  deletions = 0
  /** What writers say of their input: see `input-mark.ts`. */
  marks = 0
  /** Offsets that had been deleted before they could be read, as of the position; not among `read`. */
  skipped = 0
  /** Writers that have begun here and not ended, as of the head. */
  readonly open = new Set<string>()
  /** Whether an end is the last thing before the head. */
  ended = false
  /** By writer, when the last begin and the last end before the head were said: the same in every partition of the topic. */
  readonly begins = new Map<string, number>()
  readonly ends = new Map<string, number>()
  readonly #onDeadLetter: (letter: DeadLetter) => void
  readonly #batches: Batch[] = []
  /** Of each of these batches, the bytes that it takes. */
  readonly #batchBytes: number[] = []
  #bytes = 0
  #at = 0
  #head: StreamRecord<unknown> | null = null
  /** As it came. */
  #headRecord: LogRecord | null = null
  #size = 0
  #position: number | null = null
  /** Greatest event time of what was appended, and of what came to the head. */
  #appendedTimeMs = Number.NEGATIVE_INFINITY
  #partitionTimeMs = Number.NEGATIVE_INFINITY

  constructor(source: SourceNode, partition: number, onDeadLetter: (letter: DeadLetter) => void) {
    this.source = source
    this.partition = partition
    this.#onDeadLetter = onDeadLetter
  }

  /** Records not yet taken. */
  get size(): number {
    return this.#size
  }

  /**
   * Of every batch of which something has not been taken: its records share memory, which goes as a whole. None of what is there by
   * reference.
   */
  get bytes(): number {
    return this.#bytes
  }

  /** The next offset to read after a restart; `null` before anything was taken. */
  get position(): number | null {
    return this.#position
  }

  append(batch: Batch): void {
    this.more = batch.more
    const { records } = batch
    const bytes = batch.encoded ? (records.bytes ?? valueBytes(records)) : 0
    if (this.source.streamTime === null || this.source.table) {
      for (const record of records) {
        // The time of a mark is that of the wall.
        const isLater = Number.isFinite(record.timestampMs) && record.timestampMs > this.#appendedTimeMs
        if (isLater && decodeInputMark(record) === null) this.#appendedTimeMs = record.timestampMs
      }
    }
    for (let at = records.length - 1; at >= 0; at -= 1) {
      const lastMs = this.#streamTimeOf(batch, at)
      if (!Number.isFinite(lastMs)) continue
      if (lastMs > this.lastStreamTimeMs) this.lastStreamTimeMs = lastMs
      break
    }
    this.#batches.push(batch)
    this.#batchBytes.push(bytes)
    this.#bytes += bytes
    this.#size += records.length
    this.read += records.length
    if (this.#head === null) this.#skip()
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
    return this.#head
  }

  take(): void {
    if (this.#head !== null && this.#head.streamTimeMs > this.reachedMs)
      this.reachedMs = this.#head.streamTimeMs
    this.#at += 1
    this.#size -= 1
    this.taken += 1
    this.#skip()
  }

  /** Where the record that `peek` shows lies. */
  get headOffset(): number {
    const batch = this.#batches[0]
    return batch === undefined ? (this.#position ?? 0) : offsetAt(batch, this.#at)
  }

  /** See `LogRecord.producedMs`, of the record that `peek` shows. */
  get headProducedMs(): number | undefined {
    return this.#headRecord?.producedMs
  }

  /** Sets aside a copy of the record that `peek` shows, which stays: somebody in the step failed at it. */
  copyHead(step: string, by: string, reason: string): void {
    const batch = this.#batches[0]
    const record = this.#headRecord
    if (batch === undefined || record === null) return
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
      step,
      record: raw,
    })
  }

  /** To the next record that can be processed; what is set aside on the way is behind the position. */
  #skip(): void {
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      for (const { records } = batch; this.#at < records.length; this.#at += 1) {
        const record = records.at(this.#at)
        const head = record === undefined ? null : this.#convert(batch, record, this.#at)
        if (record !== undefined && head !== null) {
          this.#head = head
          this.#headRecord = record
          this.#position = offsetAt(batch, this.#at)
          return
        }
        this.#size -= 1
      }
      this.#position = batch.nextOffset
      this.skipped += batch.skipped ?? 0
      this.#at = 0
      // At once: a queue may never be empty as long as there is a backlog.
      this.#batches.shift()
      this.#bytes -= this.#batchBytes.shift() ?? 0
    }
    this.#head = null
    this.#headRecord = null
  }

  /** `NaN` for what will be set aside; not for every such record, which does no harm. */
  #streamTimeOf(batch: Batch, at: number): number {
    const record = batch.records.at(at)
    if (record === undefined) return Number.NaN
    if (record.value === null && (!this.source.table || decodeInputMark(record) !== null)) return Number.NaN
    if (this.source.streamTime !== null && record.value !== null) {
      try {
        return this.source.streamTime.of(this.#decode(batch, record.value))
      } catch {
        return Number.NaN
      }
    }
    return Number.isNaN(record.streamTimeMs) ? this.#appendedTimeMs : record.streamTimeMs
  }

  #decode(batch: Batch, value: unknown): unknown {
    if (!batch.encoded) return value
    if (!(value instanceof Uint8Array)) throw new TypeError('the value is neither bytes nor null')
    return this.source.topic.codec.decode(value)
  }

  #convert(batch: Batch, record: LogRecord, at: number): StreamRecord<unknown> | null {
    const mark = decodeInputMark(record)
    if (mark !== null) {
      this.marks += 1
      if (mark.says === 'begin') this.open.add(mark.writer)
      else this.open.delete(mark.writer)
      this.ended = mark.says === 'end'
      noteMark(this.ended ? this.ends : this.begins, mark.writer, record.timestampMs)
      return null
    }
    this.ended = false
    const { key, timestampMs } = record
    if (Number.isFinite(timestampMs) && timestampMs > this.#partitionTimeMs)
      this.#partitionTimeMs = timestampMs
    if (record.value === null && !this.source.table) {
      this.deletions += 1
      return null
    }
    const { streamTime } = this.source
    // Processed as the very object it is.
    const isTimed = Number.isFinite(record.streamTimeMs) && Number.isFinite(timestampMs)
    if (!batch.encoded && streamTime === null && isTimed) return record
    let streamTimeMs = Number.isNaN(record.streamTimeMs) ? this.#partitionTimeMs : record.streamTimeMs
    let code: DeadLetterCode = 'UNDECODABLE'
    let value: unknown = null
    try {
      if (record.value !== null) {
        if (batch.encoded && record.value instanceof Uint8Array && record.value.length > maxValueBytes) {
          code = 'TOO_LARGE'
          throw new RangeError(
            `the value has ${record.value.length} bytes, and ${maxValueBytes} are the most`,
          )
        }
        value = this.#decode(batch, record.value)
        if (streamTime !== null) streamTimeMs = streamTime.of(value)
      }
      if (Number.isNaN(streamTimeMs)) throw new RangeError('the value carries no stream time')
      // At the end of time the clock would stand for good, and with it the partition.
      if (!Number.isFinite(streamTimeMs)) throw new RangeError(`${streamTimeMs} is no stream time`)
      if (!Number.isFinite(timestampMs)) throw new RangeError(`${timestampMs} is no event time`)
    } catch (error) {
      this.setAside += 1
      const { topic, partition } = batch
      const reason = error instanceof Error ? error.message : String(error)
      this.setAsideBecause ??= reason
      this.#onDeadLetter({
        topic,
        partition,
        offset: offsetAt(batch, at),
        code,
        reason,
        by: null,
        step: null,
        record,
      })
      return null
    }
    return { key, value, timestampMs, streamTimeMs }
  }
}

function valueBytes(records: RecordSequence): number {
  let bytes = 0
  for (const { value } of records) if (value instanceof Uint8Array) bytes += value.length
  return bytes
}

function offsetAt(batch: Batch, at: number): number {
  return batch.offsets === null ? batch.firstOffset + at : (batch.offsets[at] ?? batch.nextOffset)
}
