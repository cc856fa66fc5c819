import { DetectionCounters } from '@weir/processors'
import { type Topic, topicConfigs, topics } from '@weir/schemas'
import { topicSpecs } from '@weir/topology'
import { kafkaTopicSettings, type TopicSettings } from '@weir/topology/transport'
import { detectionPlan } from '../analyze/detection-plan.ts'
import type { AnalyzeSettings } from '../analyze/settings.ts'
import { defaultApplication, topicOf } from './application.ts'
import { liveTables } from './live-tables.ts'
import { plainCodecs } from './record-codecs.ts'

export type PlannedTopic = TopicSettings & {
  /** Belongs to the application alone: nobody else reads or writes it. */
  readonly internal: boolean
}

/** Settings that the table in `schemas/topics.ts` gives its topics, by the names they have for the application. */
export function tableConfigs(
  application = defaultApplication,
): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const row = <T>(topic: Topic<T>) => [topicOf(application, topic), topicConfigs(topic)] as const
  return new Map([
    [topics.flows.name, topicConfigs(topics.flows)],
    [topics.intel.name, topicConfigs(topics.intel)],
    [topics.allowlist.name, topicConfigs(topics.allowlist)],
    row(topics.evidence),
    row(topics.alerts),
    row(topics.alertsJson),
    row(topics.suppressed),
    row(topics.deadLetters),
  ])
}

/** Every topic of the detection topology under these settings: those of the table first, then the application's own. */
export async function plannedTopics(
  settings: AnalyzeSettings,
  {
    copies = null,
    application = defaultApplication,
  }: {
    /** Brokers that hold each partition; `null`: as the cluster likes. */
    readonly copies?: number | null
    readonly application?: string
  } = {},
): Promise<readonly PlannedTopic[]> {
  const table = tableConfigs(application)
  const live = liveTables(settings, plainCodecs)
  const plan = detectionPlan(settings, new DetectionCounters(), { alertsJson: true, application, live })
  const wanted = await kafkaTopicSettings(plan.application, topicSpecs(plan))
  return wanted
    .map(({ name, partitions, configs }) => ({
      name,
      partitions,
      configs: {
        ...configs,
        ...table.get(name),
      },
      internal: !table.has(name),
      ...(copies === null ? {} : { copies }),
    }))
    .toSorted((a, b) => Number(a.internal) - Number(b.internal) || (a.name < b.name ? -1 : 1))
}
