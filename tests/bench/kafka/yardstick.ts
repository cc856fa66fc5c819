/** The yardstick: the same jobs on Kafka Streams in Java, built from its sources beside this checkout when they are there. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findMaven } from '../../kafka/broker/java.ts'

export type Yardstick = { readonly java: string; readonly libs: string }

/** `null` where there are no sources. Throws, with Maven's words, when they do not build. */
export function findYardstick(sources: string, cache: string, java: string): Yardstick | null {
  if (!existsSync(join(sources, 'pom.xml'))) return null
  const folder = join(cache, 'yardstick')
  const libs = join(folder, 'libs')
  if (globSync(join(libs, 'streams-baseline-*.jar')).length > 0) return { java, libs }
  mkdirSync(folder, { recursive: true })
  for (const name of ['pom.xml', 'src']) cpSync(join(sources, name), join(folder, name), { recursive: true })
  const goals = ['package', 'dependency:copy-dependencies', `-DoutputDirectory=${libs}`]
  const { status, stdout, stderr } = spawnSync(findMaven(), ['-B', '-q', ...goals], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The yardstick in ${sources} does not build:\n${stdout}${stderr}`)
  for (const jar of globSync(join(folder, 'target', 'streams-baseline-*.jar'))) {
    cpSync(jar, join(libs, 'streams-baseline-1.jar'))
  }
  return { java, libs }
}

/** The command line of one of its jobs; `how` as in `job.ts`. */
export function yardstickCommand(
  { java, libs }: Yardstick,
  verb: 'run' | 'restore',
  how: { brokers: string; job: string; guarantee: string; commitMs: number; application: string },
  stateFolder: string,
  records: number,
): readonly string[] {
  const guarantee = how.guarantee === 'exactly-once' ? 'exactly_once_v2' : 'at_least_once'
  return [
    java,
    '-Xmx1g',
    '-Dstreams.session.timeout.ms=6000',
    '-cp',
    join(libs, '*'),
    'Baseline',
    verb,
    how.brokers,
    how.job,
    'avro',
    guarantee,
    String(how.commitMs),
    how.application,
    stateFolder,
    String(records),
    'keep',
  ]
}
