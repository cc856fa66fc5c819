/**
 * Metrics as tables of rows, counted in this process. A table is filled by whoever wraps the code that is measured; reading it
 * does not disturb it.
 */
export type MetricRow =
  | { readonly kind: 'counter'; readonly help: string; readonly labels?: readonly string[] }
  | { readonly kind: 'gauge'; readonly help: string; readonly labels?: readonly string[] }
  | {
      readonly kind: 'histogram'
      readonly help: string
      readonly labels?: readonly string[]
      /** Upper bounds, rising; one more without bound is added. */
      readonly buckets: readonly number[]
    }

/** A bound on series per metric: labels must not let input decide how much memory is used. */
const maxSeries = 1_000
const overflow = 'other'

/** Values by the values of the labels, in the order of the row's labels. */
class Family<T> {
  readonly series = new Map<string, { readonly labels: readonly string[]; readonly value: T }>()
  readonly #empty: () => T

  constructor(empty: () => T) {
    this.#empty = empty
  }

  at(labels: readonly string[]): T {
    const id = labels.join('\u0000')
    const known = this.series.get(id)
    if (known !== undefined) return known.value
    if (this.series.size >= maxSeries && labels[0] !== overflow) return this.at(labels.map(() => overflow))
    const value = this.#empty()
    this.series.set(id, { labels, value })
    return value
  }
}

export class Counter {
  readonly #family = new Family(() => ({ total: 0 }))

  /** `by` is never negative. */
  add(by: number, ...labels: readonly string[]): void {
    this.#family.at(labels).total += by
  }

  read(...labels: readonly string[]): number {
    return this.#family.at(labels).total
  }

  *samples(): Iterable<Sample> {
    for (const { labels, value } of this.#family.series.values()) yield { labels, value: value.total }
  }
}

export class Gauge {
  readonly #family = new Family(() => ({ now: 0 }))

  set(now: number, ...labels: readonly string[]): void {
    this.#family.at(labels).now = now
  }

  read(...labels: readonly string[]): number {
    return this.#family.at(labels).now
  }

  *samples(): Iterable<Sample> {
    for (const { labels, value } of this.#family.series.values()) yield { labels, value: value.now }
  }
}

export type Distribution = { count: number; sum: number; readonly buckets: number[] }

export class Histogram {
  readonly #bounds: readonly number[]
  readonly #family: Family<Distribution>

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#family = new Family(() => ({
      count: 0,
      sum: 0,
      buckets: new Array<number>(bounds.length + 1).fill(0),
    }))
  }

  observe(value: number, ...labels: readonly string[]): void {
    const distribution = this.#family.at(labels)
    distribution.count += 1
    distribution.sum += value
    const at = this.#bounds.findIndex((bound) => value <= bound)
    const bucket = at < 0 ? this.#bounds.length : at
    distribution.buckets[bucket] = (distribution.buckets[bucket] ?? 0) + 1
  }

  read(...labels: readonly string[]): Distribution {
    return this.#family.at(labels)
  }

  *samples(): Iterable<Sample> {
    for (const { labels, value } of this.#family.series.values()) yield { labels, value: value.count }
  }
}

/** A histogram's sample is its number of observations. */
export type Sample = { readonly labels: readonly string[]; readonly value: number }

type Metric<R extends MetricRow> = R['kind'] extends 'counter'
  ? Counter
  : R['kind'] extends 'gauge'
    ? Gauge
    : Histogram

type Rows = Readonly<Record<string, MetricRow>>
export type Metrics<R extends Rows> = { readonly [K in keyof R]: Metric<R[K]> }

/** `defineMetrics('weir_x', { things_total: { … } }).create()` makes one set of the metrics `weir_x_things_total` …. */
export function defineMetrics<const R extends Rows>(
  prefix: string,
  rows: R,
): { readonly prefix: string; readonly rows: R; create(): Metrics<R> } {
  return { prefix, rows, create: () => createAll(rows) }
}

function createAll<R extends Rows>(rows: R): Metrics<R>
function createAll(rows: Rows): object {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, createOne(row)]))
}

function createOne(row: MetricRow): Counter | Gauge | Histogram {
  if (row.kind === 'counter') return new Counter()
  if (row.kind === 'gauge') return new Gauge()
  return new Histogram(row.buckets)
}
