import type { DetectionCounters } from '@weir/processors'
import { defineMetrics, type Metrics } from '@weir/topology/kit'
import type { LiveTables } from './live-tables.ts'

export const detectionMetrics = defineMetrics('weir_processors', {
  suppressed_evidence_total: {
    kind: 'counter',
    help: 'Evidence that a rule of the whitelist kept from being said, by rule.',
    labels: ['rule'],
  },
  unwritten_suppressions_total: {
    kind: 'counter',
    help: 'Of that evidence, what was beyond 1,000 of one host, detector and window and is not on the topic, by rule.',
    labels: ['rule'],
  },
  whitelisted_records_total: {
    kind: 'counter',
    help: 'Records that a rule of the whitelist kept from detection, by rule.',
    labels: ['rule'],
  },
  detector_failures_total: {
    kind: 'counter',
    help: 'Records lost to a detector that threw, by detector.',
    labels: ['detector'],
  },
  refused_table_records_total: {
    kind: 'counter',
    help: 'Records of the allowlist and of the indicators that are not what they should be, by topic.',
    labels: ['topic'],
  },
  allow_rules: { kind: 'gauge', help: 'Rules of the topic of the allowlist.' },
  indicators: { kind: 'gauge', help: 'Indicators of the topic: values, once for each feed.' },
})

export type DetectionMetrics = Metrics<(typeof detectionMetrics)['rows']>

/** Tells what the counters have more than when it was last told. */
export class DetectionTeller {
  readonly #counters: DetectionCounters
  readonly #live: LiveTables
  readonly #metrics: DetectionMetrics
  readonly #told = new Map<string, number>()

  constructor(counters: DetectionCounters, live: LiveTables, metrics: DetectionMetrics) {
    this.#counters = counters
    this.#live = live
    this.#metrics = metrics
  }

  tell(): void {
    const metrics = this.#metrics
    const { suppressedByRule, unwrittenByRule, droppedByRule, failuresByDetector } = this.#counters
    const { rules, indicators, refused } = this.#live.counts()
    this.#more('suppressed', suppressedByRule, (by, rule) => metrics.suppressed_evidence_total.add(by, rule))
    this.#more('unwritten', unwrittenByRule, (by, rule) => metrics.unwritten_suppressions_total.add(by, rule))
    this.#more('dropped', droppedByRule, (by, rule) => metrics.whitelisted_records_total.add(by, rule))
    this.#more('failed', failuresByDetector, (by, id) => metrics.detector_failures_total.add(by, id))
    this.#more('refused', refused, (by, topic) => metrics.refused_table_records_total.add(by, topic))
    metrics.allow_rules.set(rules)
    metrics.indicators.set(indicators)
  }

  #more(of: string, counts: ReadonlyMap<string, number>, add: (by: number, name: string) => void): void {
    for (const [name, count] of counts) {
      const key = `${of} ${name}`
      const by = count - (this.#told.get(key) ?? 0)
      if (by === 0) continue
      this.#told.set(key, count)
      add(by, name)
    }
  }
}
