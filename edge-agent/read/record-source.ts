import type { Draft, LineParser } from '../parsers/parser.ts'
import type { ByteSource } from './byte-source.ts'
import type { LedgerEntry, RejectedLine } from './ledger.ts'
import { LineReader } from './lines.ts'

/** How far an input's clock goes ahead on the word of one record. */
const jumpMs = 3_600_000

/** So many records have to agree on a longer way. A judgement: more than a host writes in a row before others do. */
const enoughRecords = 64

/** Among so many records: those that do not count must not be waited out without bound. */
const jumpRecords = 128

/** So many records say when an input begins. Few, because its head has to show them before it is opened (member.ts). */
const beginRecords = 32

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
 * Insane times must not move that clock, for what comes after them would be late. A record that ends more than an hour
 * ahead of the clock is in doubt, and the records after it are looked at before it is given out:
 *
 * - 64 of them, itself included, that are all more than an hour ahead are believed: the clock becomes the smallest of their
 *   ends. So a gap costs nothing, and up to 63 insane records in a row move nothing.
 * - One among them within an hour of the clock shows that the clock is right: the record in doubt keeps its place, which is
 *   the clock as it was. So it does when 128 records do not decide.
 * - Those more than an hour behind the clock show nothing: a source of stale times would hold the clock for ever.
 * - When the input ends first they are believed too, but `sure` is false and the merged clock has to decide.
 *
 * The clock begins with the first record, unless that is more than an hour ahead of the median of the first 32; then with
 * the first that is not. An input is not `sure` of its time at its first record, nor later unless 64 of its first 128 are
 * no more than an hour behind that beginning.
 *
 * Of a live input nothing is held back. Records in doubt go out with the clock as it was, until the 64th in a row moves it
 * to the smallest of their ends; and the first two records decide where it begins.
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
  /** Enough records agree on the time that the clock began with, or last jumped to. */
  #isSure = true
  /** With its first record, and how sure that is was not yet asked. */
  #hasJustBegun = false
  /** Read, and waiting for the records after it to decide on its time. */
  #doubted: Draft | null = null
  /** Read to decide on the one before them: from `#aheadAt` on, at most `jumpRecords`. */
  #ahead: Draft[] = []
  #aheadAt = 0
  /** Of a live input: how many records in a row were in doubt, and the smallest of their ends. */
  #inDoubt = 0
  #leastInDoubtMs = 0
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
      record = this.#aheadAt < this.#ahead.length ? this.#takeAhead() : this.#pull()
      if (record === null) {
        this.record = null
        return this.#ended
      }
    }
    const end = endMs(record)
    if (this.#hasJustBegun) {
      this.#doubted = record
      if (!this.#confirmBeginning()) return false
      this.#doubted = null
    }
    if (end <= this.#clockMs + jumpMs) {
      if (this.#inDoubt > 0 && end >= this.#clockMs - jumpMs) this.#inDoubt = 0
      if (end > this.#clockMs) this.#clockMs = end
    } else {
      if (!Number.isFinite(end)) throw new Error(`a parser gave a ${record.kind} record without a time`)
      this.#doubted = record
      if (this.#clockMs === Number.NEGATIVE_INFINITY) {
        if (!this.#begin(end)) return false
      } else if (this.live) this.#doubt(end)
      else if (!this.#weigh(end)) return false
      this.#doubted = null
    }
    this.record = record
    this.keyMs = this.#clockMs
    this.sure = this.#isSure
    return true
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

  /** Sets the clock for a first record that ends at `end`. False: bytes are wanted, as for all that look ahead. */
  #begin(end: number): boolean {
    const ends = [end]
    const wanted = this.live ? 2 : beginRecords
    while (ends.length < wanted) {
      const next = this.#peek(ends.length - 1)
      if (next !== null) ends.push(endMs(next))
      else if (this.#ended) break
      else return false
    }
    const median = ends.toSorted((a, b) => a - b)[(ends.length - 1) >> 1] ?? end
    this.#clockMs = ends.find((one) => one <= median + jumpMs) ?? end
    this.#isSure = this.live && ends.length === wanted
    this.#hasJustBegun = !this.live
    return true
  }

  /** Asked with the second record, so that the head of an input need not show enough of them for the first. */
  #confirmBeginning(): boolean {
    let agreeing = 2
    for (let i = 0; i < jumpRecords - 2 && agreeing < enoughRecords; i++) {
      const next = this.#peek(i)
      if (next === null) {
        if (!this.#ended) return false
        break
      }
      if (endMs(next) >= this.#clockMs - jumpMs) agreeing++
    }
    this.#isSure = agreeing >= enoughRecords
    this.#hasJustBegun = false
    return true
  }

  /** Decides whether the clock jumps for a record that ends at `end`. */
  #weigh(end: number): boolean {
    let ahead = 1
    let least = end
    for (let i = 0; i < jumpRecords - 1 && ahead < enoughRecords; i++) {
      const next = this.#peek(i)
      if (next === null) {
        if (!this.#ended) return false
        this.#clockMs = least
        this.#isSure = false
        return true
      }
      const nextEnd = endMs(next)
      if (nextEnd > this.#clockMs + jumpMs) {
        ahead++
        if (nextEnd < least) least = nextEnd
      } else if (nextEnd >= this.#clockMs - jumpMs) return true
    }
    if (ahead < enoughRecords) return true
    this.#clockMs = least
    this.#isSure = true
    return true
  }

  /** The same for a live input, without looking ahead. */
  #doubt(end: number): void {
    if (this.#inDoubt === 0 || end < this.#leastInDoubtMs) this.#leastInDoubtMs = end
    this.#inDoubt++
    if (this.#inDoubt < enoughRecords) return
    this.#clockMs = this.#leastInDoubtMs
    this.#isSure = true
    this.#inDoubt = 0
  }

  /** The record `i` places ahead, counted from 0, where all before it were looked at already. */
  #peek(i: number): Draft | null {
    const held = this.#ahead[this.#aheadAt + i]
    if (held !== undefined) return held
    const next = this.#pull()
    if (next !== null) this.#ahead.push(next)
    return next
  }

  #takeAhead(): Draft | null {
    const next = this.#ahead[this.#aheadAt++] ?? null
    if (this.#aheadAt === this.#ahead.length || this.#aheadAt >= jumpRecords) {
      this.#ahead = this.#ahead.slice(this.#aheadAt)
      this.#aheadAt = 0
    }
    return next
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
