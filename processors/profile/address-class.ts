/**
 * What kind of address it is (spec inputs.md section 15.2: the IANA special-purpose blocks, as Python's ipaddress 3.11 counts them).
 * Carrier NAT (100.64/10) is not private. An IPv6 address that a translator made of an IPv4 address is of the class of that one.
 */
import ipaddr from 'ipaddr.js'
import { bits4 } from '../intel/address-bits.ts'
import { untranslated } from './translated-address.ts'

const PRIVATE = 1
const MULTICAST = 2
const LINK_LOCAL = 4
const LOOPBACK = 8
const RESERVED = 16
const BROADCAST = 32
const UNSPECIFIED = 64
const INVALID = 128
const BLOCK_10 = 256
const BLOCK_172 = 512
const BLOCK_192 = 1_024
const UNIQUE_LOCAL = 2_048
const PRIVATE_USE_4 = BLOCK_10 | BLOCK_172 | BLOCK_192

type Block = readonly [cidr: string, flags: number]

const blocks4: readonly Block[] = [
  ['0.0.0.0/8', PRIVATE],
  ['10.0.0.0/8', PRIVATE | BLOCK_10],
  ['127.0.0.0/8', PRIVATE | LOOPBACK],
  ['169.254.0.0/16', PRIVATE | LINK_LOCAL],
  ['172.16.0.0/12', PRIVATE | BLOCK_172],
  ['192.0.0.0/29', PRIVATE],
  ['192.0.0.170/31', PRIVATE],
  ['192.0.2.0/24', PRIVATE],
  ['192.168.0.0/16', PRIVATE | BLOCK_192],
  ['198.18.0.0/15', PRIVATE],
  ['198.51.100.0/24', PRIVATE],
  ['203.0.113.0/24', PRIVATE],
  ['224.0.0.0/4', MULTICAST],
  ['240.0.0.0/4', PRIVATE | RESERVED],
  ['255.255.255.255/32', PRIVATE | RESERVED | BROADCAST],
  ['0.0.0.0/32', PRIVATE | UNSPECIFIED],
]

const blocks6: readonly Block[] = [
  ['::/8', RESERVED],
  ['100::/8', RESERVED],
  ['200::/7', RESERVED],
  ['400::/6', RESERVED],
  ['800::/5', RESERVED],
  ['1000::/4', RESERVED],
  ['4000::/3', RESERVED],
  ['6000::/3', RESERVED],
  ['8000::/3', RESERVED],
  ['a000::/3', RESERVED],
  ['c000::/3', RESERVED],
  ['e000::/4', RESERVED],
  ['f000::/5', RESERVED],
  ['f800::/6', RESERVED],
  ['fe00::/9', RESERVED],
  ['::1/128', PRIVATE | LOOPBACK],
  ['::/128', PRIVATE | UNSPECIFIED],
  ['100::/64', PRIVATE],
  ['2001::/23', PRIVATE],
  ['2001:db8::/32', PRIVATE],
  ['fc00::/7', PRIVATE | UNIQUE_LOCAL],
  ['fe80::/10', PRIVATE | LINK_LOCAL],
  ['ff00::/8', MULTICAST],
]

const parsed4 = blocks4.map(([cidr, flags]) => ({ range: ipaddr.IPv4.parseCIDR(cidr), flags }))
const parsed6 = blocks6.map(([cidr, flags]) => ({ range: ipaddr.IPv6.parseCIDR(cidr), flags }))

type Block4 = { readonly firstBits: number; readonly hosts: number; readonly flags: number }

/** By first octet: most have no block at all. */
const byOctet: readonly (readonly Block4[])[] = Array.from({ length: 256 }, (_, octet) =>
  blocks4.flatMap(([cidr, flags]) => {
    const [network = '', length = ''] = cidr.split('/')
    const firstBits = bits4(network)
    const hosts = 2 ** (32 - Number(length))
    const isIn = firstBits < (octet + 1) * 2 ** 24 && octet * 2 ** 24 < firstBits + hosts
    return isIn ? [{ firstBits, hosts, flags }] : []
  }),
)

function classify4(bits: number): number {
  let flags = 0
  for (const block of byOctet[bits >>> 24] ?? [])
    if (bits >= block.firstBits && bits < block.firstBits + block.hosts) flags |= block.flags
  return flags
}

function classify6(given: string): number {
  const ip = untranslated(given)
  const bits = bits4(ip)
  if (bits >= 0) return classify4(bits)
  if (!ipaddr.IPv6.isValid(ip)) return INVALID
  const address = ipaddr.IPv6.parse(ip)
  return parsed6.reduce((flags, block) => (address.match(block.range) ? flags | block.flags : flags), 0)
}

/** Of IPv6, where classifying costs microseconds, and looking it up tens of nanoseconds; emptied when full, so bounded. */
const CACHE_LIMIT = 65_536
const cache = new Map<string, number>()

/** Detectors ask for both ends of a record one after the other; equal addresses from the parsers are one and the same text. */
let lastIp = ''
let lastFlags = INVALID
let formerIp = ''
let formerFlags = INVALID

function flagsOf(ip: string): number {
  if (ip === lastIp) return lastFlags
  if (ip === formerIp) return formerFlags
  formerIp = lastIp
  formerFlags = lastFlags
  lastFlags = lookUp(ip)
  lastIp = ip
  return lastFlags
}

function lookUp(ip: string): number {
  const bits = bits4(ip)
  if (bits >= 0) return classify4(bits)
  const known = cache.get(ip)
  if (known !== undefined) return known
  if (cache.size >= CACHE_LIMIT) cache.clear()
  const flags = classify6(ip)
  cache.set(ip, flags)
  return flags
}

/** Not globally reachable by its block; broadcast counts, multicast does not. */
export const isPrivate = (ip: string): boolean => (flagsOf(ip) & PRIVATE) !== 0
export const isMulticast = (ip: string): boolean => (flagsOf(ip) & MULTICAST) !== 0
export const isLinkLocal = (ip: string): boolean => (flagsOf(ip) & LINK_LOCAL) !== 0
export const isLoopback = (ip: string): boolean => (flagsOf(ip) & LOOPBACK) !== 0
export const isUnspecified = (ip: string): boolean => (flagsOf(ip) & UNSPECIFIED) !== 0
/** One host's address, so that «it was contacted» means something. */
export const isUnicast = (ip: string): boolean =>
  (flagsOf(ip) & (MULTICAST | BROADCAST | UNSPECIFIED | INVALID)) === 0
/** Of interest to scan detectors: valid, and not multicast, link-local, loopback or reserved. */
export const isScannable = (ip: string): boolean =>
  (flagsOf(ip) & (INVALID | MULTICAST | LINK_LOCAL | LOOPBACK | RESERVED | UNSPECIFIED)) === 0
/** A host of the internet: valid, and of none of the special blocks. */
export const isPublic = (ip: string): boolean => flagsOf(ip) === 0

/** Whether every address of the range is a host of the internet: none of the special blocks lies in it or around it. */
export function isPublicRange(network: string, length: number): boolean {
  const isFour = ipaddr.IPv4.isValidFourPartDecimal(network)
  if (!isFour && !ipaddr.IPv6.isValid(network)) return false
  const address = isFour ? ipaddr.IPv4.parse(network) : ipaddr.IPv6.parse(network)
  // Two ranges share addresses when one lies in the other: they are alike up to the end of the shorter prefix.
  return (isFour ? parsed4 : parsed6).every(
    ({ range: [block, blockLength] }) => !address.match(block, Math.min(length, blockLength)),
  )
}

/** Which block of RFC 1918 the address is in, as a number of its own for each; 0 when in none. */
export const privateUseBlock = (ip: string): number => flagsOf(ip) & PRIVATE_USE_4
/** An address for use inside sites: RFC 1918, or unique local (RFC 4193). */
export const isWithinPrivateUse = (ip: string): boolean =>
  (flagsOf(ip) & (PRIVATE_USE_4 | UNIQUE_LOCAL)) !== 0
