/**
 * A key followed by times, as one store key, such that all entries of a key stand together and in order of time. A zero byte
 * ends the key; a key that holds one itself has it doubled with a one, so that no key reads as the beginning of another.
 * Times take twelve digits of base 36 each, moved up by half of their range, so that times before 1970 sort first.
 */
const offset = 2 ** 52
const width = 12

export function timeKey(key: string, ...times: readonly number[]): string {
  return timePrefix(key) + times.map(timeText).join('')
}

/** What every entry of the key begins with. */
export function timePrefix(key: string): string {
  return `${key.includes('\u0000') ? key.replaceAll('\u0000', '\u0000\u0001') : key}\u0000\u0000`
}

/** Whole milliseconds only: windows begin on them. Times beyond ±2^52 are cut to it. */
export function timeText(timeMs: number): string {
  const moved = Math.min(2 * offset - 1, Math.max(0, Math.floor(timeMs) + offset))
  return moved.toString(36).padStart(width, '0')
}

/** The `at`th from the last of the times of a store key. */
export function timeFromEnd(storeKey: string, at: number): number {
  const end = storeKey.length - at * width
  return Number.parseInt(storeKey.slice(end - width, end), 36) - offset
}

/** The key of a store key with `count` times. */
export function keyOfTimeKey(storeKey: string, count: number): string {
  const key = storeKey.slice(0, storeKey.length - count * width - 2)
  return key.includes('\u0000') ? key.replaceAll('\u0000\u0001', '\u0000') : key
}
