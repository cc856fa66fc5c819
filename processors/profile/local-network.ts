/** Which private addresses belong together where nobody has said what is home (spec detections.md section 12.2). */
import { isWithinPrivateUse, privateUseBlock } from './address-class.ts'
import type { Network } from './network.ts'

/**
 * Whether `ip` is an address of a private network, and not of the local one. Local are the stated home networks; without any, the
 * block of RFC 1918 that `nearIp` is in, which is a guess: a routed site may use several. Never true of the special blocks (link-local,
 * loopback, documentation), nor of a unique local IPv6 address unless home is stated.
 */
export function isForeignPrivate(ip: string, nearIp: string, network: Network): boolean {
  if (!isWithinPrivateUse(ip)) return false
  if (network.isStated) return !network.isHome(ip)
  const own = privateUseBlock(nearIp)
  const other = privateUseBlock(ip)
  return own !== 0 && other !== 0 && own !== other
}

/**
 * Which end of a record is of another private network than the local one; '' for neither. That the source is elsewhere itself is known
 * only where home is stated.
 */
export function foreignSide(srcIp: string, dstIp: string, network: Network): 'src' | 'dst' | '' {
  if (isForeignPrivate(dstIp, srcIp, network)) {
    return network.isStated && !network.isHome(srcIp) ? '' : 'dst'
  }
  return network.isStated && network.isHome(dstIp) && isForeignPrivate(srcIp, dstIp, network) ? 'src' : ''
}
