import type { AllowRule } from '@weir/schemas'
import { customerZoneOf } from '../data/customer-zones.ts'
import { canonicalName } from '../data/dns-zones.ts'
import { organisationDomains } from '../data/organisation-domains.ts'
import { organisationAt } from '../enrichment/organisations.ts'
import type { Whereabouts } from '../enrichment/whereabouts.ts'
import { bits4, readBits6 } from '../intel/address-bits.ts'
import { PrefixTrie } from '../intel/prefix-trie.ts'
import { allowRuleId } from './allow-rule.ts'
import { untranslated } from './translated-address.ts'

export type Side = 'src' | 'dst'

/** Addresses whose organisation is kept at hand: to ask a database of AS numbers costs microseconds. */
const CACHE_LIMIT = 65_536

/** Rules of one value by the side it stands on, in order of their ids; few, nearly always one. */
type Bucket = { readonly src: AllowRule[]; readonly dst: AllowRule[] }

/** Rules by what they look at. Every question gives the id of a rule that has not expired by `tsMs`, or `null`. */
export class RuleIndex {
  #isEmpty = true
  readonly #addresses = new Map<string, Bucket>()
  readonly #domains = new Map<string, Bucket>()
  /** Of rules for organisations: they do not cover names of customers below these. */
  readonly #organisationDomains = new Map<string, Bucket>()
  readonly #macs = new Map<string, Bucket>()
  readonly #organisations = new Map<string, Bucket>()
  readonly #organisationOf = new Map<string, string>()
  /** What the tries give are places in `#ranges`. */
  readonly #ranges: Bucket[] = []
  readonly #trie4 = new PrefixTrie(1)
  readonly #trie6 = new PrefixTrie(4)
  readonly #bits4 = new Uint32Array(1)
  readonly #bits6 = new Uint32Array(4)

  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** Rules are added in the order in which the first that fits is to be named. */
  add(rule: AllowRule): void {
    this.#isEmpty = false
    const { type, value } = rule
    if (type === 'ip' && value.includes('/')) this.#addRange(rule)
    else if (type === 'ip') put(this.#addresses, value, rule)
    else if (type === 'mac') put(this.#macs, value, rule)
    else if (type === 'domain') put(this.#domains, value, rule)
    else {
      for (const domain of organisationDomains[value] ?? []) put(this.#organisationDomains, domain, rule)
      put(this.#organisations, value, rule)
    }
  }

  /** The address itself, else the longest range around it, else whose it is by range or AS number. */
  address(given: string, side: Side, tsMs: number, whereabouts: Whereabouts): string | null {
    const ip = untranslated(given)
    return (
      first(this.#addresses.get(ip), side, tsMs) ??
      this.#range(ip, side, tsMs) ??
      this.#organisation(ip, side, tsMs, whereabouts)
    )
  }

  /** The name, or the longest of the names above it. */
  domain(name: string, side: Side, tsMs: number): string | null {
    if ((this.#domains.size === 0 && this.#organisationDomains.size === 0) || name === '') return null
    let rest = canonicalName(name)
    const shared = this.#organisationDomains.size === 0 ? '' : customerZoneOf(rest)
    for (;;) {
      const found =
        first(this.#domains.get(rest), side, tsMs) ??
        (rest.length > shared.length ? first(this.#organisationDomains.get(rest), side, tsMs) : null)
      if (found !== null) return found
      const dot = rest.indexOf('.')
      if (dot < 0) return null
      rest = rest.slice(dot + 1)
    }
  }

  anyDomain(names: readonly string[], side: Side, tsMs: number): string | null {
    for (const name of names) {
      const rule = this.domain(name, side, tsMs)
      if (rule !== null) return rule
    }
    return null
  }

  mac(mac: string, side: Side, tsMs: number): string | null {
    return mac === '' ? null : first(this.#macs.get(mac), side, tsMs)
  }

  #organisation(ip: string, side: Side, tsMs: number, whereabouts: Whereabouts): string | null {
    if (this.#organisations.size === 0) return null
    let whose = this.#organisationOf.get(ip)
    if (whose === undefined) {
      if (this.#organisationOf.size >= CACHE_LIMIT) this.#organisationOf.clear()
      this.#organisationOf.set(ip, (whose = organisationAt(ip, [], whereabouts)))
    }
    return whose === '' ? null : first(this.#organisations.get(whose), side, tsMs)
  }

  #addRange(rule: AllowRule): void {
    const slash = rule.value.indexOf('/')
    const place = this.#placeOf(rule.value.slice(0, slash))
    if (place === null) return
    const length = Number(rule.value.slice(slash + 1))
    const known = this.#ranges[place.trie.get(place.bits, length)]
    if (known !== undefined) {
      addTo(known, rule)
      return
    }
    place.trie.set(place.bits, length, this.#ranges.length)
    const bucket: Bucket = { src: [], dst: [] }
    addTo(bucket, rule)
    this.#ranges.push(bucket)
  }

  #range(ip: string, side: Side, tsMs: number): string | null {
    if (this.#ranges.length === 0) return null
    const place = this.#placeOf(ip)
    if (place === null || !place.trie.covers(place.bits)) return null
    let found: string | null = null
    place.trie.covering(place.bits, (at) => {
      found = first(this.#ranges[at], side, tsMs) ?? found
    })
    return found
  }

  #placeOf(ip: string): { readonly trie: PrefixTrie; readonly bits: Uint32Array } | null {
    if (ip.includes(':')) return readBits6(ip, this.#bits6) ? { trie: this.#trie6, bits: this.#bits6 } : null
    const bits = bits4(ip)
    if (bits < 0) return null
    this.#bits4[0] = bits
    return { trie: this.#trie4, bits: this.#bits4 }
  }
}

function put(map: Map<string, Bucket>, value: string, rule: AllowRule): void {
  let bucket = map.get(value)
  if (bucket === undefined) map.set(value, (bucket = { src: [], dst: [] }))
  addTo(bucket, rule)
}

function addTo(bucket: Bucket, rule: AllowRule): void {
  if (rule.direction !== 'dst') bucket.src.push(rule)
  if (rule.direction !== 'src') bucket.dst.push(rule)
}

function first(bucket: Bucket | undefined, side: Side, tsMs: number): string | null {
  if (bucket === undefined) return null
  for (const rule of bucket[side])
    if (rule.expiresMs === null || tsMs < rule.expiresMs) return allowRuleId(rule)
  return null
}
