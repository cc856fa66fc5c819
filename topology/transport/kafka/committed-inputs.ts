import type { CommittedInput } from '../transport.ts'
import { offsetFetchV8 } from './client.ts'
import type { Cluster } from './cluster.ts'

/** Next offsets of a group, by `topic/partition`; none where it has committed nothing. Waits for transactions to be decided. */
export async function committedOffsets(
  cluster: Cluster,
  group: string,
  wanted: readonly { readonly topic: string; readonly partition: number }[],
): Promise<Map<string, number>> {
  const found = await committedInputs(cluster, group, wanted)
  return new Map([...found].map(([name, { offset }]) => [name, offset]))
}

/** The same with their notes. */
export async function committedInputs(
  cluster: Cluster,
  group: string,
  wanted: readonly { readonly topic: string; readonly partition: number }[],
): Promise<Map<string, CommittedInput>> {
  const positions = new Map<string, CommittedInput>()
  if (wanted.length === 0) return positions
  const topics = [...Map.groupBy(wanted, ({ topic }) => topic)].map(([name, of]) => ({
    name,
    partitionIndexes: of.map(({ partition }) => partition),
  }))
  const answer = await cluster.retrying(
    async () => {
      const broker = await cluster.coordinator('group', group)
      const asked = [{ groupId: group, memberId: null, memberEpoch: -1, topics }]
      return cluster.call(`group ${group}`, broker, 'committed offsets', offsetFetchV8.api, asked, true)
    },
    () => cluster.forgetCoordinator('group', group),
    5,
  )
  for (const { name, partitions } of answer.groups[0]?.topics ?? []) {
    for (const { partitionIndex: partition, committedOffset, metadata } of partitions) {
      if (committedOffset < 0n) continue
      const offset = Number(committedOffset)
      positions.set(`${name}/${partition}`, { topic: name, partition, offset, note: metadata ?? '' })
    }
  }
  return positions
}
