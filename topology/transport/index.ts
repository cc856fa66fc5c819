export { type EmbeddedOptions, EmbeddedTransport } from './embedded/embedded-transport.ts'
export { type DiskOptions, diskTransport, memoryTransport } from './embedded/open.ts'
export { type Guarantee, type KafkaSettings, kafkaTransport } from './kafka/open.ts'
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
  Producer,
  StoreChanges,
  Subscription,
  TopicSpec,
  Transport,
} from './transport.ts'
