/** Ranges as their first and last address (`1.2.3.0-1.2.3.255`) or as an address and a mask, which lists have in place of prefixes. */
import ipaddr from 'ipaddr.js'
import { leastPrefix } from '../indicator-value.ts'

/** Whether it is one address and nothing else. */
export function isBareAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text))
}

/** `null` for what is no span; the fewest prefixes that hold what a span holds, or why it is refused. */
export function prefixesOf(text: string): readonly string[] | { readonly reject: string } | null {
  const [, first = '', last = ''] = /^\s*([0-9a-f:.]+)\s*-\s*([0-9a-f:.]+)\s*$/i.exec(text) ?? []
  if (!isBareAddress(first) || !isBareAddress(last)) return null
  const [start, end] = [ipaddr.parse(first), ipaddr.parse(last)]
  if (start.kind() !== end.kind()) return { reject: 'a range of two kinds of addresses' }
  const bits = start.kind() === 'ipv4' ? 32n : 128n
  const [from, to] = [numberOf(start), numberOf(end)]
  if (from > to) return { reject: 'a range that ends before it begins' }
  // Of one that is too wide as a whole no part is meant either.
  if (to - from >= 1n << (bits - BigInt(leastPrefix(start)))) return { reject: 'too wide a range' }
  const prefixes: string[] = []
  for (let at = from; at <= to; ) {
    let free = 0n
    while (free < bits && (at >> free) % 2n === 0n && at + (1n << (free + 1n)) - 1n <= to) free += 1n
    prefixes.push(`${textOf(at, bits)}/${bits - free}`)
    at += 1n << free
  }
  return prefixes
}

/** The length of the prefix that a mask stands for: a number of bits, or dotted (`255.255.255.0`); `null` for neither. */
export function maskLength(text: string): number | null {
  const digits = /^\/?(\d{1,3})$/.exec(text)?.[1]
  if (digits !== undefined) return Number(digits)
  return ipaddr.IPv4.isValidFourPartDecimal(text)
    ? ipaddr.IPv4.parse(text).prefixLengthFromSubnetMask()
    : null
}

function numberOf(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
}

function textOf(number: bigint, bits: bigint): string {
  const bytes = Array.from({ length: Number(bits) / 8 }, (_, at) =>
    Number((number >> (bits - 8n * BigInt(at + 1))) & 255n),
  )
  return ipaddr.fromByteArray(bytes).toString()
}
