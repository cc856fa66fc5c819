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

export function spokeBothWays({ source, proto, srcBytes, srcPkts, dstBytes, dstPkts }: Conn): boolean {
  return hasPayload(source, proto, srcBytes, srcPkts) && hasPayload(source, proto, dstBytes, dstPkts)
}
