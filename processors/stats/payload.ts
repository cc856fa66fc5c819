import type { Conn, Source } from '@weir/schemas'

/** Frame, address and TCP headers with the options of a SYN: a mean above it cannot be headers alone. */
const MAX_HEADER_BYTES = 78

/**
 * Whether one side of a connection sent anything but headers. Zeek counts payload; the others count bytes on the wire, of
 * which every TCP packet has some.
 */
export function hasPayload(source: Source, proto: string, bytes: number, packets: number): boolean {
  return source === 'zeek' || proto !== 'tcp' ? bytes > 0 : bytes > packets * MAX_HEADER_BYTES
}

/** Frame, address and TCP headers with the time stamps nearly all systems send. */
const USUAL_HEADER_BYTES = 66
/** The same without the frame: NetFlow counts from the address header on. */
const USUAL_PACKET_BYTES = 52

/** About how much payload one side of a TCP connection sent; as counted where the sensor counts payload. */
export function payloadBytes(source: Source, bytes: number, packets: number): number {
  if (source === 'zeek') return bytes
  return Math.max(0, bytes - packets * (source === 'nfdump' ? USUAL_PACKET_BYTES : USUAL_HEADER_BYTES))
}

/** Whether anybody said anything. */
export function spoke({ source, proto, srcBytes, srcPkts, dstBytes, dstPkts }: Conn): boolean {
  return hasPayload(source, proto, srcBytes, srcPkts) || hasPayload(source, proto, dstBytes, dstPkts)
}

export function spokeBothWays({ source, proto, srcBytes, srcPkts, dstBytes, dstPkts }: Conn): boolean {
  return hasPayload(source, proto, srcBytes, srcPkts) && hasPayload(source, proto, dstBytes, dstPkts)
}
