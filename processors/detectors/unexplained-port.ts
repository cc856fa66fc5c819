/** What the detectors of unknown ports agree on: which connections go to a port that nothing explains. */
import type { Conn } from '@weir/schemas'
import { isKnownPort } from '../data/known-ports.ts'
import { organisationOfPort } from '../data/organisation-ports.ts'
import { isLoopback, isUnicast } from '../profile/address-class.ts'
import type { HostMemory } from '../profile/host-memory.ts'
import type { Network } from '../profile/network.ts'
import { isAnswerLike } from '../stats/answer-like.ts'

/** FTP control, portmapper, Windows RPC endpoint mapper, FTP over TLS: where one is told which port to call next. */
const brokerPorts: ReadonlySet<number> = new Set([21, 111, 135, 990])
const FTP_DATA_PORT = 20
/** Brokers remembered of one host and window. */
const MAX_BROKERS = 50
const FIRST_CLIENT_PORT = 1_024
/** Ports from here on are handed out by the system and belong to no service (RFC 6335). */
const FIRST_DYNAMIC_PORT = 49_152

/** Notes the destination of a port where one is told which port to call next. */
export function noteBroker(state: { readonly brokers: Set<string> }, dstIp: string): void {
  if (state.brokers.size < MAX_BROKERS) state.brokers.add(dstIp)
}

export const isBrokerPort = (port: number): boolean => brokerPorts.has(port)

/** Whether the port may be one that the destination itself told of. */
export function isToldByBroker(
  state: { readonly brokers: ReadonlySet<string> },
  dstIp: string,
  dstPort: number,
): boolean {
  return dstPort >= FIRST_CLIENT_PORT && state.brokers.has(dstIp)
}

/** Whether TCP or UDP goes to a port that has a number and is no service in wide use. */
export function hasUnknownPort({ proto, dstPort }: Conn): boolean {
  return (
    dstPort !== null && dstPort !== 0 && (proto === 'tcp' || proto === 'udp') && !isKnownPort(proto, dstPort)
  )
}

/** Whether nothing else explains an unknown port: no group, way back, FTP transfer, call within by agreed ports, nor vendor. */
export function isUnexplained(
  record: Conn,
  { host, network }: { readonly host: HostMemory; readonly network: Network },
): boolean {
  const { proto, dstIp, dstPort } = record
  if (dstPort === null || !isUnicast(dstIp) || isLoopback(dstIp) || isAnswerLike(record)) return false
  if (record.srcPort === FTP_DATA_PORT || host.isFtpDataPort(dstPort)) return false
  if (dstPort >= FIRST_DYNAMIC_PORT && network.isHome(dstIp, record.srcIp)) return false
  return organisationOfPort(proto, dstIp, dstPort, host.namesOf(dstIp, record.tsMs)) === ''
}
