/** Values to bytes and back. `decode` throws on bytes it does not understand. Both are pure. */
export type Codec<V> = {
  encode(value: V): Uint8Array
  decode(bytes: Uint8Array): V
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** UTF-8 text. */
export const textCodec: Codec<string> = {
  encode: (value) => encoder.encode(value),
  decode: (bytes) => decoder.decode(bytes),
}

/** JSON text. `check` parses at the border: it throws on a value that is not a `V`. */
export function jsonCodec<V>(check: (value: unknown) => V): Codec<V> {
  return {
    encode: (value) => encoder.encode(JSON.stringify(value)),
    decode: (bytes) => check(JSON.parse(decoder.decode(bytes))),
  }
}

/** A double, eight bytes, big-endian. */
export const numberCodec: Codec<number> = {
  encode(value) {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setFloat64(0, value)
    return bytes
  },
  decode(bytes) {
    if (bytes.length !== 8) throw new RangeError(`a number takes 8 bytes, not ${bytes.length}`)
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0)
  },
}
