import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { brokerCertificates } from './certificates.ts'
import { type Daemon, isRunning, start, stop, untilAnswers } from './daemon.ts'
import { findJava, findMaven } from './java.ts'
import { type BrokerSettings, host, serverProperties } from './settings.ts'

/** Starts the broker unless it runs, installing what is missing, and resolves when it answers. Its data are kept. */
export async function startBroker(settings: BrokerSettings): Promise<void> {
  const daemon = brokerDaemon(settings)
  if (!isRunning(daemon)) {
    const java = findJava(17, settings.cache)
    const classPath = join(copyJars(settings), '*')
    const properties = join(settings.instance, 'server.properties')
    mkdirSync(settings.instance, { recursive: true })
    writeFileSync(properties, serverProperties(settings, brokerCertificates(settings)))
    if (!existsSync(join(settings.instance, 'data', 'meta.properties'))) {
      format(java, classPath, properties, settings.among)
    }
    start(daemon, [
      java,
      `-Xmx${settings.heap}`,
      '-XX:+UseSerialGC',
      '-cp',
      classPath,
      'kafka.Kafka',
      properties,
    ])
  }
  await untilAnswers(daemon, () => answersVersions(settings.port))
}

/** Whether one was running. `SIGKILL` is what a crash looks like. */
export function stopBroker(settings: BrokerSettings, signal?: NodeJS.Signals): Promise<boolean> {
  return stop(brokerDaemon(settings), signal)
}

export function removeBrokerData(settings: BrokerSettings): void {
  rmSync(settings.instance, { recursive: true, force: true })
}

function brokerDaemon({ instance, port }: BrokerSettings): Daemon {
  return {
    name: `the broker on port ${port}`,
    pidFile: join(instance, 'broker.pid'),
    logFile: join(instance, 'broker.log'),
    mark: join(instance, 'server.properties'),
  }
}

/** The folder of the broker's jars, fetched once. */
function copyJars({ cache }: BrokerSettings): string {
  const libs = join(cache, 'libs')
  if (globSync(join(libs, 'kafka_2.13-*.jar')).length > 0) return libs
  copyDependencies('kafka-pom.xml', libs)
  return libs
}

export function copyDependencies(pom: string, folder: string): void {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`]
  const { status } = spawnSync(findMaven(), ['-B', '-q', '-f', join(import.meta.dirname, pom), ...goal], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) throw new Error(`Maven could not fetch ${pom}: see its messages above.`)
}

function format(java: string, classPath: string, properties: string, among: BrokerSettings['among']): void {
  const tool = (...args: string[]) =>
    spawnSync(java, ['-cp', classPath, 'kafka.tools.StorageTool', ...args], { encoding: 'utf8' })
  const id = among?.clusterId ?? tool('random-uuid').stdout.trim().split('\n').at(-1) ?? ''
  const role = among === undefined || among.node === 1 ? '--standalone' : '--no-initial-controllers'
  const { status, stdout, stderr } = tool('format', role, '-t', id, '-c', properties)
  if (status !== 0) throw new Error(`The broker's data folder could not be made:\n${stdout}${stderr}`)
}

/**
 * ApiVersions, version 0. Request: int32 length, int16 key 18, int16 version 0, int32 correlation id, int16 -1 for no client
 * id. Answer: int32 length, int32 correlation id, int16 error code. A broker answers once it takes requests at all.
 */
function answersVersions(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 })
    const done = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.on('connect', () => socket.write(Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255])))
    socket.on('data', (bytes) => done(bytes.length >= 10 && bytes.readInt16BE(8) === 0))
    socket.on('error', () => done(false))
    socket.on('timeout', () => done(false))
    socket.on('close', () => done(false))
  })
}
