import { type DetectionCounters, detectionDefaults, detectionTopology, Network } from '@weir/processors'
import { topics } from '@weir/schemas'
import type { Plan } from '@weir/topology'
import { plainCodecs, type RecordCodecs } from '../kafka/record-codecs.ts'
import type { AnalyzeSettings } from './settings.ts'

/** The detection topology under these settings: the same in one process and on Kafka. */
export function detectionPlan(
  settings: AnalyzeSettings,
  counters: DetectionCounters,
  codecs: Omit<RecordCodecs, 'prepare'> = plainCodecs,
  /** Whether alerts are written as JSON as well. */
  alertsJson = false,
): Plan {
  const keyed = {
    windowMs: settings.windowMs,
    graceMs: settings.graceMs,
    silenceMs: detectionDefaults.silenceMs,
    // What the close of a window may want to know of its host is remembered until then.
    keyTtlMs: Math.max(detectionDefaults.hostTtlMs, 2 * settings.windowMs + settings.graceMs),
    maxLiveKeys: Math.ceil(detectionDefaults.maxLiveHosts / settings.partitions),
  }
  return detectionTopology(
    {
      flows: { name: topics.flows.name, codec: codecs.flows, partitions: settings.partitions },
      evidence: { name: topics.evidence.name, codec: codecs.evidence, partitions: settings.partitions },
      alerts: { name: topics.alerts.name, codec: codecs.alerts, partitions: settings.partitions },
      deadLetters: topics.deadLetters.name,
      ...(alertsJson
        ? {
            alertsJson: {
              name: topics.alertsJson.name,
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
      whitelist: settings.whitelist,
      intel: settings.intel,
      context: settings.context.context,
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
  )
}
