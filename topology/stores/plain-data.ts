import { Packr } from 'msgpackr'

/**
 * Plain data (objects, arrays, `Map`, `Set`, typed arrays, text, numbers, booleans, null) to bytes and back, self-contained: a
 * value needs no other to be read. The same value in the same insertion order gives the same bytes.
 */
const packr = new Packr({ useRecords: true, moreTypes: true, mapsAsObjects: false })

/**
 * A copy: the packer's own buffer is reused by the next call. Small ones share a slab of memory with others, which costs far less than
 * one of its own, and lives as long as any of them.
 */
export function encodePlainData(value: unknown): Uint8Array {
  const packed = packr.pack(value)
  const bytes = Buffer.allocUnsafe(packed.length)
  bytes.set(packed)
  return bytes
}

export function decodePlainData(bytes: Uint8Array): unknown {
  return packr.unpack(bytes)
}
