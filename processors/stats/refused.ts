import type { Conn } from '@weir/schemas'

/** Address and TCP headers of a reset, which carries no options, as NetFlow counts them. */
const RESET_BYTES = 40
/** With the frame around them, and filled up to the shortest there is. */
const RESET_FRAME_BYTES = 60
const IPV6_RESET_BYTES = 60
const IPV6_RESET_FRAME_BYTES = 74

/** Whether a try to connect by TCP was answered with a reset, as each sensor tells it. */
export function isRefused(record: Conn): boolean {
  const { state } = record
  switch (record.source) {
    case 'zeek':
      return state === 'REJ'
    case 'argus':
      // Letters for each side, or one word for both.
      return state.startsWith('S_R') || (state === 'RST' && isAnsweredByResets(record))
    case 'suricata':
      // It counts bytes on the wire and calls a refusal closed.
      return isAnsweredByResets(record)
    case 'nfdump':
      // The flags are those of the way there.
      return state.includes('S') && isAnsweredByResets(record)
  }
}

/** Nothing else came back: an acceptance is larger, as it says how much it can take at once (RFC 9293 section 3.7.1). */
function isAnsweredByResets({ source, srcIp, established, srcPkts, dstPkts, dstBytes }: Conn): boolean {
  if (established !== false || dstPkts === 0 || dstPkts > srcPkts) return false
  const isIpv6 = srcIp.includes(':')
  const framed = isIpv6 ? IPV6_RESET_FRAME_BYTES : RESET_FRAME_BYTES
  const bare = isIpv6 ? IPV6_RESET_BYTES : RESET_BYTES
  return dstBytes <= dstPkts * (source === 'nfdump' ? bare : framed)
}
