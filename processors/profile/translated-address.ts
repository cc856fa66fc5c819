/**
 * IPv6 addresses that are an IPv4 host seen through a translator: the well-known prefix of NAT64, 64:ff9b::/96 (RFC 6052), and ::ffff:0:0/96
 * (RFC 4291). What is known of the IPv4 host is true of them.
 */

const NAT64 = '64:ff9b::'
const MAPPED = '::ffff:'
const SIX = 54
const COLON = 58

/** The IPv4 address inside, else the text as it was given. Reads canonical text (RFC 5952); costs nothing for all others. */
export function untranslated(ip: string): string {
  const first = ip.charCodeAt(0)
  if (first === SIX && ip.startsWith(NAT64)) return dotted(ip, NAT64.length)
  if (first === COLON && ip.startsWith(MAPPED)) return dotted(ip, MAPPED.length)
  return ip
}

/** What stands behind the prefix: two groups, of which the first is left out where it is zero, or the dotted form itself. */
function dotted(ip: string, from: number): string {
  const rest = ip.slice(from)
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(rest)) return rest
  const groups = rest === '' ? [] : rest.split(':')
  if (groups.length > 2 || !groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return ip
  const [low = 0, high = 0] = groups.map((group) => Number.parseInt(group, 16)).reverse()
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}
