import type { Conn } from '@weir/schemas'
import { hasPayload } from './payload.ts'

/**
 * Whether nobody answered, as far as the record itself shows. A sensor that misses packets calls failed what went well: payload
 * came back, or, over TCP, the source acknowledged or sent data after its SYN, which it cannot do unanswered (RFC 9293
 * section 3.5).
 */
export function isUnanswered(record: Conn): boolean {
  if (record.established !== false) return false
  const { source, proto, dstBytes, dstPkts, history } = record
  if (dstBytes > 0 && hasPayload(source, proto, dstBytes, dstPkts)) return false
  if (source !== 'zeek' || proto !== 'tcp') return true
  // Letters of the source are capitals. Other orders than the SYN first are probes.
  return history.charCodeAt(0) !== 83 || !wentOn(history)
}

function wentOn(history: string): boolean {
  for (let i = 1; i < history.length; i++) {
    const letter = history.charCodeAt(i)
    if (letter === 65 || letter === 68) return true
  }
  return false
}
