/** Room is given out in units, so that a place is a small integer; a block begins with its length as four bytes. */
const unitBytes = 16
const headBytes = 4
/** Units a chunk could have: the stride of places from chunk to chunk. */
const chunkUnits = 65_536
const firstChunkBytes = 4_096
/** Free room beyond this share of what is used is worth moving all values together, once there is no room left at the end. */
const MOST_FREE = 1 / 3
/** Values beyond this have memory of their own. */
const largestBlockBytes = 65_536
const deleted = -1
const large = -2

type Chunk = { readonly bytes: Buffer; readonly words: Uint32Array }

/**
 * Bytes by key, outside of the heap that is collected: state is written anew at each commit, and as objects or texts what it was before would be
 * garbage that has grown old, which is the kind that costs the most to find, and leaves holes. Blocks come in sizes four to a doubling, freed ones
 * are used again, and a value that fits is written over the last. As values grow, what they leave is too small for them: before there is more
 * room for a quarter of it left unused, all move together.
 *
 * Values are copied on their way in and out. `null` stands for a key that is known to have none.
 */
export class ByteMap {
  readonly #places = new Map<string, number>()
  readonly #large = new Map<string, Uint8Array>()
  /** By class of size, the places of free blocks. */
  #free: number[][] = []
  #freeUnits = 0
  #chunks: Chunk[] = []
  /** The chunk that is being filled, and up to which unit it is. */
  #filling = 0
  #filled = 0

  get size(): number {
    return this.#places.size
  }

  /** Bytes held for values, used or free; those of large values aside. */
  get roomBytes(): number {
    return this.#chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  keys(): IterableIterator<string> {
    return this.#places.keys()
  }

  get(key: string): Uint8Array | null | undefined {
    const place = this.#places.get(key)
    if (place === undefined) return undefined
    if (place === deleted) return null
    if (place === large) return this.#large.get(key)?.slice()
    const chunk = chunkOf(this.#chunks, place)
    const length = lengthAt(chunk, place)
    const start = startAt(place)
    const value = Buffer.allocUnsafe(length)
    chunk.bytes.copy(value, 0, start, start + length)
    return value
  }

  set(key: string, value: Uint8Array | null): void {
    const place = this.#places.get(key)
    if (value === null) {
      if (place === deleted) return
      if (place !== undefined) this.#release(key, place)
      this.#places.set(key, deleted)
      return
    }
    const bytes = value.length + headBytes
    if (bytes > largestBlockBytes) {
      if (place !== undefined && place !== large) this.#release(key, place)
      // That of a `Buffer` would be no copy when it is sliced.
      this.#large.set(key, new Uint8Array(value))
      this.#places.set(key, large)
      return
    }
    const size = classOfLength(value.length)
    if (place !== undefined && place >= 0 && this.#classAt(place) === size) {
      this.#write(place, value)
      return
    }
    if (place !== undefined) {
      this.#release(key, place)
      // It has no place while others move.
      this.#places.set(key, deleted)
    }
    const taken = this.#take(size)
    this.#write(taken, value)
    this.#places.set(key, taken)
  }

  delete(key: string): boolean {
    const place = this.#places.get(key)
    if (place === undefined) return false
    this.#release(key, place)
    return this.#places.delete(key)
  }

  /** The room of what was there is kept for what comes, and what was not needed is let go of. */
  clear(): void {
    this.#places.clear()
    this.#large.clear()
    this.#free = []
    this.#freeUnits = 0
    this.#chunks.length = Math.min(this.#chunks.length, this.#filling + 1)
    this.#filling = 0
    this.#filled = 0
  }

  #classAt(place: number): number {
    return classOfLength(lengthAt(chunkOf(this.#chunks, place), place))
  }

  #write(place: number, value: Uint8Array): void {
    const { bytes, words } = chunkOf(this.#chunks, place)
    words[headAt(place)] = value.length
    bytes.set(value, startAt(place))
  }

  #release(key: string, place: number): void {
    if (place === large) this.#large.delete(key)
    if (place < 0) return
    const size = this.#classAt(place)
    const free = (this.#free[size] ??= [])
    free.push(place)
    this.#freeUnits += unitsOf(size)
  }

  #take(size: number): number {
    const units = unitsOf(size)
    const known = this.#free[size]?.pop()
    if (known !== undefined) {
      this.#freeUnits -= units
      return known
    }
    for (let chunk = this.#chunks[this.#filling]; ; chunk = this.#chunks[this.#filling]) {
      if (chunk === undefined && this.#isSparse()) {
        this.#moveTogether()
        chunk = this.#chunks[this.#filling]
      }
      // Twice the room there was, up to a greatest size: a small store is small, and little of a great one is not filled yet.
      if (chunk === undefined) chunk = this.#addChunk(Math.max(this.roomBytes, units * unitBytes))
      if (this.#filled + units <= chunk.bytes.length / unitBytes) break
      this.#filling += 1
      this.#filled = 0
    }
    const place = this.#filling * chunkUnits + this.#filled
    this.#filled += units
    return place
  }

  #isSparse(): boolean {
    const freeBytes = this.#freeUnits * unitBytes
    return freeBytes > (this.roomBytes - freeBytes) * MOST_FREE
  }

  /** In new chunks; those of before go. */
  #moveTogether(): void {
    const chunks = this.#chunks
    const usedBytes = this.roomBytes - this.#freeUnits * unitBytes
    this.#chunks = []
    this.#free = []
    this.#freeUnits = 0
    this.#filling = 0
    this.#filled = 0
    this.#addChunk(usedBytes)
    for (const [key, place] of this.#places) {
      if (place < 0) continue
      const chunk = chunkOf(chunks, place)
      const length = lengthAt(chunk, place)
      const start = startAt(place)
      const taken = this.#take(classOfLength(length))
      this.#write(taken, chunk.bytes.subarray(start, start + length))
      this.#places.set(key, taken)
    }
  }

  #addChunk(wantedBytes: number): Chunk {
    const wanted = 2 ** Math.ceil(Math.log2(Math.max(firstChunkBytes, wantedBytes)))
    const size = Math.min(chunkUnits * unitBytes, wanted)
    const bytes = Buffer.allocUnsafeSlow(size)
    const chunk = { bytes, words: new Uint32Array(bytes.buffer, bytes.byteOffset, size / headBytes) }
    this.#chunks.push(chunk)
    return chunk
  }
}

function chunkOf(chunks: readonly Chunk[], place: number): Chunk {
  const chunk = chunks[Math.floor(place / chunkUnits)]
  if (chunk === undefined) throw new RangeError(`nothing lies at ${place}`)
  return chunk
}

/** Of the word with the length of the value. */
const headAt = (place: number): number => (place % chunkUnits) * (unitBytes / headBytes)

/** Of the first byte of the value. */
const startAt = (place: number): number => (place % chunkUnits) * unitBytes + headBytes

const lengthAt = ({ words }: Chunk, place: number): number => words[headAt(place)] ?? 0

const classOfLength = (length: number): number => classOf(Math.ceil((length + headBytes) / unitBytes))

/** Up to eight units, each number of them is a class; beyond that four classes to a doubling. */
function classOf(units: number): number {
  if (units <= 8) return units - 1
  const shift = 29 - Math.clz32(units - 1)
  return shift * 4 + ((units - 1) >> shift)
}

function unitsOf(size: number): number {
  if (size < 8) return size + 1
  const shift = Math.floor((size - 4) / 4)
  return (size - shift * 4 + 1) << shift
}
