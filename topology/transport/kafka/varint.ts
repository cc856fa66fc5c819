/**
 * Kafka's variable-length integers: zig-zag, then seven bits a byte, lowest first. Values are exact up to 2^53, which holds
 * every difference of two times; 32 bits are not enough for times more than 24.9 days apart.
 */

/** Where the next write goes. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  if (value >= -0x40000000 && value < 0x40000000) {
    let zigzag = ((value << 1) ^ (value >> 31)) >>> 0
    while (zigzag > 0x7f) {
      bytes[at++] = (zigzag & 0x7f) | 0x80
      zigzag >>>= 7
    }
    bytes[at++] = zigzag
    return at
  }
  let zigzag = value < 0 ? -2 * value - 1 : 2 * value
  while (zigzag > 0x7f) {
    bytes[at++] = (zigzag % 0x80) | 0x80
    zigzag = Math.floor(zigzag / 0x80)
  }
  bytes[at++] = zigzag
  return at
}

export function varintSize(value: number): number {
  let zigzag = value < 0 ? -2 * value - 1 : 2 * value
  let size = 1
  while (zigzag > 0x7f) {
    zigzag = Math.floor(zigzag / 0x80)
    size += 1
  }
  return size
}

/** Reads one value after another out of bytes; throws a `RangeError` at their end. */
export class VarintReader {
  readonly bytes: Buffer
  at: number

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes
    this.at = at
  }

  next(): number {
    const { bytes } = this
    let byte = bytes[this.at++]
    if (byte === undefined) throw new RangeError('a record ends in the middle of a number')
    let zigzag = byte & 0x7f
    // Bitwise up to 28 bits; beyond, in floating point.
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = bytes[this.at++]
      if (byte === undefined || shift > 63) throw new RangeError('a record ends in the middle of a number')
      if (shift < 28) zigzag |= (byte & 0x7f) << shift
      else zigzag += (byte & 0x7f) * 2 ** shift
    }
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
  }
}
