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
  readonly standbys?: string
  readonly instanceId?: string
}

export type Brokers = {
  readonly transport: Transport
  readonly codecs: RecordCodecs
  readonly application: string
}

/**
 * A transport on the brokers of the command line, the environment or the settings file, in this order, and the codecs for what
 * goes over it.
 */
export async function openBrokers(options: BrokerOptions, env: Env, command: string): Promise<Brokers> {
  const { guarantee = 'exactly-once' } = options
  const wrong: string[] = []
  if (!isGuarantee(guarantee))
    wrong.push(`--guarantee must be exactly-once or at-least-once, not '${guarantee}'`)
  const standbys = Number(options.standbys ?? 0)
  if (!Number.isInteger(standbys) || standbys < 0) wrong.push('--standbys must be a whole number')
  else if (standbys > 0 && options.stateDir === undefined) {
    wrong.push('--standbys needs --state-dir: copies are kept on disk')
  }
  if (wrong.length > 0 || !isGuarantee(guarantee))
    throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command })
  const connection = readConnection(options, env, command)
  const { application } = connection
  const codecs = await openCodecs(connection, 'write', application)
  const transport = await kafkaTransport({
    ...clientSettings(connection, command),
    guarantee,
    standbys,
    topicConfigs: tableConfigs(application),
    prepare: codecs.prepare,
    ...(options.stateDir === undefined ? {} : { stateDirectory: options.stateDir }),
    ...(options.instanceId === undefined ? {} : { instanceId: options.instanceId }),
  })
  return { transport, codecs, application }
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
