import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { copyDependencies } from './broker.ts'
import { type Daemon, isRunning, start, stop, untilAnswers } from './daemon.ts'
import { findJava } from './java.ts'
import { type BrokerSettings, host } from './settings.ts'

/** Address of the part of it that speaks as Confluent's registry does. */
export function registryUrl({ registryPort }: BrokerSettings): string {
  return `http://${host}:${registryPort}/apis/ccompat/v7`
}

/** Starts the registry unless it runs and resolves when it answers. It keeps its schemas in memory. */
export async function startRegistry(settings: BrokerSettings): Promise<void> {
  const daemon = registryDaemon(settings)
  if (!isRunning(daemon)) {
    const java = findJava(21, settings.cache)
    const runner = unpack(settings)
    const command = [
      java,
      '-Xmx384m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Dapicurio.storage.kind=sql',
      `-Dweir.instance=${settings.instance}`,
      '-jar',
      runner,
    ]
    const env = {
      QUARKUS_HTTP_HOST: host,
      QUARKUS_HTTP_PORT: String(settings.registryPort),
      QUARKUS_MANAGEMENT_HOST: host,
      QUARKUS_MANAGEMENT_PORT: String(settings.registryPort + 1),
    }
    start(daemon, command, env, dirname(dirname(runner)))
  }
  await untilAnswers(daemon, () => answers(`${registryUrl(settings)}/subjects`))
  // It starts with NONE, under which every change of a schema is taken.
  await fetch(`${registryUrl(settings)}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ compatibility: 'BACKWARD' }),
  })
}

export function stopRegistry(settings: BrokerSettings): Promise<boolean> {
  return stop(registryDaemon(settings))
}

function registryDaemon({ instance, registryPort }: BrokerSettings): Daemon {
  return {
    name: `the schema registry on port ${registryPort}`,
    pidFile: join(instance, 'registry.pid'),
    logFile: join(instance, 'registry.log'),
    mark: `-Dweir.instance=${instance}`,
  }
}

function unpack({ cache }: BrokerSettings): string {
  const folder = join(cache, 'registry')
  const runner = () => globSync(join(folder, '**/quarkus-run.jar'))[0]
  const known = runner()
  if (known !== undefined) return known
  copyDependencies('registry-pom.xml', folder)
  const [archive] = globSync(join(folder, '*.tar.gz'))
  if (archive === undefined) throw new Error('Maven fetched no registry.')
  mkdirSync(folder, { recursive: true })
  spawnSync('tar', ['-xzf', archive, '-C', folder], { stdio: ['ignore', 2, 2] })
  const fresh = runner()
  if (fresh === undefined) throw new Error(`There is no quarkus-run.jar in ${archive}.`)
  return fresh
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}
