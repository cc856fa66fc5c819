/**
 * The indicators in memory. Each value has a chain of entries, one for each feed that lists it; an entry is a row of
 * typed arrays, and texts that many entries share are kept once. A million take some 200 MB.
 */
import type { Indicator, IndicatorKind } from '@weir/schemas'
import ipaddr from 'ipaddr.js'
import { isPublic } from '../profile/address-class.ts'
import { bits4, readBits6 } from './address-bits.ts'
import { indicatorKinds } from './indicator-value.ts'
import { type ExactKind, type Indicators, levels, type Verdict } from './indicators.ts'
import { isFileHash, knownGoodTag } from './known-good.ts'
import { ListedTexts } from './listed-texts.ts'
import { PrefixTrie } from './prefix-trie.ts'
import { TextPool } from './text-pool.ts'

const NONE = -1
const FIRST_ENTRIES = 1_024

export class IndicatorTable implements Indicators {
  /** Head of the chain of each value that is looked up as it is, by kind. */
  readonly #heads = new Map<IndicatorKind, ListedTexts>()
  readonly #addresses = new ListedTexts()
  readonly #names = new ListedTexts()
  readonly #ranges4 = new PrefixTrie(1)
  readonly #ranges6 = new PrefixTrie(4)
  readonly #feeds = new TextPool()
  readonly #descriptions = new TextPool()
  readonly #tags = new TextPool()
  /** The next entry of the same value; of a free entry, the next free one. */
  #next = new Int32Array(FIRST_ENTRIES)
  #feed = new Uint16Array(FIRST_ENTRIES)
  #level = new Uint8Array(FIRST_ENTRIES)
  #confidence = new Float32Array(FIRST_ENTRIES)
  /** Infinity for what does not expire. */
  #expiresMs = new Float64Array(FIRST_ENTRIES)
  #description = new Int32Array(FIRST_ENTRIES)
  #tagList = new Int32Array(FIRST_ENTRIES)
  #used = 0
  #free = NONE
  #size = 0
  /** Addresses that are not listed and were asked for last: several detectors ask for both ends of a record, one after the other. */
  #lastMiss = ''
  #missBefore = ''
  readonly #bits4 = new Uint32Array(1)
  readonly #bits6 = new Uint32Array(4)

  constructor() {
    for (const kind of indicatorKinds) this.#heads.set(kind, new ListedTexts())
    this.#heads.set('ip', this.#addresses).set('domain', this.#names)
  }

  /** Indicators: values, each counted once for every feed that lists it. */
  get size(): number {
    return this.#size
  }

  /** A table that is handed in as it is does not change while records are looked at: see `LiveIndicators`. */
  readonly mayGrow = false
  readonly changes = 0

  get isEmpty(): boolean {
    return this.#size === 0
  }

  lists(kind: ExactKind): boolean {
    return (this.#heads.get(kind)?.size ?? 0) > 0
  }

  /** Takes the indicator in; what its feed said before of the same value no longer counts. Trusts that the value is canonical. */
  put(indicator: Indicator): void {
    const { kind, value } = indicator
    this.#lastMiss = ''
    this.#missBefore = ''
    const feed = this.#feeds.keep(indicator.feed)
    const description = this.#descriptions.keep(indicator.description)
    const tagList = this.#tags.keep(indicator.tags.join('\n'))
    const head = this.#headOf(kind, value)
    let entry = head
    while (entry !== NONE && this.#feed[entry] !== feed) entry = this.#next[entry] ?? NONE
    if (entry !== NONE) this.#release(entry)
    else {
      entry = this.#take()
      this.#next[entry] = head
      this.#setHead(kind, value, entry)
      this.#size += 1
    }
    this.#feed[entry] = feed
    this.#level[entry] = levels.indexOf(indicator.level)
    this.#confidence[entry] = indicator.confidence
    this.#expiresMs[entry] = indicator.expiresMs ?? Number.POSITIVE_INFINITY
    this.#description[entry] = description
    this.#tagList[entry] = tagList
  }

  /** What the entry says is forgotten once no other says the same: a live table is put into for months. */
  #release(entry: number): void {
    this.#feeds.release(this.#feed[entry] ?? 0)
    this.#descriptions.release(this.#description[entry] ?? 0)
    this.#tags.release(this.#tagList[entry] ?? 0)
  }

  /** False when the feed does not list the value. */
  remove(kind: IndicatorKind, value: string, feedName: string): boolean {
    const feed = this.#feeds.find(feedName)
    let before = NONE
    let entry = this.#headOf(kind, value)
    while (entry !== NONE && this.#feed[entry] !== feed) {
      before = entry
      entry = this.#next[entry] ?? NONE
    }
    if (entry === NONE) return false
    const after = this.#next[entry] ?? NONE
    if (before !== NONE) this.#next[before] = after
    else this.#setHead(kind, value, after)
    this.#release(entry)
    this.#next[entry] = this.#free
    this.#free = entry
    this.#size -= 1
    return true
  }

  address(ip: string, tsMs: number): Verdict | null {
    if (ip === this.#lastMiss || ip === this.#missBefore) return null
    const exact = this.#addresses.get(ip)
    const ranges = this.#rangesAround(ip)
    // Whatever a feed says, and whatever writes the topic: what is not of the internet is nobody's to list.
    if ((exact === NONE && ranges === null) || !isPublic(ip)) {
      this.#missBefore = this.#lastMiss
      this.#lastMiss = ip
      return null
    }
    let verdict: Verdict | null = null
    ranges?.trie.covering(ranges.bits, (head, length) => {
      verdict = this.#join(verdict, head, tsMs, 'range', rangeText(ip, length))
    })
    return this.#join(verdict, exact, tsMs, 'ip', ip)
  }

  domain(name: string, tsMs: number): Verdict | null {
    let at = this.#names.longestName(name)
    while (at !== NONE) {
      const listed = name.slice(at)
      const verdict = this.#join(null, this.#names.get(listed), tsMs, 'domain', listed)
      if (verdict !== null) return verdict
      at = this.#names.longestName(name, at + 1)
    }
    return null
  }

  exact(kind: ExactKind, value: string, tsMs: number): Verdict | null {
    if (value === '') return null
    const head = this.#heads.get(kind)?.get(value) ?? NONE
    if (head === NONE || (isFileHash(kind) && this.#saysKnownGood(head))) return null
    return this.#join(null, head, tsMs, kind, value)
  }

  isKnownGood(kind: ExactKind, hash: string): boolean {
    const head = isFileHash(kind) ? (this.#heads.get(kind)?.get(hash) ?? NONE) : NONE
    return head !== NONE && this.#saysKnownGood(head)
  }

  #saysKnownGood(head: number): boolean {
    for (let entry = head; entry !== NONE; entry = this.#next[entry] ?? NONE) {
      const tags = this.#tags.text(this.#tagList[entry] ?? 0)
      if (tags.includes(knownGoodTag) && tags.split('\n').includes(knownGoodTag)) return true
    }
    return false
  }

  #rangesAround(ip: string): { readonly trie: PrefixTrie; readonly bits: Uint32Array } | null {
    if (ip.includes(':')) {
      if (this.#ranges6.size === 0 || !readBits6(ip, this.#bits6)) return null
      return this.#ranges6.covers(this.#bits6) ? { trie: this.#ranges6, bits: this.#bits6 } : null
    }
    if (this.#ranges4.size === 0) return null
    const bits = bits4(ip)
    if (bits < 0) return null
    this.#bits4[0] = bits
    return this.#ranges4.covers(this.#bits4) ? { trie: this.#ranges4, bits: this.#bits4 } : null
  }

  /** `verdict` with what the entries from `head` on say as well; entries that have expired say nothing. */
  #join(
    verdict: Verdict | null,
    head: number,
    tsMs: number,
    kind: IndicatorKind,
    value: string,
  ): Verdict | null {
    let joined = verdict
    for (let entry = head; entry !== NONE; entry = this.#next[entry] ?? NONE) {
      if ((this.#expiresMs[entry] ?? 0) <= tsMs) continue
      const level = this.#level[entry] ?? 0
      const tags = this.#tags.text(this.#tagList[entry] ?? 0)
      const description = this.#descriptions.text(this.#description[entry] ?? 0)
      const feeds = this.#feeds.text(this.#feed[entry] ?? 0)
      joined = {
        kind,
        value,
        level: levels[Math.max(level, joined === null ? 0 : levels.indexOf(joined.level))] ?? 'info',
        confidence: Math.max(rounded(this.#confidence[entry] ?? 0), joined?.confidence ?? 0),
        feeds: union(joined?.feeds, [feeds]),
        tags: union(joined?.tags, tags === '' ? [] : tags.split('\n')),
        description: joined === null || joined.description === '' ? description : joined.description,
      }
    }
    return joined
  }

  #headOf(kind: IndicatorKind, value: string): number {
    if (kind !== 'range') return this.#heads.get(kind)?.get(value) ?? NONE
    const place = this.#placeOf(value)
    return place === null ? NONE : place.trie.get(place.bits, place.length)
  }

  #setHead(kind: IndicatorKind, value: string, head: number): void {
    if (kind === 'range') {
      const place = this.#placeOf(value)
      if (place === null) throw new TypeError(`'${value}' is not a range`)
      if (head === NONE) place.trie.delete(place.bits, place.length)
      else place.trie.set(place.bits, place.length, head)
    } else if (head === NONE) this.#heads.get(kind)?.delete(value)
    else this.#heads.get(kind)?.set(value, head)
  }

  #placeOf(range: string): { trie: PrefixTrie; bits: Uint32Array; length: number } | null {
    const slash = range.indexOf('/')
    const address = range.slice(0, slash)
    const length = Number(range.slice(slash + 1))
    if (address.includes(':')) {
      return readBits6(address, this.#bits6) ? { trie: this.#ranges6, bits: this.#bits6, length } : null
    }
    const bits = bits4(address)
    if (bits < 0) return null
    this.#bits4[0] = bits
    return { trie: this.#ranges4, bits: this.#bits4, length }
  }

  #take(): number {
    if (this.#free !== NONE) {
      const entry = this.#free
      this.#free = this.#next[entry] ?? NONE
      return entry
    }
    if (this.#used === this.#next.length) this.#grow()
    this.#used += 1
    return this.#used - 1
  }

  #grow(): void {
    const entries = Math.ceil(this.#used * 1.5)
    this.#next = widened(this.#next, new Int32Array(entries))
    this.#feed = widened(this.#feed, new Uint16Array(entries))
    this.#level = widened(this.#level, new Uint8Array(entries))
    this.#confidence = widened(this.#confidence, new Float32Array(entries))
    this.#expiresMs = widened(this.#expiresMs, new Float64Array(entries))
    this.#description = widened(this.#description, new Int32Array(entries))
    this.#tagList = widened(this.#tagList, new Int32Array(entries))
  }
}

function union(before: readonly string[] | undefined, more: readonly string[]): readonly string[] {
  if (before === undefined) return more
  return [...new Set([...before, ...more])].sort()
}

/** The range of that length in which the address lies. */
function rangeText(ip: string, length: number): string {
  const family = ip.includes(':') ? ipaddr.IPv6 : ipaddr.IPv4
  return `${family.networkAddressFromCIDR(`${ip}/${length}`)}/${length}`
}

/** Half the precision is kept: 0.7 is to come out as it went in. */
function rounded(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000
}

function widened<T extends Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array>(
  from: T,
  into: T,
): T {
  into.set(from)
  return into
}
