/** The big conn log of a bench, made once and kept in the temporary folder of the system. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

export type Maker = {
  /** For the reader of the figures, and for the baseline: what made the connections. */
  readonly name: string
  /** What the made file depends on besides count, hosts and seed. */
  readonly fingerprint: string
  command(count: number, hosts: number, path: string, seed: number): readonly string[]
}

const SEED = 1

/** The one that replays captures, where it and they are there; else the project's own. `bench`, `data`: folders, which may be missing. */
export function findMaker(root: string, bench: string, data: string): Maker {
  const script = join(bench, 'make-big-conn.mjs')
  const sources = existsSync(script) ? connLogs(join(data, 'labelled')) : []
  if (sources.length > 0) {
    return {
      name: `make-big-conn.mjs of ${sources.length} captures`,
      fingerprint: digest(
        [script, ...sources].map((path) => `${path} ${statSync(path).size} ${statSync(path).mtimeMs}`),
      ),
      command: (count, hosts, path, seed) =>
        [process.execPath, script, sources.join(','), count, hosts, path, seed].map(String),
    }
  }
  const own = ['big-conn.ts', 'random.ts'].map((name) => join(root, 'tests/generate', name))
  return {
    name: 'tests/generate/big-conn.ts',
    fingerprint: digest(own.map((path) => readFileSync(path, 'utf8'))),
    command: (count, hosts, path, seed) =>
      [process.execPath, own[0] ?? '', count, hosts, path, seed].map(String),
  }
}

/** Every `conn.log` and `conn.log.labeled` below a folder, in order. */
export function connLogs(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|\/)conn\.log(?:\.labeled)?$/.test(path.replaceAll('\\', '/')))
    .sort()
    .map((path) => join(folder, path))
}

/** The path of the file, made if it is not there yet. A half-made one never carries the name. */
export function inputFile(maker: Maker, count: number, hosts: number, folder = cacheFolder()): string {
  const path = join(folder, `conn-${count}-${hosts}-${SEED}-${maker.fingerprint}.log`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const part = `${path.slice(0, -'.log'.length)}.${process.pid}.part.log`
  const [program = '', ...args] = maker.command(count, hosts, part, SEED)
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) {
    rmSync(part, { force: true })
    throw new Error(`${maker.name} failed: ${stderr}`)
  }
  renameSync(part, path)
  return path
}

export function cacheFolder(): string {
  return join(tmpdir(), `weir-bench-${userInfo().username}`)
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12)
}
