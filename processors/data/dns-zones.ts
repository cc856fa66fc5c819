/** Zones that mean something to those who ask in them, and how to tell that a name is in one. */

/** Zones that no public server answers for, or only with addresses of the place itself (RFC 6761, 6762, 8375; ICANN's `internal`). */
export const internalZones: readonly string[] = [
  'local',
  'lan',
  'home',
  'home.arpa',
  'internal',
  'corp',
  'intranet',
  'localdomain',
  'arpa',
  'localhost',
  // Windows asks for this name to see whether it is online; its true answer is in fd00::/8.
  'dns.msftncsi.com',
]

/**
 * Reputation lists that are asked over DNS (RFC 5782). Their answers in 127/8 are codes and not addresses, and
 * «no such name» is their good news.
 */
export const reputationZones: readonly string[] = [
  'spamhaus.org',
  'spamhaus.net',
  'spamcop.net',
  'barracudacentral.org',
  'surbl.org',
  'uribl.com',
  'sorbs.net',
  'dnswl.org',
  'mailspike.net',
  'mailspike.org',
  'senderscore.com',
  'senderbase.org',
  'uceprotect.net',
  'abuseat.org',
  'psbl.org',
  'manitu.net',
  'spameatingmonkey.net',
  'rspamd.com',
  'invaluement.com',
  'dnsbl.info',
  'cymru.com',
  'junkemailfilter.com',
  'backscatterer.org',
  'spfbl.net',
  'dronebl.org',
  'efnetrbl.org',
  'blocklist.de',
  'gbudb.net',
  'nordspam.com',
  's5h.net',
  'wpbl.info',
]

/** Whether the name is one of the zones or lies below one. Both in lower case, without a dot at the end. */
export function isWithinZone(name: string, zones: readonly string[]): boolean {
  for (const zone of zones) {
    if (
      name.length === zone.length
        ? name === zone
        : name.endsWith(zone) && name.charCodeAt(name.length - zone.length - 1) === DOT
    ) {
      return true
    }
  }
  return false
}

const DOT = 46

/** Lower case, without the dot at the end. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}

/**
 * An IPv4 address in reverse and a zone, as reputation lists are asked (RFC 5782 section 2.1). Under whatever zone: anybody's names may begin so, and it
 * takes a known zone, or few of them, to excuse one.
 */
export function isReversedAddressLookup(name: string): boolean {
  const address = /^((?:\d{1,3}\.){4})\D/.exec(name)?.[1] ?? ''
  return address.slice(0, -1).split('.').every(isOctet)
}

/**
 * The address whose name is asked for (RFC 1035 section 3.5, RFC 3596 section 2.5), IPv6 with all its groups and digits; '' for other names,
 * also for those of whole networks and of services found by DNS (`lb._dns-sd._udp.…`).
 */
export function addressOfReverseName(query: string): string {
  const name = canonicalName(query)
  if (name.endsWith('.in-addr.arpa')) {
    const parts = name.slice(0, -'.in-addr.arpa'.length).split('.')
    return parts.length === 4 && parts.every(isOctet) ? parts.reverse().join('.') : ''
  }
  if (!name.endsWith('.ip6.arpa')) return ''
  const digits = name.slice(0, -'.ip6.arpa'.length).split('.')
  if (digits.length !== 32 || !digits.every((digit) => /^[\da-f]$/.test(digit))) return ''
  return digits
    .reverse()
    .join('')
    .replaceAll(/(.{4})(?=.)/g, '$1:')
}

function isOctet(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= 255
}
