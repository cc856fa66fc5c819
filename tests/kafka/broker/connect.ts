import { globSync } from 'node:fs'
import { join } from 'node:path'
import { copyDependencies } from './broker.ts'
import { findJava } from './java.ts'
import type { BrokerSettings } from './settings.ts'

/** The command that runs Kafka Connect in one process, with these files of settings; its file sink is fetched once. */
export function connectCommand(settings: BrokerSettings, files: readonly string[]): readonly string[] {
  const folder = join(settings.cache, 'connect')
  if (globSync(join(folder, 'connect-file-*.jar')).length === 0) copyDependencies('connect-pom.xml', folder)
  const classPath = [join(settings.cache, 'libs', '*'), join(folder, '*')].join(':')
  const java = findJava(17, settings.cache)
  const flags = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
  return [java, ...flags, '-cp', classPath, 'org.apache.kafka.connect.cli.ConnectStandalone', ...files]
}
