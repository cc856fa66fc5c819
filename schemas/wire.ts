import { toMicros } from './micros.ts'
import { SchemaError } from './schema-error.ts'

/**
 * The primitives of Avro's binary encoding (Avro 1.12 specification, "Binary encoding"), as the generated readers and
 * writers of `record-codecs.ts` use them:
 *
 *     int, long   zigzag, then 7 bits a byte, least significant first, high bit set on all but the last
 *     double      8 bytes IEEE 754, little endian
 *     boolean     one byte, 0 or 1
 *     string      long: length in bytes, then UTF-8
 *     enum        int: position in the list of symbols
 *     union       long: position of the branch, then the branch
 *     array, map  blocks of (long: count, items), ended by a count of 0; a negative count is followed by the block's length
 *     record      its fields, nothing between
 */

const scratchBytes = 64 * 1024
/** A record larger than this gives its buffer back instead of keeping it for the next one. */
const keptScratchBytes = 1024 * 1024
/** Up to this length a loop over the characters is faster than a call into the runtime; measured equal at 24 to 32. */
const shortText = 28
/** How many short texts a reader remembers; a power of two. At this length they take well under a megabyte. */
const knownTexts = 4096
/** A MAC's length. Longer texts are mostly ids that never come again, and would only push the others out. */
const knownTextBytes = 17
const hashedEnd = 6
/** What the first four bytes of a number hold: 28 bits, one of them the sign. */
const lowHalf = 2 ** 27
const nothing = Buffer.alloc(0)

/** Writes one value after another into a buffer that it owns and reuses. */
export class Writer {
  #bytes = Buffer.allocUnsafeSlow(scratchBytes)
  #at = 0

  /** Starts over; what a failed write left behind is forgotten. */
  start(): void {
    this.#at = 0
  }

  /** A copy of what was written since `start`; the caller owns it. */
  finish(): Uint8Array {
    const written = this.#at
    const copy = Buffer.allocUnsafe(written)
    this.#bytes.copy(copy, 0, 0, written)
    if (this.#bytes.length > keptScratchBytes) this.#bytes = Buffer.allocUnsafeSlow(scratchBytes)
    this.#at = 0
    return copy
  }

  int(value: number): void {
    if ((value | 0) !== value) throw notEncodable(value, 'a whole number of 32 bits')
    this.#varint(value)
  }

  long(value: number): void {
    if (!Number.isSafeInteger(value)) throw notEncodable(value, 'a whole number within 2^53')
    this.#varint(value)
  }

  /** A time in milliseconds, written as whole microseconds. */
  time(ms: number): void {
    this.#varint(toMicros(ms))
  }

  double(value: number): void {
    if (typeof value !== 'number') throw notEncodable(value, 'a number')
    this.#reserve(8)
    this.#bytes.writeDoubleLE(value, this.#at)
    this.#at += 8
  }

  boolean(value: boolean): void {
    if (typeof value !== 'boolean') throw notEncodable(value, 'a boolean')
    this.#reserve(1)
    this.#bytes[this.#at++] = value ? 1 : 0
  }

  /** The position of an enum's symbol. */
  symbol(position: number | undefined): void {
    if (position === undefined) throw notEncodable(position, 'one of the symbols of its enum')
    this.#varint(position)
  }

  /** The position of a union's branch. */
  branch(position: number): void {
    this.#varint(position)
  }

  /** Lone surrogates become U+FFFD, as everywhere in UTF-8. */
  string(value: string): void {
    if (typeof value !== 'string') throw notEncodable(value, 'a text')
    const length = value.length
    if (length <= shortText) {
      this.#reserve(1 + length)
      const bytes = this.#bytes
      const start = this.#at + 1
      let at = 0
      while (at < length) {
        const code = value.charCodeAt(at)
        if (code > 0x7f) break
        bytes[start + at] = code
        at += 1
      }
      if (at === length) {
        bytes[this.#at] = length << 1
        this.#at = start + length
        return
      }
    }
    const size = Buffer.byteLength(value, 'utf8')
    this.#varint(size)
    this.#reserve(size)
    this.#bytes.write(value, this.#at, size, 'utf8')
    this.#at += size
  }

  list<T>(items: readonly T[], write: (writer: Writer, item: T) => void): void {
    const count = items.length
    if (count > 0) {
      this.#varint(count)
      for (let index = 0; index < count; index += 1) {
        const item = items[index]
        if (item === undefined) throw notEncodable(item, 'a list without holes')
        write(this, item)
      }
    }
    this.#varint(0)
  }

  /** In the order of the keys given, which Avro does not promise to keep and our reader does. */
  map<T>(values: Readonly<Record<string, T>>, write: (writer: Writer, value: T) => void): void {
    const keys = Object.keys(values)
    if (keys.length > 0) {
      this.#varint(keys.length)
      for (const key of keys) {
        const value = values[key]
        if (key === '__proto__' || value === undefined) throw notEncodable(key, 'a key with a value')
        this.string(key)
        write(this, value)
      }
    }
    this.#varint(0)
  }

  #varint(value: number): void {
    this.#reserve(10)
    const bytes = this.#bytes
    let at = this.#at
    if (value >= -0x4000_0000 && value < 0x4000_0000) {
      let zigzag = (value << 1) ^ (value >> 31)
      while (zigzag > 0x7f) {
        bytes[at++] = (zigzag & 0x7f) | 0x80
        zigzag >>>= 7
      }
      bytes[at++] = zigzag
    } else {
      // Zigzag of a large value passes 2^53 and the 32 bits of the shifts, so it is written in two halves: 27 bits and the
      // sign, which make four bytes, then the rest.
      const sign = value < 0 ? 1 : 0
      const size = sign === 1 ? -(value + 1) : value
      let rest = Math.floor(size / lowHalf)
      const low = (size - rest * lowHalf) * 2 + sign
      bytes[at] = (low & 0x7f) | 0x80
      bytes[at + 1] = ((low >> 7) & 0x7f) | 0x80
      bytes[at + 2] = ((low >> 14) & 0x7f) | 0x80
      bytes[at + 3] = (low >> 21) | 0x80
      at += 4
      while (rest > 0x7f) {
        bytes[at++] = (rest & 0x7f) | 0x80
        rest >>= 7
      }
      bytes[at++] = rest
    }
    this.#at = at
  }

  #reserve(size: number): void {
    const needed = this.#at + size
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}

/**
 * Reads one value after another. Every length and count is held against the bytes that are left before anything is
 * allocated for it, so memory and time are bounded by a small multiple of the input's length whatever it says.
 */
export class Reader {
  #bytes: Buffer = nothing
  #at = 0
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(knownTexts).fill(undefined)

  /** Takes up `bytes` at its beginning; they are only looked at until `finish`. */
  start(bytes: Uint8Array): void {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = 0
  }

  /** Throws unless the last byte has been read; lets the bytes go. */
  finish(): void {
    const left = this.#bytes.length - this.#at
    if (left > 0) throw this.bad(`${left} bytes are left over`)
    this.#bytes = nothing
  }

  /** The error for what is wrong at the present place. */
  bad(what: string): SchemaError {
    return new SchemaError('SCHEMA_BAD_BYTES', `${what} at byte ${this.#at} of ${this.#bytes.length}`)
  }

  int(): number {
    const value = this.long()
    if ((value | 0) !== value) throw this.bad('a number of more than 32 bits')
    return value
  }

  long(): number {
    const first = this.#byte()
    return first < 0x80 ? (first >> 1) ^ -(first & 1) : this.#longAfter(first)
  }

  /** Whole microseconds, read as milliseconds. */
  time(): number {
    return this.long() / 1000
  }

  /** No field means anything by what is not finite. */
  double(): number {
    const at = this.#at
    this.#need(8, 'a double')
    this.#at = at + 8
    const value = this.#bytes.readDoubleLE(at)
    if (!Number.isFinite(value)) throw this.bad(`${value} in place of a number`)
    return value
  }

  boolean(): boolean {
    const byte = this.#bytes[this.#at]
    if (byte === undefined || byte > 1) throw this.bad('a boolean that is neither 0 nor 1')
    this.#at += 1
    return byte === 1
  }

  symbol<T>(symbols: readonly T[]): T {
    const symbol = symbols[this.long()]
    if (symbol === undefined) throw this.bad('a symbol that its enum does not have')
    return symbol
  }

  /** The position of a union's branch, below `count`. */
  branch(count: number): number {
    const position = this.long()
    if (position < 0 || position >= count) throw this.bad('a branch that its union does not have')
    return position
  }

  /** Whether a nullable value follows. */
  present(): boolean {
    const byte = this.#byte()
    if (byte !== 0 && byte !== 2) throw this.bad('a branch that its union does not have')
    return byte === 2
  }

  /** Malformed UTF-8 is read with U+FFFD in its place. */
  string(): string {
    const size = this.long()
    if (size === 0) return ''
    if (size < 0) throw this.bad('a text of negative length')
    this.#need(size, 'a text')
    const start = this.#at
    const end = start + size
    this.#at = end
    return size <= knownTextBytes ? this.#shortString(start, end) : this.#bytes.utf8Slice(start, end)
  }

  list<T>(read: (reader: Reader) => T): T[] {
    const items: T[] = []
    for (let left = this.#block(); left > 0; left = this.#block()) {
      for (; left > 0; left -= 1) items.push(read(this))
    }
    return items
  }

  map<T>(read: (reader: Reader) => T): Record<string, T> {
    const values: Record<string, T> = {}
    for (let left = this.#block(); left > 0; left = this.#block()) {
      for (; left > 0; left -= 1) {
        const key = this.string()
        if (key === '__proto__') throw this.bad('a key that no object can hold')
        values[key] = read(this)
      }
    }
    return values
  }

  #longAfter(first: number): number {
    let low = first & 0x7f
    let shift = 7
    let byte = first
    while (byte > 0x7f && shift < 28) {
      byte = this.#byte()
      low |= (byte & 0x7f) << shift
      shift += 7
    }
    let value = low >>> 1
    let scale = lowHalf
    while (byte > 0x7f) {
      if (shift === 70) throw this.bad('a number of more than ten bytes')
      byte = this.#byte()
      value += (byte & 0x7f) * scale
      scale *= 128
      shift += 7
    }
    if ((first & 1) === 1) value = -value - 1
    if (!Number.isSafeInteger(value)) throw this.bad('a number beyond 2^53')
    return value
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw this.bad('the bytes end within a number')
    return byte
  }

  /** The count of the next block. No item takes less than a byte, so there cannot be more of them than bytes left. */
  #block(): number {
    let count = this.long()
    if (count < 0) {
      count = -count
      this.long()
    }
    this.#need(count, 'a list')
    return count
  }

  #need(size: number, what: string): void {
    if (size > this.#bytes.length - this.#at) throw this.bad(`${what} that goes beyond the bytes`)
  }

  /**
   * The same few addresses, sites, states and protocols make up most short texts. Each is looked up among the last ones
   * of its hash before a new string is made: that is faster, and equal texts share their memory.
   */
  #shortString(start: number, end: number): string {
    const bytes = this.#bytes
    const size = end - start
    // The ends tell texts apart well enough, and addresses best by their last bytes; reading all would cost more.
    let hash = size
    for (let at = size > hashedEnd ? end - hashedEnd : start; at < end; at += 1) {
      hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0
    }
    hash = Math.imul(hash, 31) + (bytes[start] ?? 0)
    const slot = (hash ^ (hash >>> 12)) & (knownTexts - 1)
    const known = this.#texts[slot]
    if (known !== undefined && known.length === size && isTextAt(known, bytes, start)) return known
    const text = bytes.utf8Slice(start, end)
    // As many characters as bytes: all of them are ASCII or U+FFFD, which no byte is equal to. Any other text could be
    // taken for bytes that are not UTF-8 at all.
    if (text.length === size) this.#texts[slot] = text
    return text
  }
}

function isTextAt(text: string, bytes: Buffer, start: number): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false
  }
  return true
}

function notEncodable(value: unknown, wanted: string): SchemaError {
  return new SchemaError('SCHEMA_NOT_ENCODABLE', `${wanted} was wanted, and ${String(value)} given`)
}

declare global {
  interface Buffer {
    /** Has been in Node since version 6, and is left out of its type declarations; quicker than `toString`. */
    utf8Slice(start: number, end: number): string
  }
}
