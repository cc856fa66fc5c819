import type { Conn } from '@weir/schemas'

/** Ports below are for services (RFC 6335); a client's own port is above. */
const FIRST_CLIENT_PORT = 1_024
/**
 * Services asked by a question to a group (SSDP, WS-Discovery, NAT-PMP, multicast DNS, LLMNR): the answers come from hosts that nobody
 * called, so a sensor counts them as tries of their own.
 */
const discoveryPorts: ReadonlySet<number> = new Set([1_900, 3_702, 5_351, 5_353, 5_355])

/**
 * Whether the record reads like the way back of a connection whose beginning the sensor missed: late UDP answers,
 * one-way flow exports, captures that begin in the middle. A service then seems to call on many ports of its client. A
 * TCP history that begins with the source's SYN, or a state that tells of one, proves the opposite.
 */
export function isAnswerLike(record: Conn): boolean {
  const beginsWithSyn = record.history.charCodeAt(0) === 83
  if (record.history.includes('^')) return true
  // Zeek saw no SYN: what it takes for a failure may have run for long.
  if (record.source === 'zeek' && record.proto === 'tcp' && record.history !== '' && !beginsWithSyn)
    return true
  const { srcPort, dstPort } = record
  if (srcPort === null || dstPort === null) return false
  if (srcPort === 0 || dstPort < FIRST_CLIENT_PORT) return false
  if (srcPort >= FIRST_CLIENT_PORT) return record.proto === 'udp' && discoveryPorts.has(srcPort)
  return record.proto !== 'tcp' || !beginsWithSyn
}
