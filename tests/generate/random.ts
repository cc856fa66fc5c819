const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Seeded randomness: the sfc32 generator of PractRand, 128 bits of state. The same seed gives the same numbers on every
 * machine and every release of Node; nothing here reads a clock.
 *
 * `fork(name)` gives an independent generator that depends on the seed and the name alone, not on how many numbers were
 * drawn before: taking one actor out of a story therefore leaves the others' traffic as it was.
 */
export class Random {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number | string) {
    this.#seed = String(seed)
    this.#a = hash32(this.#seed, 0x9e3779b9)
    this.#b = hash32(this.#seed, 0x243f6a88)
    this.#c = hash32(this.#seed, 0xb7e15162)
    // The first outputs still show the seed's bits; sfc32 mixes fully within fifteen.
    for (let i = 0; i < 15; i++) this.uint32()
  }

  fork(name: string): Random {
    return new Random(`${this.#seed}/${name}`)
  }

  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** In [0, 1). */
  next(): number {
    return this.uint32() / 4294967296
  }

  /** A whole number, both bounds included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(from: readonly T[]): T {
    const chosen = from[Math.floor(this.next() * from.length)]
    if (chosen === undefined) throw new RangeError('nothing to pick from')
    return chosen
  }

  /** Gap to the next event of a Poisson process. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean
  }

  /** Sizes and durations of real traffic: half of them below `median`, with a long tail that `sigma` stretches. */
  logNormal(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.next()))
  }

  /** A new list in random order; the given one is left alone. */
  shuffled<T>(list: readonly T[]): T[] {
    const shuffled: T[] = []
    for (const item of list) {
      const at = this.int(0, shuffled.length)
      const displaced = shuffled[at]
      if (displaced === undefined) shuffled.push(item)
      else {
        shuffled[at] = item
        shuffled.push(displaced)
      }
    }
    return shuffled
  }

  text(alphabet: string, length: number): string {
    let text = ''
    for (let i = 0; i < length; i++) text += alphabet.charAt(Math.floor(this.next() * alphabet.length))
    return text
  }

  base62(length: number): string {
    return this.text(base62, length)
  }

  hex(length: number): string {
    return this.text('0123456789abcdef', length)
  }
}

/** Draws a rank from 0 to `count - 1`, rank r with a weight of `1 / (r + 1) ** exponent`. */
export function zipf(count: number, exponent: number): (random: Random) => number {
  const cumulative = new Float64Array(count)
  let total = 0
  for (let rank = 0; rank < count; rank++) {
    total += 1 / (rank + 1) ** exponent
    cumulative[rank] = total
  }
  return (random) => {
    const target = random.next() * total
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((cumulative[middle] ?? total) > target) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** FNV-1a with a final avalanche, so that seeds which differ in one digit start far apart. */
export function hash32(text: string, salt: number): number {
  let hash = (2166136261 ^ salt) | 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
