import { murmur2 } from './murmur2.ts'

/** Places keys as Kafka's default partitioner does: murmur2 of the UTF-8 bytes, sign bit off, modulo the partitions. */
export class Partitioner {
  readonly partitions: number
  readonly #encoder = new TextEncoder()
  #scratch = new Uint8Array(256)

  constructor(partitions: number) {
    this.partitions = partitions
  }

  partitionOf(key: string): number {
    if (this.partitions === 1) return 0
    if (key.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(key.length * 3)
    const { written } = this.#encoder.encodeInto(key, this.#scratch)
    return (murmur2(this.#scratch.subarray(0, written)) & 0x7fffffff) % this.partitions
  }
}
