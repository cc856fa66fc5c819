import { join } from 'node:path'

/** Where the broker of the tests listens and keeps its things. All of it on loopback and inside the cache folder. */
export type BrokerSettings = {
  readonly port: number
  readonly controllerPort: number
  readonly registryPort: number
  /** TLS and a SASL log-in; and TLS with certificates on both sides. Rights are asked for on these two alone. */
  readonly securePort: number
  readonly mutualPort: number
  readonly heap: string
  /** Jars, and below `instance` what belongs to the broker on this port. */
  readonly cache: string
  readonly instance: string
}

export const host = '127.0.0.1'

/** Throws a sentence that names the variable which is no port. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): BrokerSettings {
  const port = portOf(env, 'WEIR_KAFKA_PORT', 19_092)
  const cache = join(root, '.cache', 'kafka')
  return {
    port,
    controllerPort: portOf(env, 'WEIR_KAFKA_CONTROLLER_PORT', port + 1),
    registryPort: portOf(env, 'WEIR_REGISTRY_PORT', port + 2),
    securePort: portOf(env, 'WEIR_KAFKA_SECURE_PORT', port + 4),
    mutualPort: portOf(env, 'WEIR_KAFKA_MUTUAL_PORT', port + 5),
    heap: env.WEIR_KAFKA_HEAP ?? '512m',
    cache,
    instance: join(cache, `on-${port}`),
  }
}

function portOf(env: Readonly<Record<string, string | undefined>>, name: string, otherwise: number): number {
  const text = env[name]
  if (text === undefined || text === '') return otherwise
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_533) throw new Error(`${name} is no port: ${text}`)
  return port
}

/** One node that is broker and controller; every log it keeps for itself has one replica and few partitions. */
export function serverProperties(
  settings: BrokerSettings,
  certificates: { ca: string; broker: string },
): string {
  const { port, controllerPort, securePort, mutualPort, instance } = settings
  const listeners = [
    `PLAINTEXT://${host}:${port}`,
    `CONTROLLER://${host}:${controllerPort}`,
    `SECURE://${host}:${securePort}`,
    `MUTUAL://${host}:${mutualPort}`,
  ].join(',')
  return `${[
    'process.roles=broker,controller',
    'node.id=1',
    `listeners=${listeners}`,
    `advertised.listeners=${listeners}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL',
    ...tls('secure', certificates),
    ...tls('mutual', certificates),
    'listener.name.mutual.ssl.client.auth=required',
    'listener.name.mutual.ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT',
    'sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512,PLAIN,OAUTHBEARER',
    logIn('scram-sha-256', 'scram.ScramLoginModule required'),
    logIn('scram-sha-512', 'scram.ScramLoginModule required'),
    logIn('plain', `plain.PlainLoginModule required user_${plainUser.name}="${plainUser.password}"`),
    // Tokens without a signature: good enough to see that one arrives.
    logIn(
      'oauthbearer',
      'oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker"',
    ),
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Whoever comes over the plain listener may do everything; it is on loopback.
    'super.users=User:ANONYMOUS',
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    `controller.quorum.bootstrap.servers=${host}:${controllerPort}`,
    `log.dirs=${join(instance, 'data')}`,
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=4',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'share.coordinator.state.topic.num.partitions=1',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=500',
    // A broker that was killed is let in again once its old self counts as gone.
    'broker.session.timeout.ms=2000',
    'broker.heartbeat.interval.ms=500',
    'log.cleaner.dedupe.buffer.size=16777216',
    // How soon after a look in vain it looks again; tests of compaction wait for it.
    'log.cleaner.backoff.ms=500',
  ].join('\n')}\n`
}

/** The one user that the broker lets in by PLAIN. Those of SCRAM are made by who needs them. */
export const plainUser = { name: 'plain', password: 'plain-secret' } as const

function tls(listener: string, { ca, broker }: { ca: string; broker: string }): readonly string[] {
  const name = `listener.name.${listener}.ssl`
  return [
    `${name}.keystore.type=PEM`,
    `${name}.keystore.location=${broker}`,
    `${name}.truststore.type=PEM`,
    `${name}.truststore.location=${ca}`,
  ]
}

function logIn(mechanism: string, module: string): string {
  return `listener.name.secure.${mechanism}.sasl.jaas.config=org.apache.kafka.common.security.${module};`
}
