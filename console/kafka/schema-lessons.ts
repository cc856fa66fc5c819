import type { FramedCodec } from '@weir/schemas'
import { type Clock, systemClock } from '@weir/topology/kit'
import type { SchemaRegistry } from './schema-registry.ts'

/** An id in front of `records` values that `codec` does not know yet. */
export type Lesson = {
  readonly id: number
  readonly codec: Pick<FramedCodec<unknown>, 'learn' | 'knows'>
  readonly records: number
}

/** A judgement: an answer takes some milliseconds, and more at a time would be no kindness to a registry. */
const sideBySide = 8
/**
 * Ids that the registry has not: so many are asked for at once, then one a second. Whoever writes values without a frame sends a new
 * one with every record, as the beginning of any bytes is one.
 */
const mostMisses = 64
const missMs = 1_000

/**
 * Asks the registry for schemas and tells codecs. What is not asked for, because there were too many ids that nobody knows, is left
 * unknown: its values cannot be decoded, and the id may be asked for when it comes again. Ids of many values are asked for first.
 */
export class SchemaLessons {
  readonly #registry: Pick<SchemaRegistry, 'schemaOf'>
  readonly #clock: Pick<Clock, 'monotonicMs'>
  /** Questions under way, by id; those that have failed stay, so that whoever asks next hears of it. */
  readonly #asking = new Map<number, Promise<string | null>>()
  #misses = mostMisses
  #countedMs = 0

  constructor(registry: Pick<SchemaRegistry, 'schemaOf'>, clock: Pick<Clock, 'monotonicMs'> = systemClock) {
    this.#registry = registry
    this.#clock = clock
    this.#countedMs = clock.monotonicMs()
  }

  /** `null` when there is nothing to wait for. Rejects as `SchemaRegistry.schemaOf` does. */
  learn(lessons: readonly Lesson[]): Promise<void> | null {
    if (lessons.length === 0) return null
    this.#refill()
    if (this.#misses === 0) return null
    return this.#learn(lessons.toSorted((a, b) => b.records - a.records || a.id - b.id))
  }

  async #learn(lessons: readonly Lesson[]): Promise<void> {
    let left = lessons
    while (left.length > 0 && this.#misses > 0) {
      const asked = left.slice(0, Math.min(sideBySide, this.#misses))
      const answers = await Promise.all(asked.map(({ id }) => this.#ask(id)))
      await Promise.all(asked.map(({ id, codec }, nth) => codec.learn(id, answers[nth] ?? null)))
      // Another call may have learnt some meanwhile.
      left = left.slice(asked.length).filter(({ id, codec }) => !codec.knows(id))
    }
  }

  #ask(id: number): Promise<string | null> {
    const underWay = this.#asking.get(id)
    if (underWay !== undefined) return underWay
    const asking = this.#registry.schemaOf(id).then((schema) => {
      this.#asking.delete(id)
      if (schema === null) this.#misses = Math.max(0, this.#misses - 1)
      return schema
    })
    this.#asking.set(id, asking)
    return asking
  }

  #refill(): void {
    const nowMs = this.#clock.monotonicMs()
    const more = Math.floor((nowMs - this.#countedMs) / missMs)
    this.#countedMs += more * missMs
    this.#misses = Math.min(mostMisses, this.#misses + more)
  }
}
