import { progressTopic } from '../plan/names.ts'
import type { Plan } from '../plan/plan.ts'
import type { TopicSpec } from '../transport/transport.ts'

/** Every topic a plan reads, writes or keeps its state in, as a transport is asked to create it. */
export function topicSpecs({
  application,
  topics,
  deadLetters,
  globals,
  subTopologies,
}: Plan): readonly TopicSpec[] {
  return [
    ...topics.map(({ topic, partitions, internal }) => ({
      name: topic.name,
      partitions,
      encode: (value: unknown) => topic.codec.encode(value),
      keep: internal ? ('consumed' as const) : ('all' as const),
    })),
    ...globals.map(({ topic }) => ({ name: topic, partitions: 1, encode: null, keep: 'latest' as const })),
    { name: deadLetters, partitions: 1, encode: null, keep: 'all' as const },
    { name: progressTopic(application), partitions: 1, encode: null, keep: 'latest' as const },
    ...subTopologies.flatMap(({ stores, partitions }) =>
      stores.map(({ changelog, keepMs }) => ({
        name: changelog,
        partitions,
        encode: null,
        keep: 'latest' as const,
        ...(keepMs === null ? {} : { keepMs }),
      })),
    ),
  ]
}
