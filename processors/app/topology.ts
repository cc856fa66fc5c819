/** records → evidence → alerts. Every topic the application reads or writes is on this page. */
import type { Alert, CanonicalAlert, Evidence, FlowRecord, Suppressed } from '@weir/schemas'
import {
  type GlobalTable,
  type GroupedStream,
  type KeyedProcessOptions,
  type Plan,
  type Stream,
  type Topic,
  TopologyBuilder,
} from '@weir/topology'
import { kindsOf } from '../detectors/detector.ts'
import { type AccumulateOptions, accumulateStep } from '../evidence/accumulate.ts'
import type { KeySpec } from '../keys.ts'
import { detectionDefaults } from './config.ts'
import type { ConfiguredDetector } from './configure.ts'
import { type DetectorOptions, detectorStep, isSuppressed } from './detector-operator.ts'

export type DetectionTopics = {
  readonly flows: Topic<FlowRecord>
  readonly evidence: Topic<Evidence>
  readonly alerts: Topic<Alert>
  /** The same alerts for readers without Avro. */
  readonly alertsJson?: Topic<CanonicalAlert>
  /** Evidence that a rule of the whitelist kept from being said. */
  readonly suppressed: Topic<Suppressed>
  /** Name of the topic for what is set aside. */
  readonly deadLetters: string
}

/**
 * Records arrive keyed by site and source host, so detectors keyed by source read them as they are; every other key that some
 * detector asks for costs one repartition, of the kinds its detectors want. Evidence is written keyed by the host it is charged
 * to: its topic is the repartition that alerts need.
 */
export function detectionTopology(
  topics: DetectionTopics,
  detectors: readonly ConfiguredDetector[],
  options: DetectorOptions,
  alerts: AccumulateOptions,
  partitions: number,
  /** What the whitelist and the indicators of `options` hear of while records come. */
  tables: readonly GlobalTable[] = [],
  /** Whose group, state and internal topics they are. */
  application = 'weir',
): Plan {
  const builder = new TopologyBuilder(application)
  for (const table of tables) builder.globalTable(table)
  const flows = builder.stream(topics.flows, { streamTime: (record) => record.observedMs })

  for (const [key, sharing] of Map.groupBy(detectors, ({ detector }) => detector.key)) {
    const name = `detect-by-${key.name}`
    const keyed = key.name === 'source' ? flows : regroup(flows, key, sharing)
    const own = key.name === 'source' ? options : { ...options, keyed: handedOn(options.keyed) }
    const judged = keyed.process(name, detectorStep(name, sharing, own))
    judged.flatMapValues((each) => (isSuppressed(each) ? [] : [each])).to(topics.evidence)
    judged.flatMapValues((each) => (isSuppressed(each) ? [each] : [])).to(topics.suppressed)
  }

  const accumulated = builder
    .stream(topics.evidence, { streamTime: (evidence) => evidence.observedMs })
    .process('accumulate', accumulateStep('accumulate', { ...alerts, keyed: handedOn(alerts.keyed) }))
  accumulated.to(topics.alerts)
  if (topics.alertsJson !== undefined) {
    accumulated.mapValues((alert): CanonicalAlert => alert).to(topics.alertsJson)
  }
  return builder.build({ partitions, deadLetters: topics.deadLetters })
}

/** Of what several processes hand on, which are a span apart. */
function handedOn(keyed: KeyedProcessOptions): KeyedProcessOptions {
  return { ...keyed, silenceMs: Math.max(keyed.silenceMs, detectionDefaults.spanMs) }
}

function regroup(
  flows: Stream<FlowRecord>,
  key: KeySpec,
  detectors: readonly ConfiguredDetector[],
): GroupedStream<FlowRecord> {
  const kinds = new Set(detectors.flatMap(({ detector }) => kindsOf(detector)))
  return flows
    .filter((record) => kinds.has(record.kind) && key.of(record) !== null)
    .groupBy(`by-${key.name}`, (record) => key.of(record) ?? '')
}
