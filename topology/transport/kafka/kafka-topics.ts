import { topologyError } from '../../errors.ts'
import { systemClock } from '../../kit/clock.ts'
import type { Batch } from '../transport.ts'
import {
  describeTopics,
  differences,
  ensureTopics,
  type TopicDescription,
  type TopicDifference,
  type TopicSettings,
} from './admin.ts'
import { Cluster, type ClusterOptions } from './cluster.ts'
import { type ReadOptions, readTopic } from './topic-reader.ts'

/** The topics of a cluster for whoever looks after them or looks into them. */
export class KafkaTopics {
  readonly #cluster: Cluster

  constructor(options: Partial<ClusterOptions> & Pick<ClusterOptions, 'brokers'>) {
    const defaults = { clientId: 'weir', requestTimeoutMs: 30_000, giveUpMs: 30_000 }
    this.#cluster = new Cluster({ ...defaults, ...options }, systemClock)
  }

  /** Creates those that are absent; gives their names. Refuses with `TOPO_PARTITIONS_DIFFER` what exists otherwise. */
  create(topics: readonly TopicSettings[]): Promise<readonly string[]> {
    return ensureTopics(this.#cluster, topics)
  }

  describe(names: readonly string[]): Promise<readonly (TopicDescription | null)[]> {
    return describeTopics(this.#cluster, names)
  }

  /** In what topics are not as wanted, the absence of one included. */
  differences(topics: readonly TopicSettings[]): Promise<readonly TopicDifference[]> {
    return differences(this.#cluster, topics)
  }

  /** See `readTopic`. Ends when the signal aborts, and closes the connections with it. */
  async *read(topic: string, options: ReadOptions, signal: AbortSignal): AsyncIterable<readonly Batch[]> {
    const close = () => void this.#cluster.close()
    signal.addEventListener('abort', close, { once: true })
    try {
      if (signal.aborted) throw topologyError.TRANSPORT_CLOSED()
      yield* readTopic(this.#cluster, topic, options, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', close)
    }
  }

  close(): Promise<void> {
    return this.#cluster.close()
  }
}
