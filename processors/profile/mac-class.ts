/** What a MAC address stands for. MACs are lower case with colons, as the parsers give them. */

const LENGTH = 17
const NONE = '00:00:00:00:00:00'
/** Virtual routers: VRRP for IPv4 and IPv6 (RFC 5798 section 7.3), HSRP versions 1 and 2 (Cisco's documentation). */
const sharedPrefixes = ['00:00:5e:00:01:', '00:00:5e:00:02:', '00:00:0c:07:ac:', '00:00:0c:9f:f'] as const
const odd = '13579bdf'

/** Whether it is the MAC of one machine: set, not of a group (the lowest bit of the first octet), and not one that routers hand over. */
export function isDeviceMac(mac: string): boolean {
  if (mac.length !== LENGTH || mac === NONE || odd.includes(mac.charAt(1))) return false
  // All that routers share begins so.
  if (!mac.startsWith('00:00:')) return true
  for (const prefix of sharedPrefixes) if (mac.startsWith(prefix)) return false
  return true
}
