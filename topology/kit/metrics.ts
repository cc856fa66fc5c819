/**
 * Metrics as tables of rows, kept and told by prom-client. A table is filled by whoever wraps the code that is measured. The
 * client is loaded only when a registry is opened: most commands never need it.
 */
import type {
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client'

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

/** The labels as given, or the series that stands for all beyond the bound. */
class Series {
  readonly #names: readonly string[]
  readonly #known = new Map<string, Record<string, string>>()

  constructor(names: readonly string[]) {
    this.#names = names
  }

  at(values: readonly string[]): Record<string, string> {
    const id = values.join('\u0000')
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const isFull = this.#known.size >= maxSeries && values.some((value) => value !== overflow)
    if (isFull) return this.at(values.map(() => overflow))
    const labels = Object.fromEntries(this.#names.map((name, at) => [name, values[at] ?? '']))
    this.#known.set(id, labels)
    return labels
  }

  forget(): void {
    this.#known.clear()
  }
}

export class Counter {
  readonly #series: Series
  readonly #inner: PromCounter

  constructor(series: Series, inner: PromCounter) {
    this.#series = series
    this.#inner = inner
  }

  /** `by` is never negative. Label values in the order of the row's labels. */
  add(by: number, ...labels: readonly string[]): void {
    this.#inner.inc(this.#series.at(labels), by)
  }
}

export class Gauge {
  readonly #series: Series
  readonly #inner: PromGauge

  constructor(series: Series, inner: PromGauge) {
    this.#series = series
    this.#inner = inner
  }

  set(now: number, ...labels: readonly string[]): void {
    this.#inner.set(this.#series.at(labels), now)
  }

  /** What was set is no longer so: of partitions that have gone to others. */
  clear(): void {
    this.#series.forget()
    this.#inner.reset()
  }
}

export class Histogram {
  readonly #series: Series
  readonly #inner: PromHistogram

  constructor(series: Series, inner: PromHistogram) {
    this.#series = series
    this.#inner = inner
  }

  observe(value: number, ...labels: readonly string[]): void {
    this.#inner.observe(this.#series.at(labels), value)
  }
}

type Metric<R extends MetricRow> = R['kind'] extends 'counter'
  ? Counter
  : R['kind'] extends 'gauge'
    ? Gauge
    : Histogram

type Rows = Readonly<Record<string, MetricRow>>
export type MetricTable<R extends Rows> = { readonly prefix: string; readonly rows: R }
export type Metrics<R extends Rows> = { readonly [K in keyof R]: Metric<R[K]> }

/** `defineMetrics('weir_x', { things_total: { … } })` is the table of the metrics `weir_x_things_total` …. */
export function defineMetrics<const R extends Rows>(prefix: string, rows: R): MetricTable<R> {
  return { prefix, rows }
}

type Client = typeof import('prom-client')

/** All metrics of a process, in the text that Prometheus reads. */
export class MetricRegistry {
  readonly #client: Client
  readonly #registry: Registry

  private constructor(client: Client) {
    this.#client = client
    this.#registry = new client.Registry()
  }

  static async open(): Promise<MetricRegistry> {
    return new MetricRegistry((await import('prom-client')).default)
  }

  /** One set of a table's metrics. A table is taken up once. */
  add<R extends Rows>(table: MetricTable<R>): Metrics<R>
  add({ prefix, rows }: MetricTable<Rows>): object {
    return Object.fromEntries(
      Object.entries(rows).map(([name, row]) => [name, this.#create(`${prefix}_${name}`, row)]),
    )
  }

  /** Memory, CPU, collector and event loop of this process, under the names that dashboards know. */
  addProcess(): void {
    this.#client.collectDefaultMetrics({ register: this.#registry })
    // Gauges that are named as counters are; they are the sums of others that are there.
    for (const what of ['handles', 'requests', 'resources'])
      this.#registry.removeSingleMetric(`nodejs_active_${what}_total`)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  /** One value, for reports and tests: a counter or gauge by its name, a histogram's `_count` or `_sum`; 0 where there is none. */
  async read(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const family = name.replace(/_(?:count|sum)$/, '')
    const metric = this.#registry.getSingleMetric(name) ?? this.#registry.getSingleMetric(family)
    const { values = [] } = (await metric?.get()) ?? {}
    const found = values.find((value) => {
      const own = 'metricName' in value ? value.metricName : undefined
      const isNamed = own === undefined || own === name
      return isNamed && Object.entries(labels).every(([label, text]) => value.labels[label] === text)
    })
    return found?.value ?? 0
  }

  #create(name: string, row: MetricRow): Counter | Gauge | Histogram {
    const labelNames = [...(row.labels ?? [])]
    const series = new Series(labelNames)
    const shared = { name, help: row.help, labelNames, registers: [this.#registry] }
    if (row.kind === 'counter') return new Counter(series, new this.#client.Counter(shared))
    if (row.kind === 'gauge') return new Gauge(series, new this.#client.Gauge(shared))
    const inner = new this.#client.Histogram({ ...shared, buckets: [...row.buckets] })
    return new Histogram(series, inner)
  }
}
