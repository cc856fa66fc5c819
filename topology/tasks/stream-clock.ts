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
 * A task's state is of the last tick that it heard. That is committed with it, in the ledger of its inputs, and whoever has the task next
 * tells its operators before anything else. No commit is made for that alone: ticks that changed nothing are then heard again.
 *
 * A partition in which nothing happens holds nothing back: its task hears the ticks of its neighbours. A partition from which
 * records are known to be waiting unread does hold its neighbours back, at the stream time of the last record read from it.
 *
 * What a sub-topology writes reaches its readers with a commit, and commits come by number of records and by wall clock: on
 * sparse input, hours of stream time apart. Where two ways of unequal length lead to one step, the longer one would then bring
 * its records after the shorter one has moved that step's clocks on. So whoever is read runs no further ahead than a *span* of
 * stream time of those readers that others read from in turn: before that, what waits for them is committed, read and processed
 * until nothing moves. A grace no shorter than the span makes results independent of when commits happen.
 *
 * *Across processes* the span holds as well. Every task tells all others, with the commit that makes it true (`standing.ts`):
 *
 * - its *floor*: whatever reaches it with less stream time was processed, and what came of it is committed. A task that reads what
 *   others write may say no more than the least floor of these, as it was told before the task asked its inputs once more and
 *   found nothing: what is told is committed together with what was written, so by then that had been there to be found.
 * - how far silence has been *told* to it. Whoever is idle is told up to the least floor of all, so that what a long silence ends
 *   comes before the record that ends the silence, in whichever process that is.
 *
 * Leaders run no further than a span ahead of the least of both. A task that has told nothing yet holds all others, and so does one
 * whose process died, until the group gives it to another, which tells its standing with its first commit: how long that takes is
 * the session timeout and a restore, and no wall clock of this runtime. A task with nothing waiting has an infinite floor and
 * holds nobody. Memory is one standing a task. Within a span, records of one key that different processes wrote are met in the
 * order of commits: what depends on that order within a span depends on how tasks are spread.
 *
 * *The end*. Writers from outside mark in every partition that they begin and that they have ended (`input-mark.ts`). A task that
 * has read all its inputs to their ends says so; once every task of its sub-topology has, each closes what is open, as if stream
 * time had come to its end, and with the commit of what that wrote it is told as ended. Who reads what it wrote has read all there
 * will be, once all its writers have ended and its inputs, asked after that, gave nothing more. Records that come after an end are
 * new work: state that was closed begins anew, and the next end ends it. So that what others told of one end is not taken for the next, a
 * standing names the marks that were read; and where a writer has begun anew, who has read so waits for those who have not, as what these told
 * was of the time before.
 *
 * *The clock on the wall* only moves what is silent: after an idle time without a record for a sub-topology, its stream time goes on
 * from where it was at the pace of the wall, in this process. Where it was is committed with the ledger of its input, so whoever has
 * the task next, after a restart too, goes on from there once it has been idle itself; what passed while nobody ran the task, or its state was on
 * its way, is no silence, as records may wait. A record that comes later than that may find its window closed. For finite input the
 * idle time is infinite: results then depend on no wall clock.
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
    const tick = this.tickOf(streamTimeMs)
    if (tick <= this.#nowMs) return false
    this.#nowMs = tick
    return true
  }

  /** The beginning of the tick that this stream time belongs to. */
  tickOf(streamTimeMs: number): number {
    return Math.floor(streamTimeMs / this.#tickMs) * this.#tickMs
  }

  /** The greatest stream time that still belongs to the current tick. */
  get lastOfTickMs(): number {
    // Stream times have microseconds at most.
    return this.#nowMs + this.#tickMs - 0.0005
  }
}
