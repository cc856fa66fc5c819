import type { Draft, LineParser } from '../parsers/parser.ts'
import type { ByteSource } from './byte-source.ts'
import type { LedgerEntry, RejectedLine } from './ledger.ts'
import { LineReader } from './lines.ts'

/** How far an input's clock goes ahead on the word of one record. */
const jumpMs = 3_600_000

/**
 * When the sensor knew of the record and wrote it, or as near as can be told: the end of a connection, the time of
 * anything else. Logs are in this order, not in the order of `tsMs`.
 */
export function endMs(record: Draft): number {
  return record.kind === 'conn' ? record.tsMs + record.durationMs : record.tsMs
}

/**
 * The records of one input in the order of its lines, each with the key it is merged by: the input's clock when the record
 * was written, which is the running maximum of `endMs`.
 *
 * One insane time must not move that clock. A record whose end is more than an hour ahead of it is believed only when the
 * next record of the input ends later, or no more than an hour earlier and nearer to that end than to the clock; otherwise
 * the record keeps its place, which is the clock as it was. (At the beginning of an input, where there is no clock yet, that is the time of the next record.) When
 * there is no next record its end is its key, but `sure` is false and the merged clock has to decide.
 *
 * This also holds for logs sorted by beginning: an eight-hour connection among short ones does not move the clock.
 */
export class RecordSource {
  /** The record that comes next; `null` at the end of the input. Valid after `step` gave true. */
  record: Draft | null = null
  keyMs = Number.NEGATIVE_INFINITY
  sure = true
  /** Decides between equal keys: the place of the input in an order that has nothing to do with the arguments. */
  readonly rank: number
  /** Bytes come when they come: nothing already read must wait for them. */
  readonly live: boolean

  readonly #bytes: ByteSource
  readonly #parser: LineParser
  readonly #entry: LedgerEntry
  readonly #onReject: (reject: RejectedLine) => void
  readonly #lines = new LineReader()
  #clockMs = Number.NEGATIVE_INFINITY
  /** No more bytes will come. */
  #exhausted = false
  /** Nor more lines. */
  #ended = false
  /** Read, and waiting for the record after it to confirm its time. */
  #doubted: Draft | null = null
  /** Read to confirm the one before it. */
  #ahead: Draft | null = null
  #several: readonly Draft[] = []
  #severalAt = 0

  constructor(
    rank: number,
    live: boolean,
    bytes: ByteSource,
    parser: LineParser,
    entry: LedgerEntry,
    onReject: (reject: RejectedLine) => void,
  ) {
    this.rank = rank
    this.live = live
    this.#bytes = bytes
    this.#parser = parser
    this.#entry = entry
    this.#onReject = onReject
  }

  /** Moves on to the next record. False: `more` has to be awaited first, then `step` called again. */
  step(): boolean {
    let record = this.#doubted
    if (record === null) {
      record = this.#ahead
      this.#ahead = null
      if (record === null) record = this.#pull()
      if (record === null) {
        this.record = null
        return this.#ended
      }
    }
    const end = endMs(record)
    if (end <= this.#clockMs + jumpMs) {
      if (end > this.#clockMs) this.#clockMs = end
      return this.#settle(record, this.#clockMs, true)
    }
    if (!Number.isFinite(end)) throw new Error(`a parser gave a ${record.kind} record without a time`)
    this.#doubted = record
    const next = (this.#ahead ??= this.#pull())
    if (next === null) return this.#ended && this.#settle(record, end, false)
    const nextEnd = endMs(next)
    const isNear = nextEnd >= end - jumpMs && end - nextEnd < nextEnd - this.#clockMs
    if (isNear) this.#clockMs = end
    else if (this.#clockMs === Number.NEGATIVE_INFINITY) this.#clockMs = nextEnd
    return this.#settle(record, this.#clockMs, true)
  }

  /** Fetches bytes for `step`. */
  async more(): Promise<void> {
    const chunk = await this.#bytes.next()
    if (chunk !== null) this.#lines.push(chunk)
    else if (this.#bytes.damage === null) this.#lines.end()
    else {
      // The line that the damage cut in two could pass for a whole one with a smaller number at its end.
      const text = this.#lines.cut()
      this.#entry.lines++
      this.#onReject(this.#entry.reject(this.#lines.lineNumber, this.#bytes.damage, text))
    }
    if (chunk === null) this.#exhausted = true
  }

  /** Whatever is left of the input is not read. Throws when the lines that were do not add up. */
  async close(): Promise<void> {
    await this.#bytes.close()
    this.#entry.close()
  }

  #settle(record: Draft, keyMs: number, sure: boolean): true {
    this.#doubted = null
    this.record = record
    this.keyMs = keyMs
    this.sure = sure
    return true
  }

  /** The next record of the lines at hand; `null` when they are used up or, with `#ended`, when there will be no more. */
  #pull(): Draft | null {
    if (this.#severalAt < this.#several.length) return this.#several[this.#severalAt++] ?? null
    const lines = this.#lines
    const entry = this.#entry
    for (;;) {
      const text = lines.next()
      if (text === null) {
        this.#ended = this.#exhausted
        return null
      }
      entry.lines++
      if (lines.tooLong) {
        this.#onReject(entry.reject(lines.lineNumber, 'line-too-long', text))
        continue
      }
      const parsed = this.#parser.line(text, lines.lineNumber)
      if (parsed.kind === 'skip') entry.skip(parsed.reason)
      else if (parsed.kind === 'reject') this.#onReject(entry.reject(lines.lineNumber, parsed.reason, text))
      else if (parsed.kind !== 'several') {
        entry.accept(parsed.kind, 1)
        return parsed
      } else {
        const first = parsed.records[0]
        if (first === undefined) throw new Error('a parser gave several records, and none')
        entry.accept(first.kind, parsed.records.length)
        this.#several = parsed.records
        this.#severalAt = 1
        return first
      }
    }
  }
}
