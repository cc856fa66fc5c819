/**
 * What a writer says of its own input in every partition of a topic: that it has begun, and that it has ended. A mark is a record
 * without a value, whose key names the writer and whose header `weir-input` says which of the two it is, in ASCII. Who knows
 * nothing of marks sees a deletion in a topic that has none.
 *
 * A partition has ended when an end is the last thing in it and no writer that began there has still to end. A mark said again
 * says nothing new. What comes after an end is new work.
 */
import type { LogRecord } from '../transport/transport.ts'

export type InputMark = { readonly writer: string; readonly says: 'begin' | 'end' }

const header = 'weir-input'

/** `writer` is the same whenever the same input is sent again. `timestampMs` is wall-clock time. */
export function encodeInputMark({ writer, says }: InputMark, timestampMs: number): LogRecord {
  return {
    key: writer,
    value: null,
    timestampMs,
    streamTimeMs: Number.NaN,
    headers: [[header, new TextEncoder().encode(says)]],
  }
}

/** `null` when the record is not a mark. */
export function decodeInputMark({ key, value, headers }: LogRecord): InputMark | null {
  if (value !== null || headers === undefined) return null
  const found = headers.find(([name]) => name === header)
  if (found === undefined) return null
  const says = new TextDecoder().decode(found[1])
  return says === 'begin' || says === 'end' ? { writer: key, says } : null
}
