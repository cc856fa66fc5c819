import { hash } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'

/**
 * The Community ID, version 1 with seed 0, of a flow: the same text for both directions, from any tool that implements it
 * (https://github.com/corelight/community-id-spec).
 *
 *     "1:" base64( SHA-1( seed 2 | address 4 or 16 | address 4 or 16 | protocol 1 | zero 1 | port 2 | port 2 ) )
 *
 * All in network order, the smaller address and port first. ICMP puts its type in place of the first port, and in place of
 * the second the type of the answer, or the code where no answer exists. Protocols without ports end after the zero.
 *
 * `proto` is a name in lower case or a protocol number. `icmp` between IPv6 addresses is ICMPv6, since Zeek tells them
 * apart by address alone. `''` when the protocol is unknown, an address is not one, or a port or type it needs is `null`
 * or out of range.
 */
export function communityId(
  srcIp: string,
  dstIp: string,
  proto: string,
  srcPort: number | null,
  dstPort: number | null,
  icmpType: number | null,
  icmpCode: number | null,
): string {
  const src = addressBytes(srcIp)
  const dst = addressBytes(dstIp)
  if (src === null || dst === null || src.length !== dst.length) return ''
  const number = protocolNumber(proto, src.length === 16)
  if (number === null) return ''

  const ends = endsOf(number, srcPort, dstPort, icmpType, icmpCode)
  if (ends === null) return ''
  const order = src.compare(dst) || ends.first - ends.second
  const isSwapped = !ends.isOneWay && order > 0

  const size = src.length
  const bytes = Buffer.alloc(2 * size + (ends.hasPorts ? 8 : 4))
  bytes.set(isSwapped ? dst : src, 2)
  bytes.set(isSwapped ? src : dst, 2 + size)
  bytes[2 + 2 * size] = number
  if (ends.hasPorts) {
    bytes.writeUInt16BE(isSwapped ? ends.second : ends.first, 4 + 2 * size)
    bytes.writeUInt16BE(isSwapped ? ends.first : ends.second, 6 + 2 * size)
  }
  return `1:${hash('sha1', bytes, 'base64')}`
}

type Ends = {
  readonly first: number
  readonly second: number
  readonly hasPorts: boolean
  /** A message that nobody answers has a direction, and keeps it. */
  readonly isOneWay: boolean
}

function endsOf(
  number: number,
  srcPort: number | null,
  dstPort: number | null,
  icmpType: number | null,
  icmpCode: number | null,
): Ends | null {
  if (number === icmp || number === icmp6) {
    if (!isWithin(icmpType, 0xff)) return null
    const answer = (number === icmp ? icmpAnswers : icmp6Answers).get(icmpType)
    if (answer !== undefined) return { first: icmpType, second: answer, hasPorts: true, isOneWay: false }
    return isWithin(icmpCode, 0xff)
      ? { first: icmpType, second: icmpCode, hasPorts: true, isOneWay: true }
      : null
  }
  if (!withPorts.has(number)) return { first: 0, second: 0, hasPorts: false, isOneWay: false }
  return isWithin(srcPort, 0xffff) && isWithin(dstPort, 0xffff)
    ? { first: srcPort, second: dstPort, hasPorts: true, isOneWay: false }
    : null
}

function isWithin(value: number | null, greatest: number): value is number {
  return value !== null && Number.isInteger(value) && value >= 0 && value <= greatest
}

const icmp = 1
const tcp = 6
const udp = 17
const icmp6 = 58
const sctp = 132
const withPorts: ReadonlySet<number> = new Set([tcp, udp, sctp])

/** Names as sensors write them, with their numbers (IANA, "Assigned Internet Protocol Numbers"). */
const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ['icmp', icmp],
  ['igmp', 2],
  ['ipip', 4],
  ['tcp', tcp],
  ['egp', 8],
  ['udp', udp],
  ['ipv6', 41],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmp6', icmp6],
  ['icmpv6', icmp6],
  ['ipv6-icmp', icmp6],
  ['eigrp', 88],
  ['ospf', 89],
  ['pim', 103],
  ['vrrp', 112],
  ['l2tp', 115],
  ['sctp', sctp],
])

function protocolNumber(proto: string, isV6: boolean): number | null {
  const number = protocolNumbers.get(proto) ?? (/^\d{1,3}$/.test(proto) ? Number(proto) : null)
  if (number === null || number > 0xff) return null
  return number === icmp && isV6 ? icmp6 : number
}

/** Type of a message to the type of its answer, both ways. */
const icmpAnswers = bothWays([
  [8, 0],
  [10, 9],
  [13, 14],
  [15, 16],
  [17, 18],
])

const icmp6Answers = bothWays([
  [128, 129],
  [130, 131],
  [133, 134],
  [135, 136],
  [139, 140],
  [144, 145],
])

function bothWays(pairs: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(pairs.flatMap(([ask, answer]) => [[ask, answer] as const, [answer, ask] as const]))
}

/** An address in network order, 4 or 16 bytes; `null` for any other text, and for one with a zone. */
function addressBytes(text: string): Buffer | null {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number))
  if (!isIPv6(text) || text.includes('%')) return null
  const [head = '', tail] = text.split('::')
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  return Buffer.from([...front, ...new Array<number>(16 - front.length - back.length).fill(0), ...back])
}

/** The bytes of the colon-separated part of an IPv6 address, whose last group may be an IPv4 address. */
function groups(part: string): readonly number[] {
  if (part === '') return []
  return part.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}
