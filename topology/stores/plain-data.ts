import { Packr } from 'msgpackr'

/**
 * Plain data (objects, arrays, `Map`, `Set`, typed arrays, text, numbers, booleans, null) to bytes and back, self-contained: a
 * value needs no other to be read. The same value in the same insertion order gives the same bytes.
 */
const packr = new Packr({ useRecords: true, moreTypes: true, mapsAsObjects: false })

/** A copy: the packer's own buffer is reused by the next call. */
export function encodePlainData(value: unknown): Uint8Array {
  const bytes = packr.pack(value)
  return new Uint8Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

export function decodePlainData(bytes: Uint8Array): unknown {
  return packr.unpack(bytes)
}
