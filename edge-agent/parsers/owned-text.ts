/**
 * V8 keeps a substring of 13 or more characters as a view of the string it was cut from, so a name kept for hours would
 * keep its log line, or the whole chunk that was read, in memory. The functions here give text that stands alone.
 */

const longestCopied = 12
const scratch = Buffer.allocUnsafe(4096)

/** `text.slice(from, to)`, without keeping `text` alive. */
export function ownedBetween(text: string, from: number, to: number): string {
  const length = to - from
  if (length <= longestCopied) return text.slice(from, to)
  // Two short halves are copied by `slice`; their join refers to the halves only. Half the cost of a copy through bytes.
  if (length <= 2 * longestCopied) {
    const middle = from + (length >> 1)
    return text.slice(from, middle) + text.slice(middle, to)
  }
  return copyOf(text.slice(from, to))
}

/** The same text in memory of its own. */
export function ownedText(text: string): string {
  return ownedBetween(text, 0, text.length)
}

/** A flat copy; dearer than `ownedText`, for text that is made once and kept, such as an interned name. */
export function copyOf(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) return Buffer.from(text, 'utf16le').toString('utf16le')
  }
  const bytes = text.length <= scratch.length ? scratch : Buffer.allocUnsafe(text.length)
  const length = bytes.write(text, 'latin1')
  return bytes.toString('latin1', 0, length)
}
