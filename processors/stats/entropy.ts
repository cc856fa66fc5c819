/** Reused from call to call: texts are read one at a time, and the counts are cleared before each. */
const counts = new Uint32Array(128)

/**
 * Shannon entropy of a text over its own characters, in bits per character: 0 for one character repeated, at most log2 of
 * the number of different ones. Counted in UTF-16 units.
 */
export function bitsPerCharacter(text: string): number {
  const { length } = text
  if (length === 0) return 0
  counts.fill(0)
  let others: Map<number, number> | null = null
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 128) {
      counts[code] = (counts[code] ?? 0) + 1
    } else {
      others ??= new Map()
      others.set(code, (others.get(code) ?? 0) + 1)
    }
  }
  let sum = 0
  for (const count of counts) if (count > 1) sum += count * Math.log2(count)
  if (others !== null) for (const count of others.values()) sum += count * Math.log2(count)
  return Math.log2(length) - sum / length
}
