import type { TopicSpec, Transport } from '../transport.ts'
import type { TopicDescription, TopicDifference, TopicSettings } from './admin.ts'
import type { BrokerNews } from './answers.ts'
import type { KafkaTopics } from './kafka-topics.ts'
import type { Guarantee, KafkaOptions } from './kafka-transport.ts'
import type { SettingsMark, SettingsNews } from './settings-mark.ts'
import type { TopicNews } from './topic-news.ts'
import type { ReadOptions } from './topic-reader.ts'

export type {
  BrokerNews,
  Guarantee,
  KafkaTopics,
  ReadOptions,
  SettingsMark,
  SettingsNews,
  TopicDescription,
  TopicDifference,
  TopicNews,
  TopicSettings,
}
export type KafkaSettings = KafkaOptions

/** On these brokers, which are asked for nothing yet. The client is loaded only here: most commands never need it. */
export async function kafkaTransport(settings: KafkaSettings): Promise<Transport> {
  const { KafkaTransport } = await import('./kafka-transport.ts')
  return new KafkaTransport(settings)
}

/** The topics of these brokers, for whoever looks after them or reads them without a group. */
export async function kafkaTopics(settings: KafkaSettings): Promise<KafkaTopics> {
  const { KafkaTopics } = await import('./kafka-topics.ts')
  return new KafkaTopics(settings)
}

/** Resolves once one of these brokers has answered; see `reach.ts`. */
export async function reachKafka(
  settings: KafkaSettings & { readonly giveUpMs: number },
  signal: AbortSignal,
): Promise<void> {
  const { reachBrokers } = await import('./reach.ts')
  await reachBrokers(settings, signal)
}

/** How the runtime would create its topics, the one that remembers the application's plan included. */
export async function kafkaTopicSettings(
  application: string,
  specs: readonly TopicSpec[],
): Promise<readonly TopicSettings[]> {
  const { planTopic, settingsOf } = await import('./admin.ts')
  const plan = { name: planTopic(application), partitions: 1, encode: null, keep: 'latest' as const }
  return [...specs, plan].map(settingsOf)
}
