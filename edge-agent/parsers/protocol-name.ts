/** Assigned internet protocol numbers (IANA) of what is met on the wire; ICMP and ICMPv6 are both `icmp`, as Zeek has it. */
const numbers: Readonly<Record<string, string>> = {
  '0': 'hopopt',
  '1': 'icmp',
  '2': 'igmp',
  '4': 'ipip',
  '6': 'tcp',
  '8': 'egp',
  '17': 'udp',
  '27': 'rdp',
  '33': 'dccp',
  '41': 'ipv6',
  '46': 'rsvp',
  '47': 'gre',
  '50': 'esp',
  '51': 'ah',
  '58': 'icmp',
  '88': 'eigrp',
  '89': 'ospf',
  '94': 'ipip',
  '97': 'etherip',
  '103': 'pim',
  '112': 'vrrp',
  '115': 'l2tp',
  '132': 'sctp',
  '136': 'udplite',
}

const synonyms: Readonly<Record<string, string>> = {
  'ipv6-icmp': 'icmp',
  icmp6: 'icmp',
  icmpv6: 'icmp',
  'icmp-v6': 'icmp',
  ospfigp: 'ospf',
  'udp-lite': 'udplite',
}

const known = new Map<string, string>()
for (const [number, name] of Object.entries(numbers)) known.set(number, name).set(name, name)
for (const [written, name] of Object.entries(synonyms)) known.set(written, name)
for (const [written, name] of [...known]) known.set(written.toUpperCase(), name)
known.set('IPv6-ICMP', 'icmp').set('IPv6', 'ipv6')

/** Longer text is no protocol's name. */
const longestName = 24

/**
 * The name of an IP protocol as records carry it, from a number or a name in any case; a name that is not in the table in
 * lower case. `''` when the text cannot be a name.
 */
export function protocolName(text: string): string {
  const name = known.get(text)
  if (name !== undefined) return name
  if (text.length > longestName) return ''
  const lower = text.trim().toLowerCase()
  return known.get(lower) ?? (/^[a-z0-9][a-z0-9._/+-]*$/.test(lower) ? lower : '')
}
