import { type Indicators, LiveIndicators } from '@weir/processors'
import { type Indicator, topics } from '@weir/schemas'

/** Indicators that a feed begins to list at a moment of a story: the live table, filled by the first record of that time. */
export class ListedFrom implements Indicators {
  readonly #live = new LiveIndicators()
  readonly #atMs: number
  #waiting: readonly Indicator[]

  constructor(atMs: number, indicators: readonly Indicator[]) {
    this.#atMs = atMs
    this.#waiting = indicators
  }

  get isEmpty(): boolean {
    return this.#live.isEmpty
  }

  get mayGrow(): boolean {
    return this.#live.mayGrow
  }

  get changes(): number {
    return this.#live.changes
  }

  lists(kind: Parameters<Indicators['lists']>[0]): boolean {
    return this.#live.lists(kind)
  }

  address(ip: string, tsMs: number): ReturnType<Indicators['address']> {
    return this.#by(tsMs).address(ip, tsMs)
  }

  domain(name: string, tsMs: number): ReturnType<Indicators['domain']> {
    return this.#by(tsMs).domain(name, tsMs)
  }

  exact(...[kind, value, tsMs]: Parameters<Indicators['exact']>): ReturnType<Indicators['exact']> {
    return this.#by(tsMs).exact(kind, value, tsMs)
  }

  isKnownGood(...[kind, hash]: Parameters<Indicators['isKnownGood']>): boolean {
    return this.#live.isKnownGood(kind, hash)
  }

  #by(tsMs: number): Indicators {
    if (tsMs < this.#atMs) return this.#live
    for (const indicator of this.#waiting) {
      const isTaken = this.#live.put(topics.intel.keyOf(indicator), indicator)
      if (!isTaken) throw new RangeError(`not what a feed could list: ${indicator.value}`)
    }
    this.#waiting = []
    return this.#live
  }
}
