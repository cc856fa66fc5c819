import { type Indicator, topics } from '@weir/schemas'
import { type Env, namesBrokers, readConnection } from '../kafka/connection.ts'
import { openCodecs } from '../kafka/record-codecs.ts'
import { TableTopic } from '../kafka/table-topic.ts'

/** The options of a connection as they were typed. */
export type Where = Readonly<Record<string, unknown>> & {
  readonly brokers?: string
  readonly intel?: string
  readonly config?: string
}

/** The folder of indicators where none is named. */
export const defaultFolder = 'intel'

/**
 * Whether the topic of indicators is meant: brokers are typed, or stand in the environment or the settings file and no folder
 * is typed. A folder that is typed beside those is meant alone.
 */
export function isOnTopic(typed: Where, env: Env): boolean {
  return typed.brokers !== undefined || (typed.intel === undefined && namesBrokers(typed, env))
}

/** Does the work on the topic of indicators where that is meant. Gives `null` where it is not. */
export async function onTopic<T>(
  typed: Where,
  env: Env,
  use: 'read' | 'write',
  work: (topic: TableTopic<Indicator>) => Promise<T>,
): Promise<T | null> {
  if (!isOnTopic(typed, env)) return null
  const connection = readConnection(typed, env, 'intel')
  const { intel, prepare } = await openCodecs(connection, use)
  const topic = await TableTopic.open(topics.intel, intel, connection, prepare, 'intel')
  try {
    return await work(topic)
  } finally {
    await topic.close()
  }
}
