export { type EmbeddedOptions, EmbeddedTransport } from './embedded/embedded-transport.ts'
export { type DiskOptions, diskTransport, memoryTransport } from './embedded/open.ts'
export {
  type BrokerNews,
  type Guarantee,
  type KafkaSettings,
  type KafkaTopics,
  kafkaTopicSettings,
  kafkaTopics,
  kafkaTransport,
  type ReadOptions,
  reachKafka,
  type SettingsMark,
  type SettingsNews,
  type TopicDescription,
  type TopicDifference,
  type TopicNews,
  type TopicSettings,
} from './kafka/open.ts'
export { storeFailureOf } from './level/state-error.ts'
export type {
  Assignment,
  Batch,
  CommittedValues,
  CommitUnit,
  Fetched,
  Follower,
  Header,
  LogRecord,
  Member,
  MemberListener,
  Oversized,
  Producer,
  RestoreListener,
  StoreChanges,
  Subscription,
  TopicSpec,
  Transport,
} from './transport.ts'
