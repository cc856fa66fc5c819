import { topics } from '@weir/schemas'
import { systemClock } from '../../topology/kit/clock.ts'
import { ensureTopics } from '../../topology/transport/kafka/admin.ts'
import { Cluster } from '../../topology/transport/kafka/cluster.ts'

/** The records of the stories are of another year: brokers would let go of them as soon as they look. */
export async function createKeptTopics(
  brokers: readonly string[],
  prefix: string,
  partitions: number,
): Promise<void> {
  const options = { brokers, clientId: 'test', requestTimeoutMs: 10_000, giveUpMs: 10_000 }
  const cluster = new Cluster(options, systemClock)
  const configs = { 'retention.ms': '-1', 'message.timestamp.after.max.ms': '9223372036854775807' }
  const names = [topics.flows.name, topics.evidence.name, topics.alerts.name]
  await ensureTopics(
    cluster,
    names.map((name) => ({ name: prefix + name, partitions, configs })),
  )
  await cluster.close()
}
