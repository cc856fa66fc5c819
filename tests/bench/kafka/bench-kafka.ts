/**
 * Weir's runtime on Kafka beside Kafka Streams: the same two jobs over the same topic, one after the other in the same minutes; how
 * both come back; and the detection topology over Kafka beside `weir analyze` on the same records. Every figure that has a target is
 * told again at the end. Only the ratios mean something on another machine, and only when both ran in the same run.
 *
 *   node tests/bench/kafka/bench-kafka.ts [--records N] [--hosts N] [--rounds N] [--only TEXT]
 *
 * `--records` is 400,000, which takes some ten minutes; the targets are meant for 1,000,000. `--only` names rows by a part of their
 * names: `j1 at-least-once`, `j1 exactly-once`, `j2 ...`, `restore`, `kill at-least-once`, `kill exactly-once`, `detection`, `latency`.
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
import type { Cost } from '../measured-run.ts'
import { alertLatency } from './alert-latency.ts'
import { figure, runChild, type Told } from './child.ts'
import { Detection } from './detection.ts'
import { load } from './load.ts'
import { findYardstick, type Yardstick, yardstickCommand } from './yardstick.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const partitions = 4
/** CPU and memory of ours, in units of the yardstick's. */
const cpuTarget = 0.7
const memoryTarget = 0.5
const sessionSeconds = 6
/** Beyond the session timeout. */
const backSeconds = 5
/** Records a second and core over Kafka, in units of what `weir analyze` does with the same. */
const detectionTarget = 0.6
const backlogMegabytes = 300
const latencyTargetMs = 1_000

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '400000' },
    hosts: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})
const records = Number(values.records)
const rounds = Number(values.rounds)
const sources = resolve(root, process.env.WEIR_YARDSTICK ?? '../shared/bench/kafka-streams')
/** As the \`weir\` command sets it. */
const malloc = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }
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
/** What is told again at the end. */
const verdicts: string[] = []
let missed = 0
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
  const jobs = variants.filter(({ job, guarantee }) => isWanted(`${job} ${guarantee}`))
  const kills = (['at-least-once', 'exactly-once'] as const).filter((each) => isWanted(`kill ${each}`))
  if (jobs.length + kills.length > 0 || isWanted('restore')) {
    const loaded = await load([brokers], file, partitions)
    if (loaded !== records) throw new Error(`${loaded} of ${records} connections were loaded`)
  }
  for (const variant of jobs) await compare(`${variant.job} ${variant.guarantee}`, variant, yardstick)
  if (isWanted('restore')) await compareRestore(yardstick)
  for (const guarantee of kills) await compareKill(guarantee, yardstick)
  if (isWanted('detection') || isWanted('latency')) await measureDetection(file)
  say('\nTargets')
  for (const verdict of verdicts) say(`  ${verdict}`)
  say(`${verdicts.length - missed} of ${verdicts.length} met`)
}

function isWanted(name: string): boolean {
  return name.includes(values.only)
}

/** The commands themselves. What is sustained is what one process does with a backlog, on all the cores it shares with the broker. */
async function measureDetection(file: string): Promise<void> {
  const detection = new Detection(brokers)
  try {
    say(`\ndetection, ${records.toLocaleString('en')} flows waiting, exactly-once, commit 100 ms`)
    sayCost('ship', await detection.ship(file))
    const analyzed = detection.analyze(file)
    sayCost('analyze', analyzed)
    const { cost: drained, said } = await detection.drain(records, 'memory')
    sayCost('processors', drained, said)
    const share = analyzed.cpuSeconds / drained.cpuSeconds
    judge('detection: records/s per core, of those of analyze', share, 'at least', detectionTarget)
    judgeMemory('in memory', drained)
    if (isWanted('detection')) {
      const onDisk = await detection.drain(records, 'disk')
      sayCost('processors --state-dir', onDisk.cost, onDisk.said)
      judgeMemory('on disk', onDisk.cost)
    }
    if (!isWanted('latency')) return
    const sustained = records / drained.wallSeconds
    const { alerts, p50Ms, p99Ms, flowsPerSecond } = await alertLatency(brokers, file, sustained / 2)
    say(
      `\nlatency: ${flowsPerSecond} flows/s of ${Math.round(sustained)} sustained: ${alerts} alerts, half of them within ${p50Ms} ms`,
    )
    judge(
      'latency: 99 % of alerts, ms from flow produced to alert readable',
      p99Ms,
      'at most',
      latencyTargetMs,
    )
  } finally {
    detection.close()
  }
}

function judgeMemory(where: string, { peakMemoryBytes }: Cost): void {
  const what = `detection: resident MB with ${records.toLocaleString('en')} flows waiting, state ${where}`
  judge(what, peakMemoryBytes / 1e6, 'at most', backlogMegabytes)
}

function sayCost(name: string, cost: Cost, said = ''): void {
  const perSecond = Math.round(records / cost.wallSeconds)
  const perMillion = (cost.cpuSeconds / (records / 1e6)).toFixed(2)
  const megabytes = Math.round(cost.peakMemoryBytes / 1e6)
  say(`  ${name.padEnd(22)} rps ${perSecond}  cpu_per_m ${perMillion}  rss_mb ${megabytes}  ${said}`)
}

function judge(what: string, figure: number, bound: 'at most' | 'at least', target: number): void {
  const isMet = bound === 'at most' ? figure <= target : figure >= target
  if (!isMet) missed += 1
  const shown = figure >= 20 ? Math.round(figure) : figure.toFixed(2)
  const verdict = `${isMet ? 'met   ' : 'MISSED'} ${what}: ${shown}, ${bound} ${target}`
  verdicts.push(verdict)
  say(`  ${verdict}`)
}

type Variant = { readonly job: string; readonly guarantee: string; readonly commitMs: number }

async function compare(name: string, variant: Variant, yardstick: Yardstick | null): Promise<void> {
  const ours: Told[] = []
  const theirs: Told[] = []
  // One after the other in every round, so that a busy minute falls on both.
  for (let round = 0; round < rounds; round += 1) {
    if (yardstick !== null) theirs.push(await runChild(theirCommand(yardstick, 'run', named(variant))))
    ours.push(await runChild(ourCommand(named(variant)), undefined, malloc))
  }
  say(`\n${name}, commit ${variant.commitMs} ms`)
  for (const told of ours) say(`  weir           ${wordsOf(told)}`)
  for (const told of theirs) say(`  kafka streams  ${wordsOf(told)}`)
  if (yardstick === null) return
  checkSame(ours[0], theirs[0])
  judgeRatio(`${name}: CPU of Kafka Streams', warm half`, ours, theirs, 'cpu_per_m_2nd_half', cpuTarget)
  say(`  CPU, whole run: ${ratioOf(ours, theirs, 'cpu_per_m').toFixed(2)}`)
  judgeRatio(`${name}: resident memory of Kafka Streams'`, ours, theirs, 'rss_mb', memoryTarget)
}

/** Time from start to the first moment that records could flow, with the state of the second job to be brought back. */
async function compareRestore(yardstick: Yardstick | null): Promise<void> {
  const variant = { job: 'j2', guarantee: 'at-least-once', commitMs: 1_000 }
  const our = named(variant)
  await runChild(ourCommand(our), undefined, malloc)
  const ours = [await runChild([...ourCommand(our), 'restore'], undefined, malloc)]
  say('\nrestore of the state of j2')
  say(`  weir           ${wordsOf(ours[0])}`)
  if (yardstick === null) return
  const their = named(variant)
  await runChild(theirCommand(yardstick, 'run', their))
  rmSync(join(states, their.application), { recursive: true, force: true })
  const theirs = [await runChild(theirCommand(yardstick, 'restore', their))]
  say(`  kafka streams  ${wordsOf(theirs[0])}`)
  judgeRatio("restore: time until records flow, of Kafka Streams'", ours, theirs, 'to_running_s', 1)
}

/** Killed half way, started again at once: how long until the first record. */
async function compareKill(
  guarantee: 'at-least-once' | 'exactly-once',
  yardstick: Yardstick | null,
): Promise<void> {
  const variant = { job: 'j2', guarantee, commitMs: guarantee === 'exactly-once' ? 100 : 1_000 }
  say(`\nkill -9 half way, session timeout ${sessionSeconds} s, ${guarantee}: until the first record again`)
  const ours = await secondsBack(ourCommand(named(variant)))
  judge(`kill ${guarantee}: seconds until records flow again`, ours, 'at most', sessionSeconds + backSeconds)
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

/** With the flags of `weir processors`. */
function ourCommand({ job, guarantee, commitMs, application }: Named): readonly string[] {
  return [
    process.execPath,
    '--optimize-for-size',
    '--heap-growing-percent=75',
    '--single-threaded-gc',
    '--no-incremental-marking',
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

/**
 * Both have the same windows, but the first job of Kafka Streams lets go of them by segments of their store: of what is late here it takes some
 * records, and does not count the others. So its results may differ by as many, and by one in a thousand at most.
 */
function checkSame(our: Told | undefined, their: Told | undefined): void {
  for (const name of ['out', 'late']) {
    if (name === 'late' && our?.job === 'j1') continue
    const [here, there] = [Number(our?.[name]), Number(their?.[name])]
    const leeway = our?.job === 'j1' ? Math.min(Number(our.late), there / 1_000) : 0
    if (!(Math.abs(here - there) <= leeway))
      throw new Error(`not the same answer: ${name} is ${our?.[name]} here and ${their?.[name]} there`)
  }
}

function judgeRatio(
  what: string,
  ours: readonly Told[],
  theirs: readonly Told[],
  name: string,
  target: number,
): void {
  judge(what, ratioOf(ours, theirs, name), 'at most', target)
}

function ratioOf(ours: readonly Told[], theirs: readonly Told[], name: string): number {
  return median(ours, name) / median(theirs, name)
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
