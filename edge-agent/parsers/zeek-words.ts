import { copyOf, ownedBetween } from './owned-text.ts'

/** A judgement: states, services, histories and labels of a site are some hundred. */
const slots = 2048
const longest = 64
const words: string[] = new Array<string>(slots).fill('')

/**
 * The text at `[from, to)` of a line, one string for all its appearances while it is in use. For columns of few different
 * values: finding one costs less than cutting it out, and a record kept for hours shares it. `bytes` holds the line, one
 * byte for each of its characters. Direct-mapped, so bounded whatever the input.
 */
export function wordBetween(line: string, bytes: Uint8Array, from: number, to: number): string {
  const length = to - from
  if (length > longest) return ownedBetween(line, from, to)
  let hash = length
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0
  const slot = (Math.imul(hash, 0x9e3779b1) >>> 16) & (slots - 1)
  const known = words[slot] ?? ''
  if (known.length === length) {
    let i = 0
    while (i < length && known.charCodeAt(i) === bytes[from + i]) i++
    if (i === length) return known
  }
  const word = copyOf(line.slice(from, to))
  words[slot] = word
  return word
}
