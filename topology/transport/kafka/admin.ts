import { topologyError } from '../../errors.ts'
import type { TopicSpec } from '../transport.ts'
import { createTopicsV7, describeConfigsV4 } from './client.ts'
import type { Cluster } from './cluster.ts'
import { BrokerError, brokerError, code } from './protocol.ts'
import { topicRefusal } from './topic-refusal.ts'

export type TopicSettings = {
  readonly name: string
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
  /** Brokers that are to hold each partition; as many as the cluster's own default says when left out. */
  readonly copies?: number
}

/** One thing about a topic that is not as wanted. */
export type TopicDifference = {
  readonly topic: string
  readonly what: string
  readonly wanted: string
  /** `null`: there is no such topic. */
  readonly actual: string | null
}

export type TopicDescription = {
  readonly name: string
  readonly partitions: number
  /** Brokers that hold each partition. */
  readonly copies: number
  readonly configs: ReadonlyMap<string, string>
}

/** Where an application's plan is kept from one run to the next. */
export function planTopic(application: string): string {
  return `${application}-plan`
}

/**
 * How much longer than its window an entry of a windowed changelog is kept. Kafka goes by the clock on the wall, windows by stream
 * time: for so long an application may stand still, or lag, and find its open windows again. As Kafka Streams has it.
 */
const windowMarginMs = 24 * 60 * 60 * 1000

/** For so long after compaction a changelog tells what was deleted, and keeps the marks of transactions. */
export const deletionsKeptMs = 24 * 60 * 60 * 1000

/** How a topic of the runtime is kept. A machine whose clock is hours ahead is not shut out for it. */
export function settingsOf(spec: TopicSpec): TopicSettings {
  const configs: Record<string, string> = { 'message.timestamp.after.max.ms': '9223372036854775807' }
  if (spec.keep === 'latest') {
    configs['cleanup.policy'] = spec.keepMs === undefined ? 'compact' : 'compact,delete'
    if (spec.keepMs !== undefined) {
      configs['retention.ms'] = String(Math.ceil(spec.keepMs) + windowMarginMs)
      // Only whole segments go for their age, and the one being written never does: without this it may take a week.
      configs['segment.ms'] = String(windowMarginMs)
    }
    // A copy of state on disk goes by it: see `local-state.ts`.
    configs['delete.retention.ms'] = String(deletionsKeptMs)
    // State cannot be left out for its size, as other records can.
    configs['max.message.bytes'] = '16777216'
  } else configs['cleanup.policy'] = 'delete'
  // Time says nothing of whether its readers have seen a record: they delete what they have committed past.
  if (spec.keep === 'consumed') configs['retention.ms'] = '-1'
  return { name: spec.name, partitions: spec.partitions, configs }
}

/**
 * Creates those that are absent and waits until every one can be written; none of them where one that exists has another number of
 * partitions. Leaves the settings of existing ones alone. Gives the
 * names of those it created.
 */
export async function ensureTopics(
  cluster: Cluster,
  wanted: readonly TopicSettings[],
): Promise<readonly string[]> {
  if (wanted.length === 0) return []
  const names = wanted.map(({ name }) => name)
  await cluster.retrying(() => cluster.refresh(names))
  // Before anything is made: topics of two numbers are harder to mend than none.
  for (const each of wanted) checkPartitions(cluster, each)
  const absent = wanted.filter(({ name }) => cluster.topic(name) === undefined)
  if (absent.length > 0) await createTopics(cluster, absent)
  await cluster.retrying(async () => {
    await cluster.refresh(names)
    for (const { name, partitions } of wanted) {
      if (cluster.topic(name) === undefined)
        throw new BrokerError(`topic ${name}`, [code.unknownTopicOrPartition], undefined)
      checkPartitions(cluster, { name, partitions })
      for (let partition = 0; partition < partitions; partition += 1) cluster.leaderOf(name, partition)
    }
  })
  return absent.map(({ name }) => name)
}

function checkPartitions(
  cluster: Cluster,
  { name, partitions }: Pick<TopicSettings, 'name' | 'partitions'>,
): void {
  const actual = cluster.topic(name)?.leaders.length ?? partitions
  if (actual !== partitions)
    throw topologyError.PARTITIONS_DIFFER({ topic: name, actual, wanted: partitions })
}

/** How topics are now, in the order asked for; `null` where there is none. All settings, defaults of the cluster included. */
export async function describeTopics(
  cluster: Cluster,
  names: readonly string[],
): Promise<readonly (TopicDescription | null)[]> {
  await cluster.retrying(() => cluster.refresh(names))
  const present = names.filter((name) => cluster.topic(name) !== undefined)
  const configs = present.length === 0 ? new Map() : await describeConfigs(cluster, present)
  return names.map((name) => {
    const topic = cluster.topic(name)
    if (topic === undefined) return null
    const { leaders, copies } = topic
    return { name, partitions: leaders.length, copies, configs: configs.get(name) ?? new Map() }
  })
}

/** Everything in which topics are not what is wanted. */
export async function differences(
  cluster: Cluster,
  wanted: readonly TopicSettings[],
): Promise<readonly TopicDifference[]> {
  const described = await describeTopics(
    cluster,
    wanted.map(({ name }) => name),
  )
  return wanted.flatMap(({ name, partitions, configs }, at): TopicDifference[] => {
    const topic = described[at] ?? null
    const asWanted = { topic: name, what: 'partitions', wanted: String(partitions) }
    if (topic === null) return [{ ...asWanted, actual: null }]
    const found: TopicDifference[] = []
    if (topic.partitions !== partitions) found.push({ ...asWanted, actual: String(topic.partitions) })
    for (const [what, value] of Object.entries(configs)) {
      const actual = topic.configs.get(what) ?? ''
      if (inOrder(actual) !== inOrder(value)) found.push({ topic: name, what, wanted: value, actual })
    }
    return found
  })
}

async function describeConfigs(
  cluster: Cluster,
  names: readonly string[],
): Promise<Map<string, ReadonlyMap<string, string>>> {
  const resources = names.map((resourceName) => ({
    resourceType: 2 as const,
    resourceName,
    configurationKeys: null,
  }))
  const what = `describe the settings of ${names.join(', ')}`
  const answer = await cluster.retrying(() =>
    cluster.askAny(what, describeConfigsV4.api, resources, false, false),
  )
  return new Map(
    answer.results.map(({ resourceName, configs }) => [
      resourceName,
      new Map(configs.map(({ name, value }) => [name, value ?? ''])),
    ]),
  )
}

/** `compact,delete` and `delete,compact` are the same policy. */
function inOrder(value: string): string {
  return value.split(',').sort().join(',')
}

async function createTopics(cluster: Cluster, topics: readonly TopicSettings[]): Promise<void> {
  const asked = topics.map(({ name, partitions, configs, copies = -1 }) => ({
    name,
    numPartitions: partitions,
    replicationFactor: copies,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }))
  const what = `create topic ${topics.map(({ name }) => name).join(', ')}`
  await cluster.retrying(async () => {
    try {
      await cluster.askAny(what, createTopicsV7.api, asked, 30_000, false)
    } catch (error) {
      const failed = brokerError(what, error)
      // Another process was quicker with some of them.
      if (failed.codes.length > 0 && failed.codes.every((each) => each === code.topicExists)) return
      throw topicRefusal(failed, topics, cluster.brokerIds.length) ?? failed
    }
  })
}
