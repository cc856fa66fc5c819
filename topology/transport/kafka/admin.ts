import { topologyError } from '../../errors.ts'
import type { TopicSpec } from '../transport.ts'
import type { Cluster } from './cluster.ts'
import { BrokerError, brokerError, code, createTopicsV7, describeConfigsV4 } from './protocol.ts'

export type TopicSettings = {
  readonly name: string
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

/** One thing about a topic that is not as wanted. */
export type TopicDifference = {
  readonly topic: string
  readonly what: string
  readonly wanted: string
  /** `null`: there is no such topic. */
  readonly actual: string | null
}

/**
 * How a topic of the runtime is kept. Records of old captures and of sensors whose clock is ahead are taken as they are, so no
 * timestamp is too late.
 */
export function settingsOf(spec: TopicSpec): TopicSettings {
  const configs: Record<string, string> = { 'message.timestamp.after.max.ms': '9223372036854775807' }
  if (spec.keep === 'latest') {
    configs['cleanup.policy'] = 'compact'
    // State cannot be left out for its size, as other records can.
    configs['max.message.bytes'] = '16777216'
  } else configs['cleanup.policy'] = 'delete'
  // Time says nothing of whether its readers have seen a record: they delete what they have committed past.
  if (spec.keep === 'consumed') configs['retention.ms'] = '-1'
  return { name: spec.name, partitions: spec.partitions, configs }
}

/** Creates those that are absent and waits until every one can be written. Leaves the settings of existing ones alone. */
export async function ensureTopics(cluster: Cluster, wanted: readonly TopicSettings[]): Promise<void> {
  if (wanted.length === 0) return
  const names = wanted.map(({ name }) => name)
  await cluster.retrying(() => cluster.refresh(names))
  const absent = wanted.filter(({ name }) => cluster.topic(name) === undefined)
  if (absent.length > 0) await createTopics(cluster, absent)
  await cluster.retrying(async () => {
    await cluster.refresh(names)
    for (const { name, partitions } of wanted) {
      const actual = cluster.topic(name)?.leaders.length
      if (actual === undefined)
        throw new BrokerError(`topic ${name}`, [code.unknownTopicOrPartition], undefined)
      if (actual !== partitions)
        throw topologyError.PARTITIONS_DIFFER({ topic: name, actual, wanted: partitions })
      for (let partition = 0; partition < partitions; partition += 1) cluster.leaderOf(name, partition)
    }
  })
}

/** Everything in which existing topics are not what is wanted. */
export async function differences(
  cluster: Cluster,
  wanted: readonly TopicSettings[],
): Promise<readonly TopicDifference[]> {
  const names = wanted.map(({ name }) => name)
  await cluster.retrying(() => cluster.refresh(names))
  const found: TopicDifference[] = []
  const present: TopicSettings[] = []
  for (const each of wanted) {
    const actual = cluster.topic(each.name)?.leaders.length
    const partitions = String(each.partitions)
    if (actual === undefined) {
      found.push({ topic: each.name, what: 'partitions', wanted: partitions, actual: null })
      continue
    }
    present.push(each)
    if (actual !== each.partitions) {
      found.push({ topic: each.name, what: 'partitions', wanted: partitions, actual: String(actual) })
    }
  }
  if (present.length === 0) return found
  const answer = await cluster.retrying(async () => {
    const [broker] = cluster.brokerIds
    const resources = present.map(({ name, configs }) => ({
      resourceType: 2 as const,
      resourceName: name,
      configurationKeys: Object.keys(configs),
    }))
    return cluster.call(
      'ask',
      broker ?? -1,
      'describe configs',
      describeConfigsV4.api,
      resources,
      false,
      false,
    )
  })
  for (const { name, configs } of present) {
    const actual = new Map(
      answer.results
        .find(({ resourceName }) => resourceName === name)
        ?.configs.map((each) => [each.name, each.value]),
    )
    for (const [what, value] of Object.entries(configs)) {
      const has = actual.get(what) ?? ''
      if (has !== value) found.push({ topic: name, what, wanted: value, actual: has })
    }
  }
  return found
}

async function createTopics(cluster: Cluster, topics: readonly TopicSettings[]): Promise<void> {
  const asked = topics.map(({ name, partitions, configs }) => ({
    name,
    numPartitions: partitions,
    // As many copies as the cluster's own default says.
    replicationFactor: -1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }))
  await cluster.retrying(async () => {
    try {
      const [broker] = cluster.brokerIds
      await cluster.call('ask', broker ?? -1, 'create topics', createTopicsV7.api, asked, 30_000, false)
    } catch (error) {
      const failed = brokerError('create topics', error)
      // Another process was quicker with some of them.
      if (failed.codes.length > 0 && failed.codes.every((each) => each === code.topicExists)) return
      throw failed
    }
  })
}
