/**
 * Texts to numbers, made for asking after texts that are not there: nearly all of them are told by a bit of a filter that fits the
 * processor's cache, before the map of all texts is looked at. The filter hashes from the end of a text to its beginning, so that one
 * walk over a name asks for it and for every name above it.
 */
const NONE = -1
/** Bits of the filter for each text: of sixteen texts that are not there, at most one reaches the map. */
const BITS_PER_TEXT = 16
const FIRST_TEXTS = 1_024
const DOT = 46
const SEED = 0x811c9dc5
const PRIME = 0x01000193

export class ListedTexts {
  readonly #numbers = new Map<string, number>()
  #filter = new Uint32Array((FIRST_TEXTS * BITS_PER_TEXT) / 32)
  /** Texts the filter has room for. */
  #room = FIRST_TEXTS
  /** Texts that were taken out since it was made, whose bits are still set. */
  #gone = 0

  get size(): number {
    return this.#numbers.size
  }

  /** -1 when it is not there. */
  get(text: string): number {
    if (this.#numbers.size === 0) return NONE
    let hash = SEED
    for (let i = text.length - 1; i >= 0; i -= 1) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
    return this.#mayHold(hash) ? (this.#numbers.get(text) ?? NONE) : NONE
  }

  /** Where the longest of the name itself and the names above it begins, starting at or after `from`; -1 when none is there. */
  longestName(name: string, from = 0): number {
    if (this.#numbers.size === 0) return NONE
    let found = NONE
    let hash = SEED
    for (let i = name.length - 1; i >= from; i -= 1) {
      hash = Math.imul(hash ^ name.charCodeAt(i), PRIME)
      if (i > 0 && name.charCodeAt(i - 1) !== DOT) continue
      if (this.#mayHold(hash) && this.#numbers.has(i === 0 ? name : name.slice(i))) found = i
    }
    return found
  }

  set(text: string, number: number): void {
    const before = this.#numbers.size
    this.#numbers.set(text, number)
    if (this.#numbers.size === before) return
    if (before >= this.#room) this.#renew()
    else this.#note(text)
  }

  delete(text: string): void {
    if (!this.#numbers.delete(text)) return
    this.#gone += 1
    // Of a list that changes by the hour every bit would come to be set. A tenth of a second for a million texts, after half a million.
    if (this.#gone > this.#room / 2) this.#renew()
  }

  #mayHold(hash: number): boolean {
    const bit = mixed(hash) & (this.#filter.length * 32 - 1)
    return (((this.#filter[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1
  }

  #note(text: string): void {
    let hash = SEED
    for (let i = text.length - 1; i >= 0; i -= 1) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
    const bit = mixed(hash) & (this.#filter.length * 32 - 1)
    this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
  }

  /** For the texts that are there, with room for as many more. */
  #renew(): void {
    this.#gone = 0
    this.#room = FIRST_TEXTS
    while (this.#room <= this.#numbers.size) this.#room *= 2
    this.#filter = new Uint32Array((this.#room * BITS_PER_TEXT) / 32)
    for (const text of this.#numbers.keys()) this.#note(text)
  }
}

/** The low bits of the hash alone do not differ enough for texts that end in few different characters. */
function mixed(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0
}
