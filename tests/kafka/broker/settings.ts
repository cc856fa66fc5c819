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
  /** Which of how many brokers of one cluster, the first being its controller; alone without it. */
  readonly among?: { readonly clusterId: string; readonly node: number; readonly brokers: number }
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

/** Brokers of one cluster, ten ports apart, each of which keeps everything. `clusterId`: 16 bytes in base64url. */
export function clusterOf(first: BrokerSettings, clusterId: string, brokers: number): BrokerSettings[] {
  return Array.from({ length: brokers }, (_, at) => {
    const port = first.port + 10 * at
    return {
      ...first,
      port,
      securePort: first.securePort + 10 * at,
      mutualPort: first.mutualPort + 10 * at,
      instance: join(first.cache, `on-${port}`),
      among: { clusterId, node: at + 1, brokers },
    }
  })
}

function portOf(env: Readonly<Record<string, string | undefined>>, name: string, otherwise: number): number {
  const text = env[name]
  if (text === undefined || text === '') return otherwise
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_533) throw new Error(`${name} is no port: ${text}`)
  return port
}

/** The first node is broker and controller; every log it keeps for itself has few partitions, and as many replicas as there are brokers. */
export function serverProperties(
  settings: BrokerSettings,
  certificates: { ca: string; broker: string },
): string {
  const { port, controllerPort, securePort, mutualPort, instance } = settings
  const { node, brokers } = settings.among ?? { node: 1, brokers: 1 }
  const isController = node === 1
  const inSync = Math.min(brokers, 2)
  const listeners = [
    `PLAINTEXT://${host}:${port}`,
    ...(isController ? [`CONTROLLER://${host}:${controllerPort}`] : []),
    `SECURE://${host}:${securePort}`,
    `MUTUAL://${host}:${mutualPort}`,
  ].join(',')
  return `${[
    `process.roles=${isController ? 'broker,controller' : 'broker'}`,
    `node.id=${node}`,
    `listeners=${listeners}`,
    `advertised.listeners=${listeners}`,
    `default.replication.factor=${brokers}`,
    `min.insync.replicas=${inSync}`,
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
    `offsets.topic.replication.factor=${brokers}`,
    'offsets.topic.num.partitions=4',
    `transaction.state.log.replication.factor=${brokers}`,
    `transaction.state.log.min.isr=${inSync}`,
    'transaction.state.log.num.partitions=4',
    `share.coordinator.state.topic.replication.factor=${brokers}`,
    `share.coordinator.state.topic.min.isr=${inSync}`,
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
