/** What is ours: home networks, and which way a flow goes. */
import ipaddr from 'ipaddr.js'
import { isLinkLocal, isLoopback, isPrivate } from './address-class.ts'

export type Direction = 'outbound' | 'inbound' | 'internal' | 'external'

const CACHE_LIMIT = 65_536

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]

/**
 * Home networks as CIDRs, v4 and v6 (spec profiles-evidence-alerts.md section 4, «Weir:»). Without any, the private blocks are home, which is the
 * best guess for files from anywhere.
 */
export class Network {
  /** Whether someone said what is home; only then may other hosts be left out. */
  readonly isStated: boolean
  readonly #ranges: readonly Range[]
  readonly #cache = new Map<string, boolean>()

  /** Throws on text that is neither a CIDR nor an address; check with `parseCidr` first. */
  constructor(homeNetworks: readonly string[]) {
    this.isStated = homeNetworks.length > 0
    this.#ranges = homeNetworks.map((text) => {
      const range = parseCidr(text)
      if (range === null) throw new TypeError(`'${text}' is not an address range`)
      return range
    })
  }

  isHome(ip: string): boolean {
    if (!this.isStated) return isPrivate(ip) && !isLoopback(ip) && !isLinkLocal(ip)
    const known = this.#cache.get(ip)
    if (known !== undefined) return known
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear()
    const home = this.#ranges.some((range) => isWithin(ip, range))
    this.#cache.set(ip, home)
    return home
  }

  direction(srcIp: string, dstIp: string): Direction {
    if (this.isHome(srcIp)) return this.isHome(dstIp) ? 'internal' : 'outbound'
    return this.isHome(dstIp) ? 'inbound' : 'external'
  }
}

/** An address range, or a single address as the range of one; `null` when it is neither. Host bits are ignored. */
export function parseCidr(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  if (!ipaddr.isValid(text)) return null
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** False for text that is no address, and across address families. */
export function isWithin(ip: string, range: Range): boolean {
  if (!ipaddr.isValid(ip)) return false
  const address = ipaddr.parse(ip)
  return address.kind() === range[0].kind() && address.match(range)
}
