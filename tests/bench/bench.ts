/**
 * What Weir costs: records per second, CPU seconds per million records and peak memory of the real command over big conn logs, beside
 * the bare ceiling of Node over the same files in the same minutes. Only the ratios mean something on another machine.
 *
 *   node tests/bench/bench.ts [--small] [--connections N] [--hosts N] [--rounds N] [--update]
 *
 * `WEIR_CEILING` names another script for the ceiling, beside which `make-big-conn.mjs` is looked for, and `WEIR_DATA` the folder of
 * captures that this needs; where they are missing, the project's own ceiling and generator are taken. Exits with 1 when a ratio is clearly above the
 * baseline.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { detectors } from '@weir/processors'
import { type Baseline, compare, parseBaselines, updated } from './baseline.ts'
import { costTable, millionsOf, percent } from './cost-table.ts'
import { firstDetectors } from './first-detectors.ts'
import { findMaker, inputFile } from './input-file.ts'
import { type Cost, hasGnuTime, measuredRun, middle, type OwnAccount } from './measured-run.ts'

const root = join(import.meta.dirname, '../..')
const baselinePath = join(import.meta.dirname, 'baseline.json')

const USUAL_CONNECTIONS = 3_000_000
const SMALL_CONNECTIONS = 300_000
/** The smaller file has this part of the bigger one's connections, over as many hosts: memory must not follow. */
const TIMES_BIGGER = 10
/** CPU of analyze, in units of the ceiling's. */
const TARGET_CPU_RATIO = 3
const TARGET_MEMORY_GROWTH = 0.2
/** Records per second with all detectors, as a share of those with the first set. */
const TARGET_KEPT = 0.6
/** Of a host that was busy for an hour, once its window has closed. */
const TARGET_IDLE_BYTES = 2_048

const FIRST_SET = `analyze, first ${firstDetectors.length} detectors`

type Program = { readonly name: string; run(input: string, count: number): Cost }

const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    connections: { type: 'string' },
    hosts: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '1' },
    update: { type: 'boolean', default: false },
  },
})

const big = wholeNumber(
  '--connections',
  values.connections ?? String(values.small ? SMALL_CONNECTIONS : USUAL_CONNECTIONS),
)
const hosts = wholeNumber('--hosts', values.hosts)
const rounds = wholeNumber('--rounds', values.rounds)
const counts = [Math.ceil(big / TIMES_BIGGER), big]

const byTime = hasGnuTime()
const scratch = mkdtempSync(join(tmpdir(), 'weir-bench-run-'))
const ceilingPath = resolve(process.env.WEIR_CEILING ?? join(root, '../shared/bench/node-ceiling.mjs'))
const hasOtherCeiling = existsSync(ceilingPath)
const yardstick = hasOtherCeiling
  ? ceilingPath.slice(dirname(ceilingPath).length + 1)
  : 'tests/bench/ceiling.ts'
const maker = findMaker(root, dirname(ceilingPath), resolve(root, process.env.WEIR_DATA ?? '../shared/data'))

try {
  process.exitCode = main()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function main(): number {
  say(
    `Input: made by ${maker.name}, ${hosts.toLocaleString('en')} hosts. Ceiling: ${yardstick}. Rounds: ${rounds}.`,
  )
  say(
    byTime
      ? "CPU and memory: the operating system's account of each process, its start included (/usr/bin/time)."
      : 'CPU and memory: what each process says of itself (there is no GNU /usr/bin/time).',
  )
  const programs: readonly Program[] = [
    { name: 'ceiling', run: runCeiling },
    { name: 'analyze', run: (input, count) => runAnalyze(input, count, 'memory') },
    { name: FIRST_SET, run: (input, count) => runAnalyze(input, count, 'memory', firstSetConfig()) },
    { name: 'analyze --store disk', run: (input, count) => runAnalyze(input, count, 'disk') },
  ]
  const costs = new Map<string, Cost>()
  for (const count of counts) {
    const input = inputFile(maker, count, hosts)
    const all = new Map<string, Cost[]>(programs.map(({ name }) => [name, []]))
    // One after the other in every round, so that a busy minute falls on all of them.
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, run } of programs) all.get(name)?.push(run(input, count))
    }
    for (const [name, runs] of all) costs.set(`${name} ${count}`, middle(runs))
    say(
      `\n${costTable(
        count,
        [...all].map(([name, runs]) => [name, middle(runs)] as const),
      )}`,
    )
  }
  const ratios = ratiosOf(costs)
  say('')
  if (big < USUAL_CONNECTIONS) {
    say(
      `Targets are meant for ${USUAL_CONNECTIONS.toLocaleString('en')}: less is mostly the start, and memory still filling.`,
    )
  }
  sayTargets(ratios)
  sayKept(costs)
  sayIdleHost()
  return sayBaseline({ ceiling: yardstick, input: maker.name, hosts, ratios })
}

function runCeiling(input: string, count: number): Cost {
  const command = hasOtherCeiling
    ? [process.execPath, ceilingPath, input, 'both']
    : [process.execPath, join(import.meta.dirname, 'ceiling.ts'), input]
  const { cost, stdout } = measuredRun(command, byTime, join(scratch, 'time'), ceilingAccount)
  const { n, records = n }: { n?: number; records?: number } = JSON.parse(stdout)
  if (records !== count) throw new Error(`the ceiling read ${records} of ${count} connections`)
  return cost
}

function ceilingAccount(stdout: string): OwnAccount {
  const told: {
    cpuSeconds?: number
    peakMemoryBytes?: number
    cpu_per_m?: number
    n?: number
    rss_mb?: number
  } = JSON.parse(stdout)
  return {
    cpuSeconds: told.cpuSeconds ?? (told.cpu_per_m ?? Number.NaN) * millionsOf(told.n ?? Number.NaN),
    peakMemoryBytes: told.peakMemoryBytes ?? (told.rss_mb ?? Number.NaN) * (1 << 20),
  }
}

/** A settings file that leaves only the first detectors on. */
function firstSetConfig(): readonly string[] {
  const path = join(scratch, 'first.json')
  const off = detectors.filter(({ id }) => !firstDetectors.includes(id)).map(({ id }) => [id, false])
  writeFileSync(path, JSON.stringify({ detectors: Object.fromEntries(off) }))
  return ['--config', path]
}

function runAnalyze(
  input: string,
  count: number,
  store: 'memory' | 'disk',
  options: readonly string[] = [],
): Cost {
  const out = join(scratch, 'out')
  const state = join(scratch, 'state')
  const onDisk = store === 'disk' ? ['--store', 'disk', '--state-dir', state] : []
  const command = [
    join(root, 'console/weir'),
    'analyze',
    input,
    '--out',
    out,
    '--quiet',
    ...onDisk,
    ...options,
  ]
  const readSummary = (): OwnAccount & { records: number; dropped?: number } =>
    JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))
  const { cost } = measuredRun(command, byTime, join(scratch, 'time'), readSummary)
  const { records } = readSummary()
  if (records !== count) throw new Error(`weir analyze accepted ${records} of ${count} connections`)
  for (const folder of [out, state]) rmSync(folder, { recursive: true, force: true })
  return cost
}

/** By name, as in the baseline; of sizes and stores. */
function ratiosOf(costs: ReadonlyMap<string, Cost>): Record<string, number> {
  const costOf = (name: string, count: number): Cost => {
    const cost = costs.get(`${name} ${count}`)
    if (cost === undefined) throw new Error(`${name} was not run over ${count} connections`)
    return cost
  }
  const ratios: Record<string, number> = {}
  const [few = 0, many = 0] = counts
  for (const [store, name] of [
    ['memory', 'analyze'],
    ['disk', 'analyze --store disk'],
  ] as const) {
    for (const count of counts) {
      ratios[`cpu ${count} ${store}`] = rounded(
        costOf(name, count).cpuSeconds / costOf('ceiling', count).cpuSeconds,
      )
    }
    ratios[`memory ${few} to ${many} ${store}`] = rounded(
      costOf(name, many).peakMemoryBytes / costOf(name, few).peakMemoryBytes,
    )
  }
  return ratios
}

function sayTargets(ratios: Readonly<Record<string, number>>): void {
  for (const [name, ratio] of Object.entries(ratios)) {
    if (name.startsWith('cpu')) {
      const [, count, store] = name.split(' ')
      const verdict =
        store === 'disk'
          ? ''
          : `, target at most ${TARGET_CPU_RATIO}: ${ratio <= TARGET_CPU_RATIO ? 'met' : 'missed'}`
      say(`CPU of analyze (${store}) ÷ ceiling, ${Number(count).toLocaleString('en')}: ${ratio}${verdict}`)
    } else {
      const isMet = Math.abs(ratio - 1) <= TARGET_MEMORY_GROWTH
      say(
        `Memory for ${TIMES_BIGGER} times the input (${name.split(' ').at(-1)}): ${percent(ratio - 1)}, ` +
          `target within ${percent(TARGET_MEMORY_GROWTH)}: ${isMet ? 'met' : 'missed'}`,
      )
    }
  }
}

/** Both sides, on the wall and in CPU: neighbours disturb the one more than the other. */
function sayKept(costs: ReadonlyMap<string, Cost>): void {
  for (const count of counts) {
    const all = costs.get(`analyze ${count}`)
    const first = costs.get(`${FIRST_SET} ${count}`)
    if (all === undefined || first === undefined) continue
    const kept = first.wallSeconds / all.wallSeconds
    const perSecond = (cost: Cost): string => Math.round(count / cost.wallSeconds).toLocaleString('en')
    say(
      `All ${detectors.length} detectors ÷ first ${firstDetectors.length}, ${count.toLocaleString('en')}: ` +
        `${perSecond(all)} of ${perSecond(first)} records/s, ${rounded(kept)} (by CPU ` +
        `${rounded(first.cpuSeconds / all.cpuSeconds)}), target at least ${TARGET_KEPT}: ${kept >= TARGET_KEPT ? 'met' : 'missed'}`,
    )
  }
}

function sayIdleHost(): void {
  const command = [process.execPath, '--expose-gc', join(import.meta.dirname, 'idle-host.ts')]
  const { stdout } = measuredRun(command, false, '', () => ({ cpuSeconds: 0, peakMemoryBytes: 0 }))
  const { hosts: idle, bytesPerHost }: { hosts: number; bytesPerHost: number } = JSON.parse(stdout)
  say(
    `Memory of an idle host after its window, of ${idle.toLocaleString('en')}: ${bytesPerHost} bytes, ` +
      `target at most ${TARGET_IDLE_BYTES}: ${bytesPerHost <= TARGET_IDLE_BYTES ? 'met' : 'missed'}`,
  )
}

/** Answers the exit status. */
function sayBaseline(now: Baseline): number {
  const baselines = existsSync(baselinePath) ? parseBaselines(readFileSync(baselinePath, 'utf8')) : []
  const compared = compare(now, baselines)
  if (compared === null) say('\nNo baseline of this input, ceiling and number of hosts; --update writes one.')
  else say('\nAgainst the baseline:')
  for (const { name, now: ratio, before, isWorse } of compared ?? []) {
    const change =
      before === null ? 'new' : `was ${before}, ${percent(ratio / before - 1)}${isWorse ? ' WORSE' : ''}`
    say(`  ${name}: ${ratio} (${change})`)
  }
  if (values.update) {
    writeFileSync(baselinePath, `${JSON.stringify(updated(now, baselines), null, 2)}\n`)
    say('The baseline is written anew.')
    return 0
  }
  return compared?.some(({ isWorse }) => isWorse) ? 1 : 0
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  say(`${option} must be a whole number above 0`)
  process.exit(2)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
