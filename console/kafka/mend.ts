import type { TopicDifference } from '@weir/topology/transport'
import type { PlannedTopic } from './topic-plan.ts'

export type Cluster = {
  readonly brokers: readonly string[]
  /** Whether Kafka's own tools need a file that says how to log in. */
  readonly secured: boolean
}

/**
 * The lines of Kafka's own tools that bring a topic to what is wanted, in the order to run them, and what to know before; a
 * number of partitions that is too great can only be mended by a new topic.
 */
export function mend(
  difference: TopicDifference,
  topic: PlannedTopic,
  cluster: Cluster,
): { readonly lines: readonly string[]; readonly caution: string | null } {
  const { what, wanted, actual } = difference
  const { name, partitions } = topic
  if (actual === null) return { lines: [createLine(topic, cluster)], caution: null }
  if (what !== 'partitions') {
    return {
      lines: [
        `kafka-configs.sh ${server(cluster)} --alter --entity-type topics --entity-name ${name} --add-config ${config(what, wanted)}`,
      ],
      caution: null,
    }
  }
  if (Number(actual) < partitions) {
    return {
      lines: [`kafka-topics.sh ${server(cluster)} --alter --topic ${name} --partitions ${partitions}`],
      caution: topic.internal
        ? 'keys move to other partitions and leave their state behind: stop the processors, and delete all topics of the application instead'
        : 'keys move to other partitions: stop the processors before',
    }
  }
  return {
    lines: [`kafka-topics.sh ${server(cluster)} --delete --topic ${name}`, createLine(topic, cluster)],
    caution: `partitions cannot be taken away, and this deletes the records: stop the processors before; or give --partitions ${actual} everywhere`,
  }
}

function createLine({ name, partitions, configs, copies }: PlannedTopic, cluster: Cluster): string {
  const settings = Object.entries(configs).map(([key, value]) => `--config ${quoted(`${key}=${value}`)}`)
  const replicas = copies === undefined ? [] : [`--replication-factor ${copies}`]
  return [
    `kafka-topics.sh ${server(cluster)} --create --topic ${name} --partitions ${partitions}`,
    ...replicas,
    ...settings,
  ].join(' ')
}

function server({ brokers, secured }: Cluster): string {
  const login = secured ? ' --command-config admin.properties' : ''
  return `--bootstrap-server ${brokers.join(',')}${login}`
}

/** `--add-config` takes a comma for the next setting unless brackets say otherwise; `--config` of topics does not. */
function config(name: string, value: string): string {
  return quoted(value.includes(',') ? `${name}=[${value}]` : `${name}=${value}`)
}

function quoted(text: string): string {
  return /^[\w.=,-]+$/.test(text) ? text : `'${text}'`
}
