/**
 * The words about time, as the whole runtime uses them.
 *
 * - *Event time* (`timestampMs`): when what a record tells of happened.
 * - *Stream time* (`streamTimeMs`): the clock a record carries. Whoever first reads a record stamps it with the greatest event
 *   time it has read by then, this record included; so it never falls from one record of a reader to the next. A record whose
 *   writer carried no clock gets that of its partition: the greatest event time read from it.
 * - *Grace*: how long after its end, in stream time, a window still takes records.
 * - *Late*: a record whose window's end plus grace is at or before the stream time the record itself carries. That is a
 *   property of record and window alone: it does not depend on what else was read, in what order, or by how many tasks.
 * - *A key's clock*: the greatest stream time its own records carried. It closes windows and fires timers of that key.
 * - *The task's stream time*: the greatest stream time of all its records. It depends on which keys share the task, so it may
 *   end only what has been *silent*: what has been due for longer than the silence its operator states.
 * - *Silence*: how far apart, at most, two readers of one key's records run. With one reader it may be 0: whatever that
 *   reader reads later carries at least the same stream time, and is late by itself.
 *
 * Time is told in ticks: before the first record of a tick is processed, the beginning of that tick is announced by
 * `Operator.advance` to every task of the sub-topology that this process runs. What silence ends therefore happens between
 * the same records, however keys are spread over partitions.
 *
 * A partition in which nothing happens holds nothing back: its task hears the ticks of its neighbours. A partition from which
 * records are known to be waiting unread does hold its neighbours back, at the stream time of the last record read from it.
 *
 * What a sub-topology writes reaches its readers with a commit, and commits come by number of records and by wall clock: on
 * sparse input, hours of stream time apart. Where two ways of unequal length lead to one step, the longer one would then bring
 * its records after the shorter one has moved that step's clocks on. So whoever is read runs no further ahead than a *span* of
 * stream time of those readers that others read from in turn: before that, what waits for them is committed, read and processed
 * until nothing moves. A grace no shorter than the span makes results independent of when commits happen. The span holds within
 * one process; what another process has still to read is not waited for.
 */
export class StreamClock {
  readonly #tickMs: number
  #nowMs = Number.NEGATIVE_INFINITY

  constructor(tickMs: number) {
    this.#tickMs = tickMs
  }

  /** The beginning of the newest tick announced. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** Whether a record of this stream time begins a new tick; the clock then stands at its beginning. */
  reaches(streamTimeMs: number): boolean {
    const tick = Math.floor(streamTimeMs / this.#tickMs) * this.#tickMs
    if (tick <= this.#nowMs) return false
    this.#nowMs = tick
    return true
  }

  /** The greatest stream time that still belongs to the current tick. */
  get lastOfTickMs(): number {
    // Stream times have microseconds at most.
    return this.#nowMs + this.#tickMs - 0.0005
  }
}
