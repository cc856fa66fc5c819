/** What the detectors of unknown ports agree on: which connections go to a port that nothing explains. */
import type { Conn } from '@weir/schemas'
import { isKnownPort } from '../data/known-ports.ts'
import { organisationOfPort } from '../data/organisation-ports.ts'
import { isLoopback, isUnicast } from '../profile/address-class.ts'
import type { HostMemory } from '../profile/host-memory.ts'
import type { Network } from '../profile/network.ts'
import { isAnswerLike } from '../stats/answer-like.ts'
import { spokeBothWays } from '../stats/payload.ts'
import { hasItem, type SmallSet, sizeOfSet, withItem } from '../stats/small-set.ts'

/** FTP control, portmapper, Windows RPC endpoint mapper, FTP over TLS: where one is told which port to call next. */
const brokerPorts: ReadonlySet<number> = new Set([21, 111, 135, 990])
const FTP_DATA_PORT = 20
const FTP_PORT = 21
const FTPS_PORT = 990
type Surroundings = { readonly host: HostMemory; readonly network: Network }

/** Brokers remembered of one host and window. */
const MAX_BROKERS = 50
const FIRST_CLIENT_PORT = 1_024
/** Where the systems in use begin to take a client's own port from. */
const FIRST_EPHEMERAL_PORT = 32_768
/** Ports from here on are handed out by the system and belong to no service (RFC 6335). */
const FIRST_DYNAMIC_PORT = 49_152

/** Notes a destination that tells which port to call next. */
export function noteBroker(state: { brokers: SmallSet<string> }, dstIp: string): void {
  if (sizeOfSet(state.brokers) < MAX_BROKERS) state.brokers = withItem(state.brokers, dstIp)
}

/**
 * Whether the source may have been told which port of the destination to call next. Empty connections, and ports of procedure calls of hosts
 * outside, tell of nothing; FTP within TLS shows no FTP, so that its server has to have a name.
 */
export function isToldPorts(record: Conn, { host, network }: Surroundings): boolean {
  const { srcIp, dstIp, dstPort, service, source } = record
  if (dstPort === null || !brokerPorts.has(dstPort)) return false
  if (record.established !== true || !spokeBothWays(record)) return false
  const namesServices = source === 'zeek' || source === 'suricata'
  if (dstPort === FTP_PORT) return !namesServices || service.includes('ftp')
  if (network.isHome(dstIp, srcIp)) return true
  return dstPort === FTPS_PORT && (!namesServices || host.namesOf(dstIp, record.tsMs).length > 0)
}

/** Whether the port may be one that the destination itself told of. */
export function isToldByBroker(
  state: { readonly brokers: SmallSet<string> },
  dstIp: string,
  dstPort: number,
): boolean {
  return dstPort >= FIRST_CLIENT_PORT && hasItem(state.brokers, dstIp)
}

/** Whether TCP or UDP goes to a port that has a number and is no service in wide use. */
export function hasUnknownPort({ proto, dstPort }: Conn): boolean {
  return (
    dstPort !== null && dstPort !== 0 && (proto === 'tcp' || proto === 'udp') && !isKnownPort(proto, dstPort)
  )
}

/** Whether nothing else explains an unknown port: no group, way back, FTP transfer, call within by agreed ports, nor vendor. */
export function isUnexplained(record: Conn, { host, network }: Surroundings): boolean {
  const { proto, dstIp, dstPort } = record
  if (dstPort === null || !isUnicast(dstIp) || isLoopback(dstIp) || isAnswerLike(record)) return false
  if (isFtpData(record, network) || host.isFtpDataPort(dstPort)) return false
  if (isWayBack(record, network)) return false
  if (dstPort >= FIRST_DYNAMIC_PORT && network.isHome(dstIp, record.srcIp)) return false
  return organisationOfPort(proto, dstIp, dstPort, host.namesOf(dstIp, record.tsMs)) === ''
}

/** Active FTP: the server calls from its data port. Anybody may call from there: the sensor says what it is, or a server calls who is at home. */
function isFtpData({ srcPort, srcIp, dstIp, service, source }: Conn, network: Network): boolean {
  if (srcPort !== FTP_DATA_PORT) return false
  if (service.includes('ftp')) return true
  const isNameless = source === 'argus' || source === 'nfdump'
  return network.isHome(dstIp, srcIp) && (isNameless || !network.isHome(srcIp, srcIp))
}

/** A service that goes on with a client at home whose question the sensor missed, as at the beginning of a capture. */
function isWayBack({ proto, srcPort, dstPort, srcIp, dstIp }: Conn, network: Network): boolean {
  if (proto !== 'udp' || srcPort === null || srcPort === 0 || srcPort >= FIRST_CLIENT_PORT) return false
  return (dstPort ?? 0) >= FIRST_EPHEMERAL_PORT && network.isHome(dstIp, srcIp)
}
