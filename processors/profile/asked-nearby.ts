import type { Dns } from '@weir/schemas'
import { isLinkLocal, isMulticast } from './address-class.ts'
import type { Network } from './network.ts'

/**
 * Whether a name was asked for among neighbours (multicast DNS, RFC 6762; LLMNR, RFC 4795): of a group, of a link-local address, or at the port of these of a
 * home host. The port alone says nothing, as a server outside may answer at any.
 */
export function isAskedNearby({ srcIp, dstIp, dstPort }: Dns, network: Network): boolean {
  if (isMulticast(dstIp) || isLinkLocal(dstIp)) return true
  return (dstPort === 5_353 || dstPort === 5_355) && network.isHome(dstIp, srcIp)
}
