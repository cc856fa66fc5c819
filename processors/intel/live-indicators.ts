import { type Indicator, topics } from '@weir/schemas'
import { IndicatorTable } from './indicator-table.ts'
import { isIndicatorKind, isTrustworthy } from './indicator-value.ts'
import { type ExactKind, type Indicators, joinVerdicts, noIndicators, type Verdict } from './indicators.ts'

/**
 * Indicators that come and go while records are looked at: those of a folder, taken in the place of all before as one, and those
 * of a topic, one by one. A value that both list is listed once, by all feeds that have it.
 */
export class LiveIndicators implements Indicators {
  #folder: Indicators = noIndicators
  #topic = new IndicatorTable()
  /** Even while nothing is listed: the first import is to find who was met before it. */
  readonly mayGrow = true
  #changes = 0

  get isEmpty(): boolean {
    return this.#topic.isEmpty && this.#folder.isEmpty
  }

  get changes(): number {
    return this.#changes
  }

  /** Those of the topic. */
  get size(): number {
    return this.#topic.size
  }

  useFolder(indicators: Indicators): void {
    this.#folder = indicators
    this.#changes += 1
  }

  clearTopic(): void {
    this.#topic = new IndicatorTable()
    this.#changes += 1
  }

  /** Under the key of its topic. False, and nothing is taken in, when it is not what it should be: anyone may write a topic. */
  put(key: string, indicator: Indicator): boolean {
    if (!isTrustworthy(indicator.kind, indicator.value)) return false
    if (!(indicator.confidence >= 0 && indicator.confidence <= 1)) return false
    if (topics.intel.keyOf(indicator) !== key) return false
    this.#topic.put(indicator)
    this.#changes += 1
    return true
  }

  /** What the topic no longer says. */
  remove(key: string): void {
    const [feed = '', kind = ''] = key.split('|', 2)
    const value = key.slice(feed.length + kind.length + 2)
    if (!isIndicatorKind(kind)) return
    this.#topic.remove(kind, value, feed)
    this.#changes += 1
  }

  lists(kind: ExactKind): boolean {
    return this.#topic.lists(kind) || this.#folder.lists(kind)
  }

  address(ip: string, tsMs: number): Verdict | null {
    return joinVerdicts(
      this.#topic.isEmpty ? null : this.#topic.address(ip, tsMs),
      this.#folder.isEmpty ? null : this.#folder.address(ip, tsMs),
    )
  }

  domain(name: string, tsMs: number): Verdict | null {
    return joinVerdicts(
      this.#topic.isEmpty ? null : this.#topic.domain(name, tsMs),
      this.#folder.isEmpty ? null : this.#folder.domain(name, tsMs),
    )
  }

  exact(kind: ExactKind, value: string, tsMs: number): Verdict | null {
    const verdict = joinVerdicts(
      this.#topic.isEmpty ? null : this.#topic.exact(kind, value, tsMs),
      this.#folder.isEmpty ? null : this.#folder.exact(kind, value, tsMs),
    )
    return verdict === null || this.isKnownGood(kind, value) ? null : verdict
  }

  isKnownGood(kind: ExactKind, hash: string): boolean {
    return this.#topic.isKnownGood(kind, hash) || this.#folder.isKnownGood(kind, hash)
  }
}
