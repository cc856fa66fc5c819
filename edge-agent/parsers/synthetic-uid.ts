import { hash } from 'node:crypto'

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** As long as Zeek's own ids, so that tables line up; 17 digits are about 100 bits. */
const digitCount = 17

/**
 * An id for a record whose sensor gave none: the same for the same line at the same place in a log, wherever that log
 * lies, so that a replay gives the same ids. It begins with `W`, which no id of a sensor does.
 */
export function syntheticUid(lineNumber: number, text: string): string {
  const digest = hash('sha1', `${lineNumber}\n${text}`, 'buffer')
  const uid = Buffer.allocUnsafe(1 + digitCount)
  uid[0] = 0x57
  for (let i = 0; i < digitCount; i++) uid[i + 1] = digits.charCodeAt((digest[i] ?? 0) % digits.length)
  return uid.toString('latin1')
}
