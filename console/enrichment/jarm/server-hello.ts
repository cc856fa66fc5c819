/** What JARM looks at in a server's answer. */
export type ServerHello = {
  readonly suite: number
  readonly version: number
  /** The protocol chosen; `''` none. */
  readonly protocol: string
  /** Types of its extensions, in its order. */
  readonly extensions: readonly number[]
}

const RECORD_HEADER = 5
const HANDSHAKE = 22
const SERVER_HELLO = 2
const PROTOCOLS = 16

/**
 * A record (22, version, length) with a handshake (2, length of three bytes): version at 9, 32 random bytes, a session id with its length in one byte at 43,
 * suite, compression, extensions with their length in two bytes. `null` for an alert, for anything else, and for an answer that is cut
 * short before its suite; extensions count as far as they are there.
 */
export function parseServerHello(bytes: Buffer): ServerHello | null {
  if (bytes.length < 44 || bytes[0] !== HANDSHAKE || bytes[RECORD_HEADER] !== SERVER_HELLO) return null
  const after = 44 + (bytes[43] ?? 0)
  if (bytes.length < after + 3) return null
  const end = Math.min(bytes.length, RECORD_HEADER + bytes.readUInt16BE(3))
  const hello = { suite: bytes.readUInt16BE(after), version: bytes.readUInt16BE(9) }
  const extensions: number[] = []
  let protocol = ''
  if (after + 5 > end) return { ...hello, protocol, extensions }
  const last = Math.min(end, after + 5 + bytes.readUInt16BE(after + 3))
  for (let at = after + 5; at + 4 <= last; ) {
    const type = bytes.readUInt16BE(at)
    const length = bytes.readUInt16BE(at + 2)
    extensions.push(type)
    // A list of one name: two bytes of length for all, one for the name.
    if (type === PROTOCOLS && length > 3)
      protocol = bytes.toString('latin1', at + 7, Math.min(last, at + 4 + length))
    at += 4 + length
  }
  return { ...hello, protocol, extensions }
}
