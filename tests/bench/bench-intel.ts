/**
 * What a million indicators cost `weir analyze`: CPU seconds and memory of loading them, and what each record costs more with them
 * than without any, over the same connections in the same minutes.
 *
 *   node tests/bench/bench-intel.ts [--indicators N] [--connections N] [--hosts N]
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { percent } from './cost-table.ts'
import { findMaker, inputFile } from './input-file.ts'
import { type Cost, hasGnuTime, measuredRun, type OwnAccount } from './measured-run.ts'

const root = join(import.meta.dirname, '../..')
const { values } = parseArgs({
  options: {
    indicators: { type: 'string', default: '1000000' },
    connections: { type: 'string', default: '1000000' },
    hosts: { type: 'string', default: '20000' },
  },
})
const indicators = Number(values.indicators)
const connections = Number(values.connections)

const TARGET_MEMORY_BYTES = 400 * 1024 * 1024
const TARGET_SLOWDOWN = 0.05
/** So few that a run over them is the start alone. */
const START_CONNECTIONS = 100

const scratch = mkdtempSync(join(tmpdir(), 'weir-bench-intel-'))
const byTime = hasGnuTime()
const ceiling = resolve(process.env.WEIR_CEILING ?? join(root, '../shared/bench/node-ceiling.mjs'))
const data = resolve(root, process.env.WEIR_DATA ?? '../shared/data')
try {
  main()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function main(): void {
  const maker = findMaker(root, dirname(ceiling), data)
  const hosts = Number(values.hosts)
  const [few, many] = [START_CONNECTIONS, connections].map((count) => inputFile(maker, count, hosts))
  if (few === undefined || many === undefined) throw new Error('no input was made')
  const feed = join(scratch, 'feed.txt')
  writeFeed(feed, indicators)
  const folder = join(scratch, 'intel')
  const importing = run(['intel', 'import', feed, '--feed', 'bench', '--intel', folder])
  say(`Import of ${count(indicators)}: ${importing.cpuSeconds.toFixed(1)} s of CPU, ${megabytes(importing)}.`)
  const withIntel = ['--intel', folder]
  const start = analyze(few)
  const loaded = analyze(few, withIntel)
  const plain = analyze(many)
  const asked = analyze(many, withIntel)
  const load = loaded.cpuSeconds - start.cpuSeconds
  const isSmall = asked.peakMemoryBytes <= TARGET_MEMORY_BYTES
  say(
    `Loading: ${load.toFixed(1)} s of CPU, ${loaded.wallSeconds.toFixed(1)} s on the wall with the start; ${megabytes(loaded)}.`,
  )
  say(
    `Over ${count(connections)} connections: ${megabytes(asked)} with them, ${megabytes(plain)} without; target at most ${TARGET_MEMORY_BYTES >> 20} MB: ${isSmall ? 'met' : 'missed'}`,
  )
  const slowdown = (asked.cpuSeconds - loaded.cpuSeconds) / (plain.cpuSeconds - start.cpuSeconds) - 1
  say(
    `CPU of a record, start and loading left out: ${percent(slowdown)}, target at most ${percent(TARGET_SLOWDOWN)}: ${slowdown <= TARGET_SLOWDOWN ? 'met' : 'missed'}`,
  )
}

function analyze(input: string, more: readonly string[] = []): Cost {
  return run(['analyze', input, '--out', join(scratch, 'out'), '--quiet', ...more])
}

function run(words: readonly string[]): Cost {
  const own = (): OwnAccount => JSON.parse(readFileSync(join(scratch, 'out', 'summary.json'), 'utf8'))
  const none = (): OwnAccount => ({ cpuSeconds: Number.NaN, peakMemoryBytes: Number.NaN })
  const account = words[0] === 'analyze' ? own : none
  return measuredRun([join(root, 'console/weir'), ...words], byTime, join(scratch, 'time'), account).cost
}

/** Half of it addresses, the rest names, ranges, files and fingerprints, none of which the connections have. */
function writeFeed(path: string, lines: number): void {
  const file = openSync(path, 'w')
  let text = ''
  for (let i = 0; i < lines; i += 1) {
    text += `${valueAt(i)}\n`
    if (text.length < 1 << 16) continue
    writeSync(file, text)
    text = ''
  }
  writeSync(file, text)
  closeSync(file)
}

function valueAt(i: number): string {
  const [a, b, c] = [(i >> 16) & 255, (i >> 8) & 255, i & 255]
  const kind = i % 20
  if (kind < 10) return `${200 + (a % 2)}.${a}.${b}.${c}`
  if (kind < 16) return `host-${i.toString(36)}.listed-${(i % 5_000).toString(36)}.example.net`
  if (kind < 17) return `${210 + (a % 4)}.${a}.${b}.${c & 240}/28`
  return i.toString(16).padStart(64, 'a1b2c3d4')
}

function say(text: string): void {
  console.log(text)
}

function count(n: number): string {
  return n.toLocaleString('en')
}

function megabytes({ peakMemoryBytes }: Cost): string {
  return `${Math.round(peakMemoryBytes / (1 << 20))} MB`
}
