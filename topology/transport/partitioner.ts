import { murmur2 } from './murmur2.ts'

/** A cache beyond this is emptied: a flood of distinct keys must not become a flood of memory. */
const maxCachedKeys = 65_536

/** Places keys as Kafka's default partitioner does: murmur2 of the UTF-8 bytes, sign bit off, modulo the partitions. */
export class Partitioner {
  readonly partitions: number
  readonly #cache = new Map<string, number>()
  readonly #encoder = new TextEncoder()
  #scratch = new Uint8Array(256)

  constructor(partitions: number) {
    this.partitions = partitions
  }

  partitionOf(key: string): number {
    if (this.partitions === 1) return 0
    const known = this.#cache.get(key)
    if (known !== undefined) return known
    if (key.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(key.length * 3)
    const { written } = this.#encoder.encodeInto(key, this.#scratch)
    const partition = (murmur2(this.#scratch.subarray(0, written)) & 0x7fffffff) % this.partitions
    if (this.#cache.size >= maxCachedKeys) this.#cache.clear()
    this.#cache.set(key, partition)
    return partition
  }
}
