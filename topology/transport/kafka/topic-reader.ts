import { topologyError } from '../../errors.ts'
import type { Batch } from '../transport.ts'
import type { Cluster } from './cluster.ts'
import { Fetcher, PartitionReader } from './fetcher.ts'

export type ReadOptions = {
  /** From the first record there is, or only what is committed from now on. */
  readonly from: 'beginning' | 'now'
  /** Ends at what is the end of each partition now; else goes on until the signal. */
  readonly untilEnd: boolean
}

/**
 * The committed records of a topic, in the order of each partition, without a group: nothing of the reader is left behind.
 * Rejects with `TOPO_TOPIC_ABSENT`, and with `TOPO_BROKERS_AWAY` once the brokers have been away for too long.
 */
export async function* readTopic(
  cluster: Cluster,
  topic: string,
  { from, untilEnd }: ReadOptions,
  signal: AbortSignal,
): AsyncIterable<readonly Batch[]> {
  await cluster.retrying(() => cluster.refresh([topic]))
  const info = cluster.topic(topic)
  if (info === undefined) throw topologyError.TOPIC_ABSENT({ topic })
  const fetcher = new Fetcher(cluster, `read ${topic}`)
  const ends: number[] = []
  const readers: PartitionReader[] = []
  for (const partition of info.leaders.keys()) {
    // The last stable offset: what an open transaction holds beyond it may yet be committed.
    const end = await fetcher.offsetOf(topic, partition, -1, true)
    const start = from === 'now' ? end : await fetcher.offsetOf(topic, partition, -2, false)
    ends.push(end)
    readers.push(new PartitionReader(topic, partition, start))
  }
  while (!signal.aborted) {
    const wanted = readers.filter(({ position, partition }) => !untilEnd || position < (ends[partition] ?? 0))
    if (wanted.length === 0) return
    await cluster.retrying(async () => {
      const failure = await fetcher.round(wanted, 500)
      if (failure !== null) throw failure
    })
    const batches: Batch[] = []
    for (const reader of wanted) {
      reader.take(Number.POSITIVE_INFINITY, batches)
    }
    const filled = batches.filter(({ records }) => records.length > 0)
    if (filled.length > 0) yield filled
  }
}
