import type { FlowRecord } from '@weir/schemas'
import type { RecordSource } from './record-source.ts'
import { SourceHeap } from './source-heap.ts'

/** Something to open when the merge has come to it: one log, or a capture with its streams. */
export type Lane = {
  readonly rank: number
  /** No record of it has a smaller key; `-Infinity` when that is not known. */
  readonly fromMs: number
  /** Opened here, closed by the merge. */
  open(): Promise<readonly RecordSource[]>
}

/** A judgement: a quiet night or a day off ends a capture sooner than a broken clock misses by less than a day. */
const longestSilenceMs = 24 * 3_600_000

/** More than the insane ends of two inputs, each of which has 63 at most (record-source.ts). */
const enoughRecords = 128

/**
 * Merges lanes into one stream by key, then rank, and stamps each record with the stream's clock: the largest key so far.
 * A lane is opened when the stream reaches its first key and closed at its end, so that of a folder of rotated logs only
 * those that overlap are open.
 *
 * An input that is short, has just begun, or ends soon after a jump, is not sure of its time (record-source.ts). Such a
 * key moves the clock by a day at most. Beyond that the record is stamped with the clock as it was, until 128 records of
 * the stream in a row were beyond it, of whatever inputs: then the clock becomes the first key of those. That there is
 * another input confirms nothing; one that is sure moves the clock by itself.
 */
export class Merge {
  readonly #lanes: readonly Lane[]
  #nextLane = 0
  readonly #open = new SourceHeap()
  /** Opened, and not yet with a record on the heap. */
  #opening: RecordSource[] = []
  #clockMs = Number.NEGATIVE_INFINITY
  /** How many records in a row were not believed, and the key of the first. */
  #inDoubt = 0
  #doubtedMs = 0
  #closed = false

  constructor(lanes: readonly Lane[]) {
    this.#lanes = [...lanes].sort((a, b) =>
      a.fromMs < b.fromMs ? -1 : a.fromMs > b.fromMs ? 1 : a.rank - b.rank,
    )
  }

  /**
   * Arrays of `size` records, the last one shorter; shorter also where a live source has nothing more at the moment. They
   * are the caller's to keep. To be called once. Leaving the loop early closes everything.
   */
  async *batches(size: number): AsyncGenerator<FlowRecord[]> {
    let batch: FlowRecord[] = []
    try {
      while (!this.#closed) {
        if (this.#laneIsDue()) {
          await this.#openLane()
          continue
        }
        const source = this.#open.top()
        if (source === undefined) break
        const record = source.record
        if (record === null) throw new Error('a source without a record is on the heap')
        if (source.sure || this.#isBelieved(source.keyMs)) {
          if (source.keyMs > this.#clockMs) this.#clockMs = source.keyMs
          this.#inDoubt = 0
        }
        record.observedMs = this.#clockMs
        batch.push(record)
        if (batch.length >= size) {
          yield batch
          batch = []
          if (this.#closed) break
        }
        if (!source.step()) {
          if (source.live && batch.length > 0) {
            yield batch
            batch = []
            if (this.#closed) break
          }
          await fetchFor(source)
        }
        if (source.record !== null) this.#open.sink()
        else {
          this.#open.pop()
          await source.close()
        }
      }
      if (batch.length > 0) yield batch
    } finally {
      await this.close()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const sources = [...this.#opening, ...this.#open.all()]
    this.#opening = []
    while (this.#open.size > 0) this.#open.pop()
    for (const source of sources) await source.close()
  }

  #laneIsDue(): boolean {
    const lane = this.#lanes[this.#nextLane]
    if (lane === undefined) return false
    const top = this.#open.top()
    return top === undefined || lane.fromMs <= top.keyMs
  }

  async #openLane(): Promise<void> {
    const lane = this.#lanes[this.#nextLane++]
    if (lane === undefined) return
    this.#opening = [...(await lane.open())]
    for (let source = this.#opening[0]; source !== undefined; source = this.#opening[0]) {
      if (!source.step()) await fetchFor(source)
      this.#opening.shift()
      if (source.record !== null) this.#open.push(source)
      else await source.close()
    }
  }

  /** Whether a key that is not sure may move the clock. */
  #isBelieved(keyMs: number): boolean {
    if (this.#clockMs === Number.NEGATIVE_INFINITY || keyMs <= this.#clockMs + longestSilenceMs) return true
    if (this.#inDoubt === 0 || keyMs < this.#doubtedMs) this.#doubtedMs = keyMs
    this.#inDoubt++
    if (this.#inDoubt >= enoughRecords) {
      this.#clockMs = this.#doubtedMs
      this.#inDoubt = 0
    }
    return false
  }
}

async function fetchFor(source: RecordSource): Promise<void> {
  do await source.more()
  while (!source.step())
}
