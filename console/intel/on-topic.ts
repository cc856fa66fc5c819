import { type Indicator, topics } from '@weir/schemas'
import { type Env, readConnection } from '../kafka/connection.ts'
import { openCodecs } from '../kafka/record-codecs.ts'
import { TableTopic } from '../kafka/table-topic.ts'

/** The options of a connection as they were typed. */
export type Where = Readonly<Record<string, unknown>> & { readonly brokers?: string }

/**
 * Does the work on the topic of indicators when brokers are typed; only then, so that a folder can be kept beside brokers in the
 * environment. Gives `null` when there are none.
 */
export async function onTopic<T>(
  typed: Where,
  env: Env,
  use: 'read' | 'write',
  work: (topic: TableTopic<Indicator>) => Promise<T>,
): Promise<T | null> {
  if (typed.brokers === undefined) return null
  const connection = readConnection(typed, env, 'intel')
  const { intel, prepare } = await openCodecs(connection, use)
  const topic = await TableTopic.open(topics.intel, intel, connection, prepare, 'intel')
  try {
    return await work(topic)
  } finally {
    await topic.close()
  }
}
