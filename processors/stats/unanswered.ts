import type { Conn } from '@weir/schemas'

/**
 * Whether nobody answered, as far as the record itself shows. Zeek calls failed what went well when packets of it were missed, and
 * tells so: payload came back, or, over TCP, the source acknowledged or sent data after its SYN, which it cannot do
 * unanswered (RFC 9293 section 3.5). What other sensors tell of a connection has no such order to go by.
 */
export function isUnanswered(record: Conn): boolean {
  if (record.established !== false) return false
  if (record.source !== 'zeek') return true
  if (record.dstBytes > 0) return false
  const { proto, history } = record
  // Letters of the source are capitals. Other orders than the SYN first are probes.
  return proto !== 'tcp' || history.charCodeAt(0) !== 83 || !wentOn(history)
}

function wentOn(history: string): boolean {
  for (let i = 1; i < history.length; i++) {
    const letter = history.charCodeAt(i)
    if (letter === 65 || letter === 68) return true
  }
  return false
}
