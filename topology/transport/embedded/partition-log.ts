import type { Batch, LogRecord } from '../transport.ts'

type Chunk = {
  readonly firstOffset: number
  readonly nextOffset: number
  readonly records: readonly LogRecord[]
  readonly encoded: boolean
}

/** The part of one partition that is held in memory: what its readers have not all committed. */
export class PartitionLog {
  readonly topic: string
  readonly partition: number
  /** Offset of the oldest record held; equal to `end` when none is. */
  start: number
  /** Offset the next record will get. */
  end: number
  #chunks: Chunk[] = []
  #first = 0

  constructor(topic: string, partition: number, end: number) {
    this.topic = topic
    this.partition = partition
    this.start = end
    this.end = end
  }

  append(records: readonly LogRecord[], encoded: boolean): void {
    if (records.length === 0) return
    const nextOffset = this.end + records.length
    this.#chunks.push({ firstOffset: this.end, nextOffset, records, encoded })
    this.end = nextOffset
  }

  /** Offsets pass without records being held. */
  skip(count: number): void {
    this.end += count
    if (this.#first === this.#chunks.length) this.start = this.end
  }

  /** The records from `offset` on in whole chunks, as long as fewer than `room` are taken. */
  read(offset: number, room: number, into: Batch[]): number {
    let position = Math.max(offset, this.start)
    let taken = 0
    for (let at = this.#chunkOf(position); at < this.#chunks.length && taken < room; at += 1) {
      const chunk = this.#chunks[at]
      if (chunk === undefined) break
      const skipped = Math.max(0, position - chunk.firstOffset)
      const records = skipped === 0 ? chunk.records : chunk.records.slice(skipped)
      into.push({
        topic: this.topic,
        partition: this.partition,
        records,
        encoded: chunk.encoded,
        firstOffset: chunk.firstOffset + skipped,
        offsets: null,
        nextOffset: chunk.nextOffset,
        more: chunk.nextOffset < this.end,
      })
      position = chunk.nextOffset
      taken += records.length
    }
    return position
  }

  /** Lets go of whole chunks below `offset`. */
  release(offset: number): void {
    for (; this.#first < this.#chunks.length; this.#first += 1) {
      const chunk = this.#chunks[this.#first]
      if (chunk === undefined || chunk.nextOffset > offset) break
    }
    // Within 64 chunks the freed ones stay referenced: moving the array at every commit would cost more than it frees.
    if (this.#first > 64 || this.#first === this.#chunks.length) {
      this.#chunks.splice(0, this.#first)
      this.#first = 0
    }
    this.start = this.#chunks[this.#first]?.firstOffset ?? this.end
  }

  get held(): number {
    return this.end - this.start
  }

  #chunkOf(offset: number): number {
    let low = this.#first
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#chunks[middle]?.nextOffset ?? Infinity) <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
