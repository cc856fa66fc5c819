import type { Log } from '../kit/log.ts'
import type { DeadLetter } from './dead-letter.ts'

/** A judgement: often enough to be seen while it lasts, and a log of a day with nothing else in it can still be read. */
const everyMs = 60_000
const mostReason = 200

/**
 * Tells a log that records are set aside: at once the first time, then at most once a minute, with the first of those that were not
 * told of before. Nothing of the record itself is said but its place.
 */
export class SetAsideLog {
  readonly #log: Log
  #toldMs = Number.NEGATIVE_INFINITY
  #untold = 0
  #first: DeadLetter | null = null

  constructor(log: Log) {
    this.#log = log
  }

  /** `records` were committed as dead letters by now; `first` of them, where it is known. */
  add(records: number, first: DeadLetter | null, nowMs: number): void {
    this.#untold += records
    this.#first ??= first
    if (this.#untold === 0 || nowMs - this.#toldMs < everyMs) return
    this.#log.warn('set-aside', {
      records: this.#untold,
      ...(this.#first === null ? {} : placeOf(this.#first)),
    })
    this.#toldMs = nowMs
    this.#untold = 0
    this.#first = null
  }
}

function placeOf({ topic, partition, offset, code, reason, by, step }: DeadLetter) {
  return { first: { topic, partition, offset, code, reason: reason.slice(0, mostReason), by, step } }
}
