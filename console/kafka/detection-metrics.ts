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
    help: 'Records, timers and ends of windows lost to a detector that threw, by detector.',
    labels: ['detector'],
  },
  late_records_total: {
    kind: 'counter',
    help: 'Records that came when the grace of their window had passed, by detector that would have seen them.',
    labels: ['detector'],
  },
  flooded_evidence_total: {
    kind: 'counter',
    help: 'Evidence beyond what one host may cause in one window, counted and not said, by detector.',
    labels: ['detector'],
  },
  late_evidence_total: {
    kind: 'counter',
    help: 'Evidence that came to its alert when the window was over, and weighs nothing there.',
  },
  outsider_records_total: {
    kind: 'counter',
    help: 'Records of hosts outside the stated home networks, which are not judged.',
  },
  refused_table_records_total: {
    kind: 'counter',
    help: 'Records of the allowlist and of the indicators that are not what they should be, by topic.',
    labels: ['topic'],
  },
  allow_rules: { kind: 'gauge', help: 'Rules of the topic of the allowlist.' },
  unreadable_indicator_files: {
    kind: 'gauge',
    help: 'Files of the folder of indicators that could not be read: what they held is not looked for.',
  },
  indicators: { kind: 'gauge', help: 'Indicators of the topic: values, once for each feed.' },
})

export type DetectionMetrics = Metrics<(typeof detectionMetrics)['rows']>

/** Tells what the counters have more than when it was last told. */
export class DetectionTeller {
  readonly #counters: DetectionCounters
  readonly #live: Pick<LiveTables, 'counts'>
  readonly #metrics: DetectionMetrics
  readonly #told = new Map<string, number>()

  constructor(counters: DetectionCounters, live: Pick<LiveTables, 'counts'>, metrics: DetectionMetrics) {
    this.#counters = counters
    this.#live = live
    this.#metrics = metrics
  }

  tell(): void {
    const metrics = this.#metrics
    const { suppressedByRule, unwrittenByRule, droppedByRule } = this.#counters
    const { failuresByDetector, lateByDetector, floodedByDetector } = this.#counters
    const { rules, indicators, refused, unreadableFiles } = this.#live.counts()
    this.#more('suppressed', suppressedByRule, (by, rule) => metrics.suppressed_evidence_total.add(by, rule))
    this.#more('unwritten', unwrittenByRule, (by, rule) => metrics.unwritten_suppressions_total.add(by, rule))
    this.#more('dropped', droppedByRule, (by, rule) => metrics.whitelisted_records_total.add(by, rule))
    this.#more('failed', failuresByDetector, (by, id) => metrics.detector_failures_total.add(by, id))
    this.#more('late', lateByDetector, (by, id) => metrics.late_records_total.add(by, id))
    this.#more('flooded', floodedByDetector, (by, id) => metrics.flooded_evidence_total.add(by, id))
    this.#more('refused', refused, (by, topic) => metrics.refused_table_records_total.add(by, topic))
    metrics.late_evidence_total.add(this.#increase('late evidence', this.#counters.lateEvidence))
    metrics.outsider_records_total.add(this.#increase('outsiders', this.#counters.outsiders))
    metrics.allow_rules.set(rules)
    metrics.indicators.set(indicators)
    metrics.unreadable_indicator_files.set(unreadableFiles)
  }

  #more(of: string, counts: ReadonlyMap<string, number>, add: (by: number, name: string) => void): void {
    for (const [name, count] of counts) {
      const by = this.#increase(`${of} ${name}`, count)
      if (by > 0) add(by, name)
    }
  }

  #increase(of: string, count: number): number {
    const by = count - (this.#told.get(of) ?? 0)
    this.#told.set(of, count)
    return by
  }
}
