import {
  type Guarantee,
  type KafkaSettings,
  kafkaTransport,
  reachKafka,
  type Transport,
} from '@weir/topology/transport'
import { type Check, type Checked, folder, oneOf, wholeNumber } from '../analyze/setting-checks.ts'
import { makeStateFolder } from '../results/make-folders.ts'
import { type Connection, checkConnection, type Env } from './connection.ts'
import { openCodecs, type RecordCodecs } from './record-codecs.ts'
import { tableConfigs } from './topic-plan.ts'

/** As typed. */
export type BrokerOptions = {
  readonly brokers?: string
  readonly config?: string
  readonly guarantee?: string
  readonly stateDir?: string
  readonly standbys?: string
  readonly instanceId?: string
}

export type BrokerSettings = {
  readonly connection: Connection
  readonly guarantee: Guarantee
  readonly standbys: number
  readonly stateDir: string | null
  readonly instanceId: string | null
}

export type Brokers = {
  readonly transport: Transport
  readonly codecs: RecordCodecs
  readonly application: string
}

/** Where the brokers are is taken from the command line, the environment or the settings file, in this order. */
export function checkBrokerOptions(
  { guarantee, standbys, stateDir, instanceId, ...options }: BrokerOptions,
  env: Env,
): Checked<BrokerSettings> {
  const wrong: string[] = []
  const check = <T>(name: string, given: unknown, otherwise: T, as: Check<T>): T => {
    if (given === undefined) return otherwise
    const checked = as(given, name)
    if ('value' in checked) return checked.value
    wrong.push(...checked.wrong)
    return otherwise
  }
  const settings = {
    guarantee: check('--guarantee', guarantee, 'exactly-once', oneOf(guarantees)),
    standbys: check('--standbys', standbys, 0, wholeNumber(0, 100)),
    stateDir: check<string | null>('--state-dir', stateDir, null, folder),
    instanceId: instanceId ?? null,
  }
  if (settings.standbys > 0 && stateDir === undefined)
    wrong.push('--standbys needs --state-dir: copies are kept on disk')
  const connection = checkConnection(options, env)
  if ('wrong' in connection) return { wrong: [...wrong, ...connection.wrong] }
  return wrong.length > 0 ? { wrong } : { value: { ...settings, connection: connection.value } }
}

const guarantees = ['exactly-once', 'at-least-once'] as const satisfies readonly Guarantee[]

/**
 * A transport on these brokers, and the codecs for what goes over it, once the brokers and the registry have answered. Makes the
 * state directory. For `signal` and what may be wrong see `reach`. `more`: settings of the transport that are no options.
 */
export async function openBrokers(
  { connection, guarantee, standbys, stateDir, instanceId }: BrokerSettings,
  command: string,
  signal: AbortSignal,
  more: Partial<KafkaSettings> = {},
): Promise<Brokers> {
  const { application } = connection
  if (stateDir !== null) makeStateFolder(stateDir)
  await reach(connection, command, signal)
  const codecs = await openCodecs(connection, 'write', application)
  const transport = await kafkaTransport({
    ...clientSettings(connection, command),
    ...more,
    guarantee,
    standbys,
    topicConfigs: tableConfigs(application),
    prepare: codecs.prepare,
    ...(stateDir === null ? {} : { stateDirectory: stateDir }),
    ...(instanceId === null ? {} : { instanceId }),
  })
  return { transport, codecs, application }
}

/** At the start a wrong address shall not take long to be noticed. */
const reachMs = 15_000

/**
 * Resolves once one of the brokers has answered. Rejects with `TOPO_BROKERS_AWAY` after 15 seconds: what a command waits for
 * while it works, which is longer, begins only then. `TOPO_TRANSPORT_CLOSED` when the signal aborts.
 */
export function reach(connection: Connection, command: string, signal: AbortSignal): Promise<void> {
  return reachKafka({ ...clientSettings(connection, command), giveUpMs: reachMs }, signal)
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
