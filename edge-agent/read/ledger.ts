import { cutText, type RecordKind, type Reject, rejectTextBytes } from '@weir/schemas'
import type { InputKind } from '../parsers/parser.ts'

/**
 * What became of every line of one input: `lines` = accepted + skipped + rejected, each summed over its keys. A line that
 * told of several records counts once, under the kind of the first; `records` counts the records themselves. An input
 * that was passed over whole has no lines: none of it was read, and it need not consist of any.
 */
export type InputLedger = {
  /** A stream of a capture: the capture's path, `#` and the stream's name. */
  readonly path: string
  readonly kind: InputKind | 'unknown'
  /** Why nothing of it was read, in kebab case; `null` of an input that was. */
  readonly passedOver: string | null
  readonly lines: number
  readonly records: number
  /** Lines by the kind of record they became. */
  readonly accepted: Readonly<Record<string, number>>
  /** Lines by reason, here and below: kebab-case, one of few. */
  readonly skipped: Readonly<Record<string, number>>
  readonly rejected: Readonly<Record<string, number>>
}

/** A line that should have been a record and is not; of its text as much as a report shows. */
export type RejectedLine = Reject

/** A parser with more reasons than this has put data into them; the surplus is counted as `other`. */
const mostReasons = 64

/** The ledger of one input while it is read. Every line is noted once, by the call named after its fate. */
export class LedgerEntry {
  lines = 0
  records = 0
  readonly #path: string
  readonly #kind: InputKind | 'unknown'
  readonly #passedOver: string | null
  readonly #accepted = new Tally()
  readonly #skipped = new Tally()
  readonly #rejected = new Tally()

  constructor(path: string, kind: InputKind | 'unknown', passedOver: string | null = null) {
    this.#path = path
    this.#passedOver = passedOver
    this.#kind = kind
  }

  accept(kind: RecordKind, records: number): void {
    this.records += records
    this.#accepted.add(kind)
  }

  skip(reason: string): void {
    this.#skipped.add(reason)
  }

  /** The reject is for `onReject`, under the reason it was counted by. */
  reject(line: number, reason: string, text: string): RejectedLine {
    return {
      path: this.#path,
      line,
      reason: this.#rejected.add(reason),
      text: cutText(text, rejectTextBytes),
    }
  }

  /** A copy as of now. Throws when a line was noted twice or not at all: the counts are then worth nothing. */
  close(): InputLedger {
    const { lines, records } = this
    const fates = this.#accepted.total + this.#skipped.total + this.#rejected.total
    if (lines !== fates) throw new Error(`${this.#path}: ${lines} lines were read and ${fates} accounted for`)
    return {
      path: this.#path,
      kind: this.#kind,
      passedOver: this.#passedOver,
      lines,
      records,
      accepted: this.#accepted.toObject(),
      skipped: this.#skipped.toObject(),
      rejected: this.#rejected.toObject(),
    }
  }
}

type Count = { n: number }

class Tally {
  total = 0
  readonly #counts = new Map<string, Count>()
  // Lines of one fate come in runs: the count of the last is at hand.
  #last = ''
  #lastCount: Count = { n: 0 }

  /** The name it was counted under. */
  add(name: string): string {
    this.total++
    if (name !== this.#last) {
      let counted = name
      let count = this.#counts.get(counted)
      if (count === undefined && this.#counts.size >= mostReasons) {
        counted = 'other'
        count = this.#counts.get(counted)
      }
      if (count === undefined) this.#counts.set(counted, (count = { n: 0 }))
      this.#last = counted
      this.#lastCount = count
    }
    this.#lastCount.n++
    return this.#last
  }

  toObject(): Record<string, number> {
    const names = [...this.#counts.keys()].sort()
    return Object.fromEntries(names.map((name) => [name, this.#counts.get(name)?.n ?? 0]))
  }
}
