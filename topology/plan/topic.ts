import type { Codec } from '../kit/codec.ts'

/** A topic an author reads or writes. */
export type Topic<V> = {
  readonly name: string
  readonly codec: Codec<V>
  /** As many as the plan's default when left out. */
  readonly partitions?: number
}
