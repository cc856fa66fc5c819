import ipaddr from 'ipaddr.js'
import { copyOf } from './owned-text.ts'

/** A judgement: the hosts of a busy site, in about 3 MB. */
const slots = 65_536

/** An IPv6 address is at most 45 characters; the rest is room for a zone. */
const longestAddress = 128

// Direct-mapped: a newcomer takes the slot of whoever hashes there, so there is nothing to clear and no cost in being full.
const v4Keys = new Int32Array(slots)
const v4Texts: string[] = new Array<string>(slots).fill('')
const v6 = new Map<string, string | null>()
const macs = new Map<string, string>()

const dot = 46
const colon = 58
const zero = 48

/**
 * The canonical text of an IP address: dotted decimal, or RFC 5952 for IPv6; an IPv4-mapped IPv6 address becomes the IPv4
 * one and a zone (`%eth0`) is dropped. `null` when the text is not an address. Octets with leading zeros are refused:
 * some programs read them as octal.
 *
 * Equal addresses are, while they are in use, one flat string: cheap to keep and to compare, and no log line stays alive.
 */
export function canonicalAddress(text: string): string | null {
  return addressBetween(text, 0, text.length)
}

/** `canonicalAddress(text.slice(from, to))`, without the slice. */
export function addressBetween(text: string, from: number, to: number): string | null {
  let address = 0
  let octet = -1
  let octets = 0
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    if (code >= zero && code <= 57) {
      if (octet < 0) octet = code - zero
      else if (octet === 0) return addressWithColons(text, from, to)
      else octet = octet * 10 + (code - zero)
      if (octet > 255) return addressWithColons(text, from, to)
    } else if (code === dot && octet >= 0 && octets < 3) {
      address = (address << 8) | octet
      octets++
      octet = -1
    } else {
      return addressWithColons(text, from, to)
    }
  }
  if (octets !== 3 || octet < 0) return null
  return addressOfBits((address << 8) | octet)
}

/** Dotted decimal of an IPv4 address given as a 32-bit integer, signed or not, first octet highest; shared as above. */
export function addressOfBits(bits: number): string {
  const address = bits | 0
  const slot = Math.imul(address, 0x9e3779b1) >>> 16
  const known = v4Texts[slot]
  if (known !== undefined && known !== '' && v4Keys[slot] === address) return known
  const text = copyOf(`${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`)
  v4Keys[slot] = address
  v4Texts[slot] = text
  return text
}

function addressWithColons(text: string, from: number, to: number): string | null {
  if (to - from > longestAddress || !hasEarlyColon(text, from, to)) return null
  const written = text.slice(from, to)
  const known = v6.get(written)
  if (known !== undefined) return known
  const canonical = canonicalV6(written)
  if (v6.size >= slots) v6.clear()
  v6.set(copyOf(written), canonical)
  return canonical
}

/** An IPv6 address has a colon within its first five characters; most junk has not. */
function hasEarlyColon(text: string, from: number, to: number): boolean {
  const end = Math.min(to, from + 5)
  for (let i = from; i < end; i++) {
    if (text.charCodeAt(i) === colon) return true
  }
  return false
}

function canonicalV6(written: string): string | null {
  const zone = written.indexOf('%')
  const bare = zone < 0 ? written : written.slice(0, zone)
  if (!ipaddr.IPv6.isValid(bare)) return null
  const parsed = ipaddr.IPv6.parse(bare)
  if (parsed.isIPv4MappedAddress()) return canonicalAddress(parsed.toIPv4Address().toString())
  return copyOf(parsed.toRFC5952String())
}

/**
 * A MAC address in lower case with colons, from colons, hyphens, Cisco's dotted groups or twelve bare digits; `''` when the
 * text is not one.
 */
export function canonicalMac(text: string): string {
  const known = macs.get(text)
  if (known !== undefined) return known
  if (text.length < 12 || text.length > 17) return ''
  const mac = macOf(text)
  if (mac === '') return ''
  if (macs.size >= slots) macs.clear()
  macs.set(copyOf(text), mac)
  return mac
}

const macForms = [
  /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i,
  /^[0-9a-f]{2}(?:-[0-9a-f]{2}){5}$/i,
  /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i,
  /^[0-9a-f]{12}$/i,
]

function macOf(text: string): string {
  if (!macForms.some((form) => form.test(text))) return ''
  const digits = text.replace(/[:.-]/g, '').toLowerCase()
  const pairs: string[] = []
  for (let i = 0; i < 12; i += 2) pairs.push(digits.slice(i, i + 2))
  return pairs.join(':')
}
