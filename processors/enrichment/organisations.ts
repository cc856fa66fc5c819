/**
 * Whose an address or a name is, of the companies that everybody has to do with (spec detections.md section 12.4): by the company's
 * own ranges, by its AS number where a database gives one, by its domains and all below them.
 */
import { customerZoneOf } from '../data/customer-zones.ts'
import { organisationAddressLines } from '../data/organisation-addresses.ts'
import { isDomain, organisationDomainLines, useOrganisationDomains } from '../data/organisation-domains.ts'
import { bits4, readBits6 } from '../intel/address-bits.ts'
import { PrefixTrie } from '../intel/prefix-trie.ts'
import { untranslated } from '../profile/translated-address.ts'
import type { Whereabouts } from './whereabouts.ts'

const names: string[] = []
let ranges4 = new PrefixTrie(1)
let ranges6 = new PrefixTrie(4)
const word = new Uint32Array(1)
const words = new Uint32Array(4)
const ownAsns = new Map<number, string>()
const hostAsns = new Map<number, string>()
const byDomain = new Map<string, string>()

/** Takes the place of all that was known, domains included. Trusts its lines. */
export function useOrganisations(lines: readonly string[]): void {
  names.length = 0
  ranges4 = new PrefixTrie(1)
  ranges6 = new PrefixTrie(4)
  for (const map of [ownAsns, hostAsns, byDomain]) map.clear()
  useOrganisationDomains(lines)
  for (const line of lines) {
    const [name = '', value = '', use = ''] = line.split(',')
    if (isDomain(value)) byDomain.set(value, name)
    else if (/^as/i.test(value)) (use === 'hosting' ? hostAsns : ownAsns).set(Number(value.slice(2)), name)
    else {
      if (!names.includes(name)) names.push(name)
      addRange(value, names.indexOf(name))
    }
  }
}

function addRange(range: string, at: number): void {
  const slash = range.indexOf('/')
  const length = Number(range.slice(slash + 1))
  const address = range.slice(0, slash)
  const bits = bits4(address)
  if (bits >= 0) {
    word[0] = bits
    ranges4.set(word, length, at)
    return
  }
  if (!readBits6(address, words)) throw new TypeError(`'${range}' is no address range`)
  ranges6.set(words, length, at)
}

/** What comes with the program. */
export const organisationLines: readonly string[] = [...organisationAddressLines, ...organisationDomainLines]

useOrganisations(organisationLines)

/** Whose service is at the address, by ranges alone; `''` when nobody's that is known. */
export function organisationOfAddress(given: string): string {
  const ip = untranslated(given)
  let found = -1
  const take = (value: number): void => {
    found = value
  }
  const bits = bits4(ip)
  if (bits >= 0) {
    word[0] = bits
    ranges4.covering(word, take)
  } else if (readBits6(ip, words)) ranges6.covering(words, take)
  return names[found] ?? ''
}

/** Who has the AS number. `isHost`: its addresses are let to anybody, so that it excuses nothing. `null` when unknown. */
export function organisationOfAsn(asn: number): { readonly name: string; readonly isHost: boolean } | null {
  const own = ownAsns.get(asn)
  if (own !== undefined) return { name: own, isHost: false }
  const host = hostAsns.get(asn)
  return host === undefined ? null : { name: host, isHost: true }
}

/** Whose domain the name is in, or `''`, also where it is a name of one of their customers. Lower case, no dot at the end. */
export function organisationOfName(name: string): string {
  const shared = customerZoneOf(name)
  for (let rest = name; rest.length > shared.length; ) {
    const found = byDomain.get(rest)
    if (found !== undefined) return found
    const dot = rest.indexOf('.')
    if (dot < 0) return ''
    rest = rest.slice(dot + 1)
  }
  return ''
}

/**
 * Whose service a host talks to at `ip`, which it knows by `hostNames`; `''` when nobody's that is known. Addresses that are let to anybody are
 * only the company's when a name says so.
 */
export function organisationAt(ip: string, hostNames: readonly string[], whereabouts: Whereabouts): string {
  const byRange = organisationOfAddress(ip)
  if (byRange !== '') return byRange
  for (const name of hostNames) {
    const byName = organisationOfName(name)
    if (byName !== '') return byName
  }
  const asn = whereabouts.placeOf(ip)?.asn ?? 0
  const byAsn = asn === 0 ? null : organisationOfAsn(asn)
  return byAsn === null || byAsn.isHost ? '' : byAsn.name
}
