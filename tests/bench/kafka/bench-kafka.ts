/**
 * Weir's runtime on Kafka beside Kafka Streams: the same two jobs over the same topic, one after the other in the same minutes.
 * Only the ratios mean something on another machine, and only when both ran in the same run.
 *
 *   node tests/bench/kafka/bench-kafka.ts [--records N] [--hosts N] [--rounds N] [--only TEXT] [--skip-recovery]
 *
 * `WEIR_YARDSTICK` names the folder of the yardstick's sources; without it only our own figures are told. Starts a broker of its
 * own, which it stops again, with empty data.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { removeBrokerData, startBroker, stopBroker } from '../../kafka/broker/broker.ts'
import { findJava } from '../../kafka/broker/java.ts'
import { host, readSettings } from '../../kafka/broker/settings.ts'
import { findMaker, inputFile } from '../input-file.ts'
import { figure, runChild, type Told } from './child.ts'
import { load } from './load.ts'
import { findYardstick, type Yardstick, yardstickCommand } from './yardstick.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const partitions = 4
/** CPU and memory of ours, in units of the yardstick's. */
const cpuTarget = 0.7
const memoryTarget = 0.5

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    hosts: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    'skip-recovery': { type: 'boolean', default: false },
  },
})
const records = Number(values.records)
const rounds = Number(values.rounds)
const sources = resolve(root, process.env.WEIR_YARDSTICK ?? '../shared/bench/kafka-streams')
const settings = readSettings(
  { WEIR_KAFKA_HEAP: '1g', ...process.env, WEIR_KAFKA_PORT: process.env.WEIR_BENCH_KAFKA_PORT ?? '19192' },
  root,
)
const brokers = `${host}:${settings.port}`
const states = join(settings.instance, 'bench-states')
const variants = [
  { job: 'j1', guarantee: 'at-least-once', commitMs: 1_000 },
  { job: 'j1', guarantee: 'exactly-once', commitMs: 100 },
  { job: 'j2', guarantee: 'at-least-once', commitMs: 1_000 },
  { job: 'j2', guarantee: 'exactly-once', commitMs: 100 },
] as const
let serial = 0

removeBrokerData(settings)
await startBroker(settings)
try {
  await main()
} finally {
  await stopBroker(settings)
  removeBrokerData(settings)
}

async function main(): Promise<void> {
  mkdirSync(states, { recursive: true })
  const yardstick = findYardstick(sources, settings.cache, findJava(17, settings.cache))
  const maker = findMaker(root, dirname(sources), resolve(root, process.env.WEIR_DATA ?? '../shared/data'))
  const file = inputFile(maker, records, Number(values.hosts))
  say(`Input: ${records.toLocaleString('en')} connections made by ${maker.name}, ${partitions} partitions.`)
  if (yardstick === null) {
    say(`There is no yardstick in ${sources}: name its folder in WEIR_YARDSTICK for the ratios.`)
  }
  const loaded = await load([brokers], file, partitions)
  if (loaded !== records) throw new Error(`${loaded} of ${records} connections were loaded`)
  for (const variant of variants) {
    const name = `${variant.job} ${variant.guarantee}`
    if (name.includes(values.only)) await compare(name, variant, yardstick)
  }
  if (!values['skip-recovery']) {
    await compareRestore(yardstick)
    for (const guarantee of ['at-least-once', 'exactly-once'] as const)
      await compareKill(guarantee, yardstick)
  }
}

type Variant = { readonly job: string; readonly guarantee: string; readonly commitMs: number }

async function compare(name: string, variant: Variant, yardstick: Yardstick | null): Promise<void> {
  const ours: Told[] = []
  const theirs: Told[] = []
  // One after the other in every round, so that a busy minute falls on both.
  for (let round = 0; round < rounds; round += 1) {
    if (yardstick !== null) theirs.push(await runChild(theirCommand(yardstick, 'run', named(variant))))
    ours.push(await runChild(ourCommand(named(variant))))
  }
  say(`\n${name}, commit ${variant.commitMs} ms`)
  for (const told of ours) say(`  weir           ${wordsOf(told)}`)
  for (const told of theirs) say(`  kafka streams  ${wordsOf(told)}`)
  if (yardstick === null) return
  checkSame(ours[0], theirs[0])
  sayRatio('CPU, warm half', ours, theirs, 'cpu_per_m_2nd_half', cpuTarget)
  sayRatio('CPU, whole', ours, theirs, 'cpu_per_m', cpuTarget)
  sayRatio('resident memory', ours, theirs, 'rss_mb', memoryTarget)
}

/** Time from start to the first moment that records could flow, with the state of the second job to be brought back. */
async function compareRestore(yardstick: Yardstick | null): Promise<void> {
  const variant = { job: 'j2', guarantee: 'at-least-once', commitMs: 1_000 }
  const our = named(variant)
  await runChild(ourCommand(our))
  const ours = [await runChild([...ourCommand(our), 'restore'])]
  say('\nrestore of the state of j2')
  say(`  weir           ${wordsOf(ours[0])}`)
  if (yardstick === null) return
  const their = named(variant)
  await runChild(theirCommand(yardstick, 'run', their))
  rmSync(join(states, their.application), { recursive: true, force: true })
  const theirs = [await runChild(theirCommand(yardstick, 'restore', their))]
  say(`  kafka streams  ${wordsOf(theirs[0])}`)
  sayRatio('time until records flow', ours, theirs, 'to_running_s', 1)
}

/** Killed half way, started again at once: how long until the first record. */
async function compareKill(
  guarantee: 'at-least-once' | 'exactly-once',
  yardstick: Yardstick | null,
): Promise<void> {
  const variant = { job: 'j2', guarantee, commitMs: guarantee === 'exactly-once' ? 100 : 1_000 }
  say(`\nkill -9 half way, session timeout 6 s, ${guarantee}: until the first record again`)
  const our = ourCommand(named(variant))
  say(`  weir           ${await secondsBack(our)} s, at most 11`)
  if (yardstick === null) return
  say(`  kafka streams  ${await secondsBack(theirCommand(yardstick, 'run', named(variant)))} s`)
}

async function secondsBack(command: readonly string[]): Promise<number> {
  let killedMs = 0
  await runChild(command, ({ half }, child) => {
    if (half === undefined || killedMs > 0) return
    killedMs = Date.now()
    child.kill('SIGKILL')
  })
  let back = Number.NaN
  await runChild(command, (told, child) => {
    if (Number.isNaN(figure(told, 'first'))) return
    back = (figure(told, 'first') - killedMs) / 1000
    child.kill('SIGKILL')
  })
  return Math.round(back * 10) / 10
}

function named(variant: Variant) {
  serial += 1
  return { ...variant, brokers, application: `bench-${serial}` }
}

type Named = ReturnType<typeof named>

/** With the flags of the `weir` command. */
function ourCommand({ job, guarantee, commitMs, application }: Named): readonly string[] {
  return [
    process.execPath,
    '--max-semi-space-size=16',
    '--heap-growing-percent=50',
    join(import.meta.dirname, 'job.ts'),
    brokers,
    job,
    guarantee,
    String(commitMs),
    application,
    String(records),
  ]
}

function theirCommand(yardstick: Yardstick, verb: 'run' | 'restore', how: Named): readonly string[] {
  const folder = join(states, how.application)
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  return yardstickCommand(yardstick, verb, how, folder, records)
}

function checkSame(our: Told | undefined, their: Told | undefined): void {
  for (const name of ['out', 'late']) {
    // Kafka Streams does not count what it lets go by as late in the first job.
    if (name === 'late' && our?.job === 'j1') continue
    if (our?.[name] !== their?.[name]) {
      throw new Error(`not the same answer: ${name} is ${our?.[name]} here and ${their?.[name]} there`)
    }
  }
}

function sayRatio(
  what: string,
  ours: readonly Told[],
  theirs: readonly Told[],
  name: string,
  target: number,
): void {
  const ratio = median(ours, name) / median(theirs, name)
  say(`  ${what}: ${ratio.toFixed(2)}, at most ${target}: ${ratio <= target ? 'met' : 'missed'}`)
}

function median(all: readonly Told[], name: string): number {
  const sorted = all.map((told) => figure(told, name)).sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

function wordsOf(told: Told | undefined): string {
  return Object.entries(told ?? {})
    .filter(([name]) => !['job', 'guarantee', 'commit_ms', 'serde'].includes(name))
    .map(([name, value]) => `${name} ${value}`)
    .join('  ')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
