/** The topics of the detection topology on the bench's broker: for each run as on its first day, and for any year's records. */
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteGroupsV2, deleteTopicsV6 } from '@platformatic/kafka'
import { topics } from '@weir/schemas'
import { systemClock } from '../../../topology/kit/clock.ts'
import { ensureTopics } from '../../../topology/transport/kafka/admin.ts'
import { metadataV12 } from '../../../topology/transport/kafka/client.ts'
import { Cluster } from '../../../topology/transport/kafka/cluster.ts'

/** Also the name of its group. */
const application = 'weir'
const partitions = topics.flows.partitions

/** Everything the topology wrote is gone, and what it had committed; the flows stay where `keepFlows` says so. */
export async function freshTopics(brokers: readonly string[], keepFlows: boolean): Promise<void> {
  const options = { brokers, clientId: 'bench', requestTimeoutMs: 60_000, giveUpMs: 60_000 }
  const cluster = new Cluster(options, systemClock)
  try {
    await cluster.refresh([])
    const [broker = -1] = cluster.brokerIds
    const known = await cluster.call('bench', broker, 'list', metadataV12.api, null, false, false)
    const gone = known.topics.flatMap(({ name }) =>
      typeof name === 'string' && name.startsWith(application) && !(keepFlows && name === topics.flows.name)
        ? [{ name }]
        : [],
    )
    if (gone.length > 0) {
      await cluster.call('bench', broker, 'delete topics', deleteTopicsV6.api, gone, 60_000)
      const group = await cluster.retrying(() => cluster.coordinator('group', application))
      // A group that never committed is not there.
      await cluster.call('bench', group, 'delete group', deleteGroupsV2.api, [application]).catch(() => {})
      // The broker deletes behind its answer.
      await sleep(2_000)
    }
    const configs = { 'retention.ms': '-1', 'message.timestamp.after.max.ms': '9223372036854775807' }
    const names = [topics.flows.name, topics.evidence.name, topics.alerts.name, topics.alertsJson.name]
    await ensureTopics(
      cluster,
      names.map((name) => ({ name, partitions, configs })),
    )
  } finally {
    await cluster.close()
  }
}
