import { alterConfigsV2 } from '@platformatic/kafka'
import type { Cluster } from '../../topology/transport/kafka/cluster.ts'

/** From now on the topic takes batches of so many bytes at most. */
export async function shrinkTopic(cluster: Cluster, topic: string, bytes: number): Promise<void> {
  const configs = [{ name: 'max.message.bytes', value: String(bytes) }]
  const asked = [{ resourceType: 2, resourceName: topic, configs }] as const
  await cluster.call('test', cluster.brokerIds[0] ?? -1, 'alter', alterConfigsV2.api, [...asked], false)
}
