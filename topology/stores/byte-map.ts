import { grown } from '../kit/columns.ts'
import { KeyRows } from '../kit/key-rows.ts'

/** Blocks begin at multiples of this; ahead of a value stand the row of its key and its length, four bytes each. */
const unitBytes = 8
const headBytes = 8
const wordBytes = 4
/** Units a chunk may have: the stride of places from chunk to chunk. */
const chunkUnits = 8_192
const firstChunkBytes = 4_096
/** Values beyond this have memory of their own: what is left at the end of a chunk is a quarter of it at most. */
const largestValueBytes = 16_384
/** Dead room beyond this share of what lives is worth moving what lives beside it. */
const MOST_DEAD = 1 / 8
const firstRows = 16
const deleted = -1
const large = -2

/** Up to `filled` lie blocks; those that live take `live`. All in units. */
type Chunk = {
  readonly bytes: Buffer
  readonly words: Uint32Array
  readonly units: number
  filled: number
  live: number
}

/**
 * Bytes by key, outside of the heap that is collected: state is written anew at each commit, and as objects or texts what it was before would be
 * garbage that has grown old, which is the kind that costs the most to find, and leaves holes.
 *
 * A log in chunks (Rumble, Kejriwal and Ousterhout, «Log-structured Memory for DRAM-based Storage», FAST 2014). What is written goes to its end,
 * or over its former self where it takes the same room. When an eighth as much is dead as lives, the chunk with the most dead in it is
 * emptied: what lives there goes to the end as well. That is some ten microseconds at a time, and as much for each hundred megabytes to find it; a few
 * such moves for each write at worst.
 *
 * Values are copied on their way in and out. `null` stands for a key that is known to have none.
 */
export class ByteMap {
  readonly #keys = new KeyRows()
  /** By row. */
  #places = new Int32Array(firstRows)
  /** By row. */
  readonly #large = new Map<number, Uint8Array>()
  /** `null` for one that has been let go of. */
  readonly #chunks: (Chunk | null)[] = []
  /** Chunks in which nothing is, kept for what comes; by number. */
  #empty: number[] = []
  readonly #gone: number[] = []
  #filling = -1
  #roomUnits = 0
  #filledUnits = 0
  #liveUnits = 0
  #largeBytes = 0

  get size(): number {
    return this.#keys.size
  }

  /** Bytes held for values, dead or alive or yet to come; those of large values aside. */
  get roomBytes(): number {
    return this.#roomUnits * unitBytes
  }

  /** What keys and values take in memory; room that is dead or still to be filled aside. */
  get liveBytes(): number {
    return this.#liveUnits * unitBytes + this.#largeBytes + this.#keys.liveBytes
  }

  keys(): IterableIterator<string> {
    return this.#keys.keys()
  }

  get(key: string): Uint8Array | null | undefined {
    const row = this.#keys.rowOf(key)
    if (row < 0) return undefined
    const place = this.#placeOf(row)
    if (place === deleted) return null
    if (place === large) return this.#large.get(row)?.slice()
    const { bytes, words } = this.#chunkAt(place)
    const at = place % chunkUnits
    const start = at * unitBytes + headBytes
    const length = lengthIn(words, at)
    const value = Buffer.allocUnsafe(length)
    bytes.copy(value, 0, start, start + length)
    return value
  }

  set(key: string, value: Uint8Array | null): void {
    const { size } = this.#keys
    const row = this.#keys.add(key)
    if (this.#keys.size > size) this.#begin(row)
    if (value === null) {
      this.#release(row)
    } else if (value.length > largestValueBytes) {
      this.#release(row)
      // That of a `Buffer` would be no copy when it is sliced.
      this.#large.set(row, new Uint8Array(value))
      this.#largeBytes += value.length
      this.#places[row] = large
    } else {
      const units = unitsOf(value.length)
      if (this.#unitsAt(this.#placeOf(row)) !== units) {
        this.#release(row)
        this.#places[row] = this.#take(units)
      }
      this.#write(row, value)
    }
    this.#tidy()
  }

  delete(key: string): boolean {
    const row = this.#keys.rowOf(key)
    if (row < 0) return false
    this.#release(row)
    this.#keys.remove(row)
    this.#tidy()
    return true
  }

  /** The room of what was there is kept for what comes, and what was not needed is let go of. */
  clear(): void {
    let wanted = this.#liveUnits
    this.#keys.clear()
    this.#large.clear()
    this.#largeBytes = 0
    this.#filling = -1
    this.#filledUnits = 0
    this.#liveUnits = 0
    this.#empty = []
    for (const [number, chunk] of this.#chunks.entries()) {
      if (chunk === null) continue
      chunk.filled = 0
      chunk.live = 0
      if (wanted > 0) this.#empty.push(number)
      else this.#letGo(number)
      wanted -= chunk.units
    }
  }

  #placeOf(row: number): number {
    return this.#places[row] ?? deleted
  }

  #chunkAt(place: number): Chunk {
    return this.#chunk(Math.floor(place / chunkUnits))
  }

  #chunk(number: number): Chunk {
    const chunk = this.#chunks[number]
    if (chunk === undefined || chunk === null) throw new RangeError(`nothing lies in chunk ${number}`)
    return chunk
  }

  /** Of the block that lies there; 0 for one that lies nowhere. */
  #unitsAt(place: number): number {
    return place < 0 ? 0 : unitsOf(lengthIn(this.#chunkAt(place).words, place % chunkUnits))
  }

  #begin(row: number): void {
    const { length } = this.#places
    if (row >= length) this.#places = grown(this.#places, new Int32Array(2 * length))
    this.#places[row] = deleted
  }

  #write(row: number, value: Uint8Array): void {
    const place = this.#placeOf(row)
    const { bytes, words } = this.#chunkAt(place)
    const at = place % chunkUnits
    const word = at * (unitBytes / wordBytes)
    words[word] = row
    words[word + 1] = value.length
    bytes.set(value, at * unitBytes + headBytes)
  }

  /** The row has no value any more. */
  #release(row: number): void {
    const place = this.#placeOf(row)
    this.#places[row] = deleted
    if (place === large) {
      this.#largeBytes -= this.#large.get(row)?.length ?? 0
      this.#large.delete(row)
    }
    if (place < 0) return
    const number = Math.floor(place / chunkUnits)
    const chunk = this.#chunk(number)
    const units = this.#unitsAt(place)
    chunk.live -= units
    this.#liveUnits -= units
    if (chunk.live === 0) this.#vacate(chunk, number)
  }

  /** A place at the end. */
  #take(units: number): number {
    let chunk = this.#chunks[this.#filling] ?? null
    if (chunk === null || chunk.filled + units > chunk.units) {
      this.#filling = this.#nextChunk(units)
      chunk = this.#chunk(this.#filling)
    }
    const place = this.#filling * chunkUnits + chunk.filled
    chunk.filled += units
    chunk.live += units
    this.#filledUnits += units
    this.#liveUnits += units
    return place
  }

  #nextChunk(units: number): number {
    for (let number = this.#empty.pop(); number !== undefined; number = this.#empty.pop()) {
      if (this.#chunk(number).units >= units) return number
      this.#letGo(number)
    }
    // As much as there is: a small store is small, and little of a great one is not filled yet.
    const wanted = Math.max(firstChunkBytes, this.roomBytes, units * unitBytes)
    const size = Math.min(chunkUnits * unitBytes, 2 ** Math.ceil(Math.log2(wanted)))
    const bytes = Buffer.allocUnsafeSlow(size)
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, size / wordBytes)
    const number = this.#gone.pop() ?? this.#chunks.length
    this.#chunks[number] = { bytes, words, units: size / unitBytes, filled: 0, live: 0 }
    this.#roomUnits += size / unitBytes
    return number
  }

  /** Nothing lives in it. */
  #vacate(chunk: Chunk, number: number): void {
    this.#filledUnits -= chunk.filled
    chunk.filled = 0
    if (number === this.#filling) return
    // One is kept for what comes next.
    if (this.#empty.length === 0) this.#empty.push(number)
    else this.#letGo(number)
  }

  #letGo(number: number): void {
    this.#roomUnits -= this.#chunk(number).units
    this.#chunks[number] = null
    this.#gone.push(number)
  }

  /** What is dead in the chunk that is being filled has to wait. */
  #tidy(): void {
    const waiting = this.#chunks[this.#filling]?.units ?? 0
    while (this.#filledUnits - this.#liveUnits > this.#liveUnits * MOST_DEAD + waiting) {
      const number = this.#mostDead()
      if (number < 0) return
      this.#moveOut(number)
    }
  }

  #mostDead(): number {
    let found = -1
    let most = 0
    for (let number = 0; number < this.#chunks.length; number += 1) {
      const chunk = this.#chunks[number] ?? null
      if (chunk === null || number === this.#filling) continue
      const dead = chunk.filled - chunk.live
      if (dead <= most) continue
      most = dead
      found = number
    }
    return found
  }

  /** What lives in it goes to the end. */
  #moveOut(number: number): void {
    const chunk = this.#chunk(number)
    const { bytes, words, filled } = chunk
    for (let at = 0; at < filled; ) {
      const length = lengthIn(words, at)
      const row = words[at * (unitBytes / wordBytes)] ?? 0
      if (this.#placeOf(row) === number * chunkUnits + at) {
        this.#places[row] = this.#take(unitsOf(length))
        const start = at * unitBytes + headBytes
        this.#write(row, bytes.subarray(start, start + length))
      }
      at += unitsOf(length)
    }
    this.#liveUnits -= chunk.live
    chunk.live = 0
    this.#vacate(chunk, number)
  }
}

const unitsOf = (length: number): number => Math.ceil((length + headBytes) / unitBytes)

/** Of the value in the block that begins at this unit. */
const lengthIn = (words: Uint32Array, at: number): number => words[at * (unitBytes / wordBytes) + 1] ?? 0
