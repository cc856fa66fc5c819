import { DetectionCounters } from '@weir/processors'
import { type Topic, topicConfigs, topics } from '@weir/schemas'
import { topicSpecs } from '@weir/topology'
import { kafkaTopicSettings, type TopicSettings } from '@weir/topology/transport'
import { detectionPlan } from '../analyze/detection-plan.ts'
import type { AnalyzeSettings } from '../analyze/settings.ts'
import { liveTables } from './live-tables.ts'
import { plainCodecs } from './record-codecs.ts'

export type PlannedTopic = TopicSettings & {
  /** Belongs to the application alone: nobody else reads or writes it. */
  readonly internal: boolean
}

/** Settings that the table in `schemas/topics.ts` gives its topics, by name. */
export function tableConfigs(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const row = <T>(topic: Topic<T>) => [topic.name, topicConfigs(topic)] as const
  return new Map([
    row(topics.flows),
    row(topics.evidence),
    row(topics.alerts),
    row(topics.alertsJson),
    row(topics.suppressed),
    row(topics.intel),
    row(topics.allowlist),
    row(topics.deadLetters),
  ])
}

/** Every topic of the detection topology under these settings: those of the table first, then the application's own. */
export async function plannedTopics(
  settings: AnalyzeSettings,
  {
    copies = null,
    keepAll = false,
  }: {
    /** Brokers that hold each partition; `null`: as the cluster likes. */
    readonly copies?: number | null
    /** Nothing goes for its age. */
    readonly keepAll?: boolean
  } = {},
): Promise<readonly PlannedTopic[]> {
  const table = tableConfigs()
  const plan = detectionPlan(
    settings,
    new DetectionCounters(),
    plainCodecs,
    true,
    liveTables(settings, plainCodecs),
  )
  const wanted = await kafkaTopicSettings(plan.application, topicSpecs(plan))
  return wanted
    .map(({ name, partitions, configs }) => ({
      name,
      partitions,
      configs: {
        ...configs,
        ...table.get(name),
        ...(keepAll && table.has(name) ? { 'retention.ms': '-1' } : {}),
      },
      internal: !table.has(name),
      ...(copies === null ? {} : { copies }),
    }))
    .toSorted((a, b) => Number(a.internal) - Number(b.internal) || (a.name < b.name ? -1 : 1))
}
