/** A line that a reader could not use. */
export type Reject = {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
  readonly text: string
}

/** So much of a rejected line is shown, in bytes of UTF-8: enough to recognise it, too little to fill a disk. */
export const rejectTextBytes = 1024

/**
 * The line that reports a reject, without its line break: `json/reject.schema.json`. Of the text no more is shown than
 * `rejectTextBytes`, cut between characters.
 */
export function rejectLine({ path, line, reason, text }: Reject): string {
  return JSON.stringify({ path, line, reason, text: cutText(text, rejectTextBytes) })
}

/** The longest beginning of `text` of at most `bytes` bytes of UTF-8 that ends between two characters. */
export function cutText(text: string, bytes: number): string {
  let size = 0
  let at = 0
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (size > bytes) return text.slice(0, at)
    at += code < 0x10000 ? 1 : 2
  }
  return text
}
