import { grown } from './columns.ts'

const firstRows = 16
const firstBytes = 256
/** More room than this is given back when little of it is needed any more. */
const keptBytes = 65_536
/** Three columns and two places in the table. */
const rowBytes = 20
/** Texts begin below this: a column holds where. */
const mostBytes = 2 ** 31
/** Of the units of a key that is kept with two bytes for each. */
const WIDE = 1
const free = -1
/** Bytes of keys that are gone, beyond this share of the others, are worth moving these together for. */
const MOST_GONE = 1 / 2

/**
 * Keys as rows: small numbers, a key's own until it is removed, by which others keep what they know of it in columns. The texts lie as
 * bytes outside of the heap that is collected, beside a table of hashes: as texts in a map of the language every one would be looked at by each
 * collection, and take three times the room.
 *
 * A look-up costs about as much as reading the key. Rows are given in the order of coming, those of removed keys first, so the same calls give
 * the same rows. As rows stay what they are, the 20 bytes of each stay for as many as there ever were at a time; texts that are gone make room.
 */
export class KeyRows {
  /** What collides is another thing in each process: nobody who does not know it can choose keys that do. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32) | 0
  /** Open addressing with linear steps: a row and one, or 0. Twice as many places as there may be rows. */
  #table = new Int32Array(2 * firstRows)
  #hashes = new Int32Array(firstRows)
  #starts = new Int32Array(firstRows)
  /** Twice the number of units, and whether they are wide; `free` for a row without a key. */
  #lengths = new Int32Array(firstRows)
  readonly #free: number[] = []
  #rows = 0
  #bytes = Buffer.allocUnsafeSlow(firstBytes)
  #end = 0
  #gone = 0

  get size(): number {
    return this.#rows - this.#free.length
  }

  /** Rows are below this. */
  get rows(): number {
    return this.#rows
  }

  /** What keys there are take in memory, room aside. */
  get liveBytes(): number {
    return this.#end - this.#gone + rowBytes * this.size
  }

  /** What it takes in memory. */
  get bytes(): number {
    return this.#bytes.length + rowBytes * this.#hashes.length
  }

  has(key: string): boolean {
    return this.rowOf(key) >= 0
  }

  /** -1 for a key that is not known. */
  rowOf(key: string): number {
    return this.#find(key, this.#hashOf(key))
  }

  /** The row of the key, a new one where it was not known. */
  add(key: string): number {
    const hash = this.#hashOf(key)
    const known = this.#find(key, hash)
    if (known >= 0) return known
    const row = this.#free.pop() ?? this.#rows
    if (row === this.#rows) {
      if (row === this.#hashes.length) this.#grow()
      this.#lengths[row] = free
      this.#rows += 1
    }
    this.#hashes[row] = hash
    this.#write(row, key)
    this.#enter(row, hash)
    return row
  }

  /** Empty for a row without a key. */
  keyOf(row: number): string {
    if (!this.hasKey(row)) return ''
    const length = this.#lengths[row] ?? 0
    const start = this.#starts[row] ?? 0
    return length & WIDE
      ? this.#bytes.toString('utf16le', start, start + length - WIDE)
      : this.#bytes.toString('latin1', start, start + length / 2)
  }

  hasKey(row: number): boolean {
    return row >= 0 && row < this.#rows && this.#lengths[row] !== free
  }

  remove(row: number): void {
    if (!this.hasKey(row)) return
    this.#gone += bytesOf(this.#lengths[row] ?? 0)
    this.#lengths[row] = free
    this.#free.push(row)
    this.#leave(row)
    const used = this.#end - this.#gone
    if (this.#bytes.length > keptBytes && used < this.#bytes.length / 8 && this.#gone > used)
      this.#makeRoom(0)
  }

  /** Below 0 where the key of `row` comes first in the order of the language (`<`), above 0 where that of `other` does. */
  compare(row: number, other: number): number {
    const length = (this.#lengths[row] ?? 0) >> 1
    const otherLength = (this.#lengths[other] ?? 0) >> 1
    const common = Math.min(length, otherLength)
    for (let at = 0; at < common; at += 1) {
      const difference = this.#unit(row, at) - this.#unit(other, at)
      if (difference !== 0) return difference
    }
    return length - otherLength
  }

  *keys(): Generator<string> {
    for (let row = 0; row < this.#rows; row += 1) if (this.hasKey(row)) yield this.keyOf(row)
  }

  /** Room for as many as there were is kept. */
  clear(): void {
    const rows = Math.max(firstRows, this.#hashes.length / 2)
    if (this.#rows < rows / 2 && rows < this.#hashes.length) this.#room(rows)
    else this.#table.fill(0)
    const wanted = Math.max(firstBytes, this.#bytes.length / 2)
    if (this.#end < wanted / 2 && wanted < this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(wanted)
    this.#free.length = 0
    this.#rows = 0
    this.#end = 0
    this.#gone = 0
  }

  #find(key: string, hash: number): number {
    const table = this.#table
    const mask = table.length - 1
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const row = (table[place] ?? 0) - 1
      if (row < 0 || (this.#hashes[row] === hash && this.#is(row, key))) return row
    }
  }

  #hashOf(key: string): number {
    let hash = this.#seed
    // FNV-1a by units, and the last steps of murmur3, as its low bits alone are poor.
    for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return hash ^ (hash >>> 16)
  }

  #is(row: number, key: string): boolean {
    const length = this.#lengths[row] ?? free
    if (length >> 1 !== key.length) return false
    const start = this.#starts[row] ?? 0
    const bytes = this.#bytes
    if (length & WIDE) {
      for (let at = 0; at < key.length; at += 1) if (this.#unit(row, at) !== key.charCodeAt(at)) return false
    } else {
      for (let at = 0; at < key.length; at += 1) if (bytes[start + at] !== key.charCodeAt(at)) return false
    }
    return true
  }

  #unit(row: number, at: number): number {
    const start = this.#starts[row] ?? 0
    const bytes = this.#bytes
    if (((this.#lengths[row] ?? 0) & WIDE) === 0) return bytes[start + at] ?? 0
    return (bytes[start + 2 * at] ?? 0) | ((bytes[start + 2 * at + 1] ?? 0) << 8)
  }

  #write(row: number, key: string): void {
    const wide = isWide(key) ? WIDE : 0
    const length = 2 * key.length + wide
    const size = bytesOf(length)
    if (this.#end + size > this.#bytes.length) this.#makeRoom(size)
    this.#lengths[row] = length
    this.#starts[row] = this.#end
    this.#bytes.write(key, this.#end, wide ? 'utf16le' : 'latin1')
    this.#end += size
  }

  /** For more bytes: a greater room where most of it is in use. */
  #makeRoom(more: number): void {
    const used = this.#end - this.#gone
    const isSparse = this.#gone > used * MOST_GONE
    const before = this.#bytes
    let size = isSparse ? firstBytes : before.length
    while ((isSparse ? 2 * used : this.#end) + more > size) size *= 2
    if (size > mostBytes) throw new RangeError(`keys take more than ${mostBytes} bytes`)
    const bytes = Buffer.allocUnsafeSlow(size)
    if (isSparse) {
      let end = 0
      for (let row = 0; row < this.#rows; row += 1) {
        if (!this.hasKey(row)) continue
        const start = this.#starts[row] ?? 0
        this.#starts[row] = end
        end += before.copy(bytes, end, start, start + bytesOf(this.#lengths[row] ?? 0))
      }
      this.#end = end
      this.#gone = 0
    } else {
      before.copy(bytes, 0, 0, this.#end)
    }
    this.#bytes = bytes
  }

  #enter(row: number, hash: number): void {
    const table = this.#table
    const mask = table.length - 1
    let place = hash & mask
    while (table[place] !== 0) place = (place + 1) & mask
    table[place] = row + 1
  }

  /** What stands behind it on the way from where its hash would have it moves up, so that no mark of something gone is left. */
  #leave(row: number): void {
    const table = this.#table
    const mask = table.length - 1
    let hole = (this.#hashes[row] ?? 0) & mask
    while (table[hole] !== row + 1) hole = (hole + 1) & mask
    for (let place = (hole + 1) & mask; ; place = (place + 1) & mask) {
      const other = (table[place] ?? 0) - 1
      if (other < 0) break
      const home = (this.#hashes[other] ?? 0) & mask
      if (((place - home) & mask) < ((place - hole) & mask)) continue
      table[hole] = other + 1
      hole = place
    }
    table[hole] = 0
  }

  #grow(): void {
    const rows = 2 * this.#hashes.length
    this.#hashes = grown(this.#hashes, new Int32Array(rows))
    this.#starts = grown(this.#starts, new Int32Array(rows))
    this.#lengths = grown(this.#lengths, new Int32Array(rows))
    this.#table = new Int32Array(2 * rows)
    for (let row = 0; row < this.#rows; row += 1)
      if (this.hasKey(row)) this.#enter(row, this.#hashes[row] ?? 0)
  }

  #room(rows: number): void {
    this.#table = new Int32Array(2 * rows)
    this.#hashes = new Int32Array(rows)
    this.#starts = new Int32Array(rows)
    this.#lengths = new Int32Array(rows)
  }
}

/** Of a key of this length, as `KeyRows` writes it. */
const bytesOf = (length: number): number => (length & WIDE ? length - WIDE : length / 2)

function isWide(key: string): boolean {
  for (let at = 0; at < key.length; at += 1) if (key.charCodeAt(at) > 0xff) return true
  return false
}
