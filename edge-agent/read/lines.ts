/** Longer lines are not kept. A judgement: the longest real EVE and Zeek lines seen are below 100 KB. */
export const longestLineBytes = 1024 * 1024

/** What is kept of a line that is too long, or cut off, for whoever wants to see which it was. */
const keptBytes = 1024

/** A buffer grown for one long line is not kept for the short ones that follow. */
const roomyBytes = 64 * 1024

const lineFeed = 10
const carriageReturn = 13
const nothing = Buffer.alloc(0)

/**
 * Cuts chunks into whole lines. A line ends with `\n` or `\r\n`, the last one also without; a byte order mark is not part
 * of the first. Text is UTF-8; each byte that is none becomes U+FFFD, and NUL is a character like others.
 *
 * Each line is a string of its own: a slice of a decoded chunk would keep the whole chunk alive for as long as one name cut
 * out of it is remembered. Memory: one chunk, which the caller may overwrite as soon as `next` has given `null`, and at most
 * `longestLineBytes` of a line that goes over the edge of chunks.
 */
export class LineReader {
  /** Of the line `next` gave last; counts from 1. */
  lineNumber = 0
  /** The line `next` gave last is longer than `longestLineBytes`; the text given is its beginning only. */
  tooLong = false

  #chunk: Buffer = nothing
  #at = 0
  #carry: Buffer = nothing
  #carried = 0
  /** The line has grown too long: only the first `keptBytes` are in `#carry`. */
  #overlong = false
  #ended = false

  /** Only after `next` gave `null`. The chunk must not change until it does so again. */
  push(chunk: Uint8Array): void {
    this.#chunk = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    this.#at = 0
  }

  /** No more chunks will come: `next` may give one last line, then `null` for ever. */
  end(): void {
    this.#ended = true
  }

  /** The next whole line, or `null`: all that was pushed is used up. */
  next(): string | null {
    const start = this.#at
    const end = this.#chunk.indexOf(lineFeed, start)
    if (end < 0) {
      this.#at = this.#chunk.length
      this.#carryOn(start, this.#chunk.length)
      return this.#ended && this.#carried > 0 ? this.#carriedLine() : null
    }
    this.#at = end + 1
    if (this.#carried === 0) return this.#line(this.#chunk, start, end)
    this.#carryOn(start, end)
    return this.#carriedLine()
  }

  /**
   * Gives up the line that has begun and not ended, because what follows it is damaged. The answer is its beginning, for a
   * reject that counts as this line, the last one. Only after `next` gave `null`.
   */
  cut(): string {
    this.#ended = true
    this.lineNumber++
    const text = this.#carry.toString('utf8', 0, beginning(this.#carry, 0, this.#carried))
    this.#carried = 0
    return text
  }

  #line(bytes: Buffer, start: number, end: number): string {
    let from = start
    let to = end
    this.lineNumber++
    if (to > from && bytes[to - 1] === carriageReturn) to--
    if (
      this.lineNumber === 1 &&
      bytes[from] === 0xef &&
      bytes[from + 1] === 0xbb &&
      bytes[from + 2] === 0xbf
    ) {
      from = Math.min(from + 3, to)
    }
    this.tooLong = to - from > longestLineBytes
    if (this.tooLong) to = beginning(bytes, from, to)
    return bytes.toString('utf8', from, to)
  }

  #carriedLine(): string {
    const length = this.#carried
    this.#carried = 0
    const text = this.#line(this.#carry, 0, this.#overlong ? beginning(this.#carry, 0, length) : length)
    if (this.#overlong) this.tooLong = true
    this.#overlong = false
    if (this.#carry.length > roomyBytes) this.#carry = nothing
    return text
  }

  #carryOn(start: number, end: number): void {
    if (end === start || this.#overlong) return
    // The grace: a carriage return and a byte order mark are not part of the line.
    if (this.#carried + (end - start) <= longestLineBytes + 4) {
      this.#append(start, end)
      return
    }
    this.#overlong = true
    if (this.#carried < keptBytes) this.#append(start, Math.min(end, start + keptBytes - this.#carried))
    this.#carried = keptBytes
  }

  #append(start: number, end: number): void {
    const length = this.#carried + (end - start)
    if (length > this.#carry.length) {
      const grown = Buffer.allocUnsafe(Math.max(length, 2 * this.#carry.length, 4096))
      this.#carry.copy(grown, 0, 0, this.#carried)
      this.#carry = grown
    }
    this.#chunk.copy(this.#carry, this.#carried, start, end)
    this.#carried = length
  }
}

/** Where to end the beginning that is kept of `[from, to)`: not within a character. */
function beginning(bytes: Buffer, from: number, to: number): number {
  const end = Math.min(to, from + keptBytes)
  for (let lead = end - 1; lead >= from && lead >= end - 4; lead--) {
    const byte = bytes[lead] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
    return lead + length > end ? lead : end
  }
  return end
}
