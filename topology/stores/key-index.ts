import { compareKeys } from './key-order.ts'

/** Splitting at twice this keeps an insertion to a move of a few kilobytes; judged, not tuned. */
const blockSize = 256

/** A sorted set of keys: insertion, deletion and search in about the logarithm of its size, kept as a list of short lists. */
export class KeyIndex {
  #blocks: string[][] = []
  #size = 0

  /** `sorted` is in the order of `compareKeys`, without repetition. */
  static fromSorted(sorted: readonly string[]): KeyIndex {
    const index = new KeyIndex()
    for (let at = 0; at < sorted.length; at += blockSize) index.#blocks.push(sorted.slice(at, at + blockSize))
    index.#size = sorted.length
    return index
  }

  get size(): number {
    return this.#size
  }

  has(key: string): boolean {
    const block = this.#blocks[this.#blockOf(key)]
    return block !== undefined && block[lowerBound(block, key)] === key
  }

  /** Whether the key is new. */
  add(key: string): boolean {
    const number = this.#blockOf(key)
    const block = this.#blocks[number]
    if (block === undefined) {
      this.#blocks.push([key])
      this.#size += 1
      return true
    }
    const at = lowerBound(block, key)
    if (block[at] === key) return false
    block.splice(at, 0, key)
    this.#size += 1
    if (block.length > 2 * blockSize) this.#blocks.splice(number + 1, 0, block.splice(blockSize))
    return true
  }

  delete(key: string): boolean {
    const number = this.#blockOf(key)
    const block = this.#blocks[number]
    if (block === undefined) return false
    const at = lowerBound(block, key)
    if (block[at] !== key) return false
    block.splice(at, 1)
    this.#size -= 1
    if (block.length === 0) this.#blocks.splice(number, 1)
    return true
  }

  /** Half-open. A copy: the index may change while it is read. */
  range(from?: string, to?: string): string[] {
    const keys: string[] = []
    let number = from === undefined ? 0 : this.#blockOf(from)
    let at = from === undefined ? 0 : lowerBound(this.#blocks[number] ?? [], from)
    for (; number < this.#blocks.length; number += 1, at = 0) {
      const block = this.#blocks[number] ?? []
      for (; at < block.length; at += 1) {
        const key = block[at] ?? ''
        if (to !== undefined && compareKeys(key, to) >= 0) return keys
        keys.push(key)
      }
    }
    return keys
  }

  /** The last block whose first key is not above `key`; the first block for keys below all others. */
  #blockOf(key: string): number {
    let low = 0
    let high = this.#blocks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareKeys(this.#blocks[middle]?.[0] ?? '', key) <= 0) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
}

function lowerBound(block: readonly string[], key: string): number {
  let low = 0
  let high = block.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareKeys(block[middle] ?? '', key) < 0) low = middle + 1
    else high = middle
  }
  return low
}
