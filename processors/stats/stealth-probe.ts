import type { Conn } from '@weir/schemas'

/** A service answers from below; a client's own port is above (RFC 6335). */
const FIRST_CLIENT_PORT = 1_024
/** Where the systems in use begin to take a client's own port from. */
const FIRST_EPHEMERAL_PORT = 32_768
/** A probe is sent once, and once more. */
const MAX_PACKETS = 2

/**
 * Whether the record may be a TCP probe without a SYN (FIN, NULL, Xmas, ACK: RFC 9293 section 3.5.2 says what a port answers to them), as Zeek tells of
 * it. One alone may as well be the end of a connection that was seen in part, so that only many ports of one host make a scan: a FIN or
 * an ACK without payload, at most refused with a reset, towards a port that is not plainly a client's.
 */
export function isStealthProbe(record: Conn): boolean {
  const { source, proto, history, srcPort, dstPort } = record
  if (source !== 'zeek' || proto !== 'tcp' || history === '' || srcPort === null || dstPort === null)
    return false
  if (record.srcBytes > 0 || record.dstBytes > 0 || record.srcPkts > MAX_PACKETS) return false
  if (srcPort < FIRST_CLIENT_PORT && dstPort >= FIRST_CLIENT_PORT) return false
  if (dstPort >= FIRST_EPHEMERAL_PORT && srcPort < FIRST_EPHEMERAL_PORT) return false
  for (let i = 0; i < history.length; i += 1) {
    const letter = history.charCodeAt(i)
    if (letter === RESET_BACK || letter === FIN || letter === ACK || letter === MANY || letter === ODD)
      continue
    return false
  }
  return true
}

// Letters of Zeek's history: capitals are the source's.
const RESET_BACK = 114
const FIN = 70
const ACK = 65
/** Flags that go together in no connection. */
const MANY = 81
const ODD = 73
