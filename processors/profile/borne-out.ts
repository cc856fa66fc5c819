/** Whether a service that calls by the clock anyway is one: a port is for whoever calls to choose. */
import type { Conn } from '@weir/schemas'
import { protocolsOf } from '../data/periodic-services.ts'
import { isPublicResolver } from '../data/public-resolvers.ts'
import { organisationAt } from '../enrichment/organisations.ts'
import type { Whereabouts } from '../enrichment/whereabouts.ts'
import type { HostMemory } from './host-memory.ts'
import type { Network } from './network.ts'

/**
 * Whether the sensor bears out that `tcp/110` is POP3: it says so, or nobody answered, so that no orders came. Flow sensors name no protocol, and older ones do
 * not know that of the time: there, questions are as long as their answers. False for services that are not in `periodic-services.ts`.
 */
export function isSpokenAt(service: string, record: Conn): boolean {
  const protocols = protocolsOf(service)
  if (protocols === undefined) return false
  if (record.dstBytes === 0) return true
  for (const protocol of protocols) if (record.service.includes(protocol)) return true
  return service === 'udp/123' && isQuestionOfTime(record)
}

/** Without extensions, packets of NTP are of one length both ways (RFC 5905 section 7.3). Zeek counts what is within the datagrams. */
function isQuestionOfTime({ service, source, srcBytes, dstBytes, srcPkts, dstPkts }: Conn): boolean {
  if (service !== '') return false
  return source === 'zeek'
    ? srcBytes === srcPkts * NTP_BYTES && dstBytes === dstPkts * NTP_BYTES
    : srcBytes * dstPkts === dstBytes * srcPkts
}

const NTP_BYTES = 48

/**
 * Whether nothing but its port tells that the destination is such a service: not the sensor, no answer of DNS, and it is no public resolver, no address of
 * a company's own and none within. False for services that are not in `periodic-services.ts`: who lists others means them.
 */
export function isByPortAlone(
  service: string,
  record: Conn,
  {
    host,
    network,
    whereabouts,
  }: { readonly host: HostMemory; readonly network: Network; readonly whereabouts: Whereabouts },
): boolean {
  const { srcIp, dstIp, tsMs } = record
  if (protocolsOf(service) === undefined || isSpokenAt(service, record)) return false
  return !(
    network.isHome(dstIp, srcIp) ||
    isPublicResolver(dstIp) ||
    host.namesOf(dstIp, tsMs).length > 0 ||
    organisationAt(dstIp, [], whereabouts) !== ''
  )
}
