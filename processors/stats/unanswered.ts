import type { Conn } from '@weir/schemas'

/**
 * Whether nobody answered, as far as the record itself shows. Zeek calls failed what went well when packets of it were missed, and
 * tells so: payload came back, or, over TCP, the source acknowledged or sent data after its SYN, which it cannot do
 * unanswered (RFC 9293 section 3.5). A scanner can all the same, blindly: where the sensor shows no packet of the other side, more is asked
 * for, as a sensor that sees one way alone shows of every connection. What other sensors tell of a connection has no such order to go by.
 */
export function isUnanswered(record: Conn): boolean {
  if (record.established !== false) return false
  if (record.source !== 'zeek') return true
  if (record.dstBytes > 0) return false
  const { proto, history } = record
  // Letters of the source are capitals. Other orders than the SYN first are probes.
  if (proto !== 'tcp' || history.charCodeAt(0) !== 83) return true
  if (record.dstPkts > 0) return !(history.includes('A', 1) || history.includes('D', 1))
  return record.srcPkts < ONE_WAY_PACKETS || !history.includes('A', 1) || !history.includes('D', 1)
}

/** SYN, acknowledgement, data, acknowledgement: the least that a source sends which is answered. */
const ONE_WAY_PACKETS = 4
