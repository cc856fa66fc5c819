import { type DetectionCounters, detectionDefaults, detectionTopology, Network } from '@weir/processors'
import { topics } from '@weir/schemas'
import type { Plan } from '@weir/topology'
import { defaultApplication, topicOf } from '../kafka/application.ts'
import type { LiveTables } from '../kafka/live-tables.ts'
import { plainCodecs, type RecordCodecs } from '../kafka/record-codecs.ts'
import type { AnalyzeSettings } from './settings.ts'

export type DetectionPlanOptions = {
  readonly codecs?: Omit<RecordCodecs, 'prepare'>
  /** Whether alerts are written as JSON as well. */
  readonly alertsJson?: boolean
  /** The first word of everything that is its own. */
  readonly application?: string
  /** Hosts kept as live objects; the others rest as bytes. Says nothing about what is found. */
  readonly maxLiveHosts?: number
  /** What is listed and allowed while records come; as the settings have it when left out. */
  readonly live?: Pick<LiveTables, 'whitelist' | 'intel' | 'tables'>
}

/** The detection topology under these settings: the same in one process and on Kafka. */
export function detectionPlan(
  settings: AnalyzeSettings,
  counters: DetectionCounters,
  {
    codecs = plainCodecs,
    alertsJson = false,
    application = defaultApplication,
    maxLiveHosts = detectionDefaults.maxLiveHosts,
    live = { ...settings, tables: [] },
  }: DetectionPlanOptions = {},
): Plan {
  const keyed = {
    windowMs: settings.windowMs,
    graceMs: settings.graceMs,
    silenceMs: detectionDefaults.silenceMs,
    // What the close of a window may want to know of its host is remembered until then.
    keyTtlMs: Math.max(detectionDefaults.hostTtlMs, 2 * settings.windowMs + settings.graceMs),
    maxLiveKeys: Math.ceil(maxLiveHosts / settings.partitions),
  }
  const own = (topic: { readonly name: string }) => topicOf(application, topic)
  return detectionTopology(
    {
      flows: { name: topics.flows.name, codec: codecs.flows, partitions: settings.partitions },
      evidence: { name: own(topics.evidence), codec: codecs.evidence, partitions: settings.partitions },
      alerts: { name: own(topics.alerts), codec: codecs.alerts, partitions: settings.partitions },
      suppressed: {
        name: own(topics.suppressed),
        codec: codecs.suppressed,
        partitions: settings.partitions,
      },
      deadLetters: own(topics.deadLetters),
      ...(alertsJson
        ? {
            alertsJson: {
              name: own(topics.alertsJson),
              codec: topics.alertsJson.value,
              partitions: settings.partitions,
            },
          }
        : {}),
    },
    settings.detectors,
    {
      keyed,
      network: new Network(settings.homeNetworks),
      whitelist: live.whitelist,
      intel: live.intel,
      context: settings.context.context,
      popularDomains: settings.popularDomains,
      disabled: settings.disabled,
      judgesOutsiders: settings.direction === 'all',
      counters,
    },
    {
      keyed: { ...keyed, graceMs: settings.graceMs + detectionDefaults.alertGraceMs },
      threshold: settings.threshold,
      onLate: () => {
        counters.lateEvidence += 1
      },
    },
    settings.partitions,
    live.tables,
    application,
  )
}
