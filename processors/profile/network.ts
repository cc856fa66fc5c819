/** What is ours: the home networks. */
import ipaddr from 'ipaddr.js'
import { readBits6 } from '../intel/address-bits.ts'
import { isLinkLocal, isLoopback, isPrivate, isPublic } from './address-class.ts'
import { untranslated } from './translated-address.ts'

const CACHE_LIMIT = 65_536

export type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]

/**
 * Home networks as CIDRs, v4 and v6 (spec profiles-evidence-alerts.md section 4, «Weir:»). Without any, the private blocks are home, which is the
 * best guess for files from anywhere; and as IPv6 gives every host of a site an address of the internet, so is the /64 that an address stands in, to
 * the host that it is asked for.
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

  /**
   * Whether the address is of a home network, as seen from `nearIp`: the other end of the record, or the host itself where the
   * question is whether its own traffic is that of a site. It only matters where nothing is stated.
   */
  isHome(ip: string, nearIp = ''): boolean {
    if (!this.isStated) {
      if (isPrivate(ip)) return !isLoopback(ip) && !isLinkLocal(ip)
      return nearIp.includes(':') && ip.includes(':') && isPublic(ip) && isOfOneSubnet(ip, nearIp)
    }
    const known = this.#cache.get(ip)
    if (known !== undefined) return known
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear()
    const home = this.#ranges.some((range) => isWithin(ip, range))
    this.#cache.set(ip, home)
    return home
  }
}

const own = new Uint32Array(4)
const near = new Uint32Array(4)

/** A subnet of IPv6 hosts is a /64 (RFC 4291 section 2.5.1). What a translator made of IPv4 addresses is of one prefix, and of no subnet. */
function isOfOneSubnet(ip: string, nearIp: string): boolean {
  if (untranslated(ip) !== ip) return false
  return readBits6(ip, own) && readBits6(nearIp, near) && own[0] === near[0] && own[1] === near[1]
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
  const plain = untranslated(ip)
  if (!ipaddr.isValid(plain)) return false
  const address = ipaddr.parse(plain)
  return address.kind() === range[0].kind() && address.match(range)
}
