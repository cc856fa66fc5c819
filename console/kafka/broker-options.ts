import { type Guarantee, type KafkaSettings, kafkaTransport, type Transport } from '@weir/topology/transport'
import { consoleError } from '../errors.ts'
import { type Connection, type Env, readConnection } from './connection.ts'
import { openCodecs, type RecordCodecs } from './record-codecs.ts'
import { tableConfigs } from './topic-plan.ts'

export type BrokerOptions = {
  readonly brokers?: string
  readonly config?: string
  readonly guarantee?: string
  readonly stateDir?: string
}

export type Brokers = { readonly transport: Transport; readonly codecs: RecordCodecs }

/**
 * A transport on the brokers of the command line, the environment or the settings file, in this order, and the codecs for what
 * goes over it.
 */
export async function openBrokers(options: BrokerOptions, env: Env, command: string): Promise<Brokers> {
  const { guarantee = 'exactly-once' } = options
  if (!isGuarantee(guarantee)) {
    const wrong = `--guarantee must be exactly-once or at-least-once, not '${guarantee}'`
    throw consoleError.BAD_OPTION({ wrong, command })
  }
  const connection = readConnection(options, env, command)
  const codecs = await openCodecs(connection, 'write')
  const transport = await kafkaTransport({
    ...clientSettings(connection, command),
    guarantee,
    topicConfigs: tableConfigs(),
    prepare: codecs.prepare,
    ...(options.stateDir === undefined ? {} : { stateDirectory: options.stateDir }),
  })
  return { transport, codecs }
}

/** What a client of the brokers is told of them. */
export function clientSettings({ brokers, tls, sasl }: Connection, command: string): KafkaSettings {
  return {
    brokers,
    clientId: `weir-${command}`,
    ...(tls === null ? {} : { tls }),
    ...(sasl === null ? {} : { sasl }),
  }
}

function isGuarantee(text: string): text is Guarantee {
  return text === 'exactly-once' || text === 'at-least-once'
}
