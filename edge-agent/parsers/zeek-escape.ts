const backslash = 92
const x = 120

/**
 * Undoes the escapes of Zeek's ASCII writer: `\xNN` for a byte, `\\` for a backslash. Runs of bytes are read as UTF-8; those
 * that are not UTF-8 keep their `\xNN`, as they do in Zeek's own JSON. Other backslashes stand for themselves: older
 * writers did not escape them.
 */
export function unescaped(text: string): string {
  let at = text.indexOf('\\')
  if (at < 0) return text
  let out = ''
  let from = 0
  while (at >= 0) {
    if (text.charCodeAt(at + 1) === backslash) {
      out += text.slice(from, at + 1)
      from = at + 2
    } else {
      const bytes: number[] = []
      let end = at
      for (let byte = byteAt(text, end); byte >= 0; byte = byteAt(text, end)) {
        bytes.push(byte)
        end += 4
      }
      if (bytes.length > 0) {
        out += text.slice(from, at) + decode(bytes)
        from = end
      }
    }
    at = text.indexOf('\\', Math.max(from, at + 1))
  }
  return out + text.slice(from)
}

function byteAt(text: string, at: number): number {
  if (text.charCodeAt(at) !== backslash || text.charCodeAt(at + 1) !== x) return -1
  const high = hexDigit(text.charCodeAt(at + 2))
  const low = hexDigit(text.charCodeAt(at + 3))
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  if (code >= 65 && code <= 70) return code - 55
  return -1
}

function decode(bytes: readonly number[]): string {
  let out = ''
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0
    const length = sequenceLength(first)
    const point = codePoint(bytes, i, length)
    if (point < 0) {
      out += `\\x${first.toString(16).padStart(2, '0')}`
      i++
    } else {
      out += String.fromCodePoint(point)
      i += length
    }
  }
  return out
}

/** How many bytes a UTF-8 sequence with this first byte says it has; 0 when none begins so. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
}

/** By hand, since a decoder that throws for every bad byte makes a line of them cost seconds. */
function codePoint(bytes: readonly number[], at: number, length: number): number {
  const first = bytes[at] ?? 0
  if (length < 2) return length === 1 ? first : -1
  let point = first & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] ?? 0
    if ((next & 0xc0) !== 0x80) return -1
    point = point * 64 + (next & 0x3f)
  }
  const least = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000
  const isSurrogate = point >= 0xd800 && point <= 0xdfff
  return point < least || point > 0x10ffff || isSurrogate ? -1 : point
}
