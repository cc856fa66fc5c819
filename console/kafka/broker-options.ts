import { type Guarantee, kafkaTransport, type Transport } from '@weir/topology/transport'
import { consoleError } from '../errors.ts'

export type BrokerOptions = {
  readonly brokers?: string
  readonly guarantee?: string
  readonly stateDir?: string
  readonly standbys?: string
  readonly instanceId?: string
}

/** A transport on the brokers of the command line, or else of the environment. */
export function openBrokers(
  options: BrokerOptions,
  env: Readonly<Record<string, string | undefined>>,
  command: string,
): Promise<Transport> {
  const text = options.brokers ?? env.WEIR_BROKERS ?? ''
  const brokers = text.split(',').filter((each) => each !== '')
  const { guarantee = 'exactly-once' } = options
  const wrong: string[] = []
  if (brokers.length === 0) wrong.push('--brokers or WEIR_BROKERS must name a broker, as host:port')
  if (!isGuarantee(guarantee))
    wrong.push(`--guarantee must be exactly-once or at-least-once, not '${guarantee}'`)
  const standbys = Number(options.standbys ?? 0)
  if (!Number.isInteger(standbys) || standbys < 0) wrong.push('--standbys must be a whole number')
  else if (standbys > 0 && options.stateDir === undefined) {
    wrong.push('--standbys needs --state-dir: copies are kept on disk')
  }
  if (wrong.length > 0 || !isGuarantee(guarantee))
    throw consoleError.BAD_OPTION({ wrong: wrong.join('; '), command })
  return kafkaTransport({
    brokers,
    guarantee,
    clientId: `weir-${command}`,
    standbys,
    ...(options.stateDir === undefined ? {} : { stateDirectory: options.stateDir }),
    ...(options.instanceId === undefined ? {} : { instanceId: options.instanceId }),
  })
}

function isGuarantee(text: string): text is Guarantee {
  return text === 'exactly-once' || text === 'at-least-once'
}
