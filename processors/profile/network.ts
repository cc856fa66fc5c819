/** What is ours: the home networks. */
import ipaddr from 'ipaddr.js'
import { isLinkLocal, isLoopback, isPrivate } from './address-class.ts'

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
}

/** An address range, or a single address as the range of one; `null` when it is neither. Host bits are ignored. */
export function parseCidr(text: string): Range | null {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  // The library also reads short forms, in which 10.0.0 is 10.0.0.0.
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return null
  if (slash >= 0) return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : null
  const parsed = ipaddr.parse(address)
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128]
}

/** False for text that is no address, and across address families. */
export function isWithin(ip: string, range: Range): boolean {
  if (!ipaddr.isValid(ip)) return false
  const address = ipaddr.parse(ip)
  return address.kind() === range[0].kind() && address.match(range)
}
