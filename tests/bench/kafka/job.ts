/**
 * One job in a process of its own, to be measured and killed.
 *
 *   node job.ts BROKERS j1|j2 at-least-once|exactly-once COMMIT_MS APPLICATION RECORDS [restore]
 *
 * Prints JSON lines: `first` at the first record, `half`, and at the end the figures, in the words of the yardstick's own. With
 * `restore`, ends when the state of an earlier run is back, and tells how long that took.
 */
import { readFileSync } from 'node:fs'
import { Runner, topologyMetrics } from '@weir/topology'
import { MetricRegistry } from '@weir/topology/kit'
import { kafkaTransport } from '@weir/topology/transport'
import { pairPlan } from './pair-letters.ts'
import { profilePlan } from './profile-windows.ts'

export const partitions = 4

const [brokers = '', job = '', guarantee = '', commitText = '', application = '', recordsText = '', mode] =
  process.argv.slice(2)
const expected = Number(recordsText)
const commitMs = Number(commitText)
const plans = new Map([
  ['j1', profilePlan],
  ['j2', pairPlan],
])
const plan = plans.get(job)?.(application, partitions)
if (plan === undefined || (guarantee !== 'at-least-once' && guarantee !== 'exactly-once')) {
  throw new Error('usage: job.ts BROKERS j1|j2 at-least-once|exactly-once COMMIT_MS APPLICATION RECORDS')
}

const transport = await kafkaTransport({ brokers: brokers.split(','), guarantee, sessionMs: 6_000 })
const registry = await MetricRegistry.open()
const metrics = registry.add(topologyMetrics)
const runner = new Runner(plan, transport, {
  commitMs,
  // By the clock alone, as the yardstick commits.
  commitRecords: Number.POSITIVE_INFINITY,
  tickMs: 30_000,
  bufferRecords: 2_000,
  stores: 'memory',
  metrics,
})

const startMs = performance.now()
const startCpu = cpuSeconds()
await runner.start()
if (mode === 'restore') {
  const seconds = (performance.now() - startMs) / 1000
  const entries = runner
    .view()
    .tasks.flatMap(({ stores }) => stores)
    .reduce((sum, each) => sum + each.entries, 0)
  say({ job, to_running_s: round(seconds), entries, cpu_s: round(cpuSeconds() - startCpu), rss_mb: peakMb() })
  await transport.close()
  process.exit()
}

let seen = 0
let first = { ms: 0, cpu: 0 }
let half = { ms: 0, cpu: 0, seen: 0 }
while (seen < expected) {
  const before = mark()
  const processed = await runner.poll()
  if (processed === 0) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    continue
  }
  if (seen === 0) {
    first = before
    say({ first: Date.now() })
  }
  seen += processed
  if (half.seen === 0 && seen >= expected / 2) {
    half = { ...mark(), seen }
    say({ half: Date.now() })
  }
}
const last = mark()
await runner.stop()
const end = mark()
const { steps, commits } = runner.totals
const millions = expected / 1e6
say({
  job,
  guarantee,
  commit_ms: commitMs,
  rps: Math.round((expected / (last.ms - first.ms)) * 1000),
  cpu_per_m: round((end.cpu - first.cpu) / millions),
  cpu_per_m_2nd_half: round((last.cpu - half.cpu) / ((seen - half.seen) / 1e6)),
  cpu_incl_start: round(end.cpu),
  rss_mb: peakMb(),
  late: steps.reduce((sum, { late }) => sum + late, 0),
  out: await registry.read('weir_topology_sent_records_total'),
  commits,
})
await transport.close()

function mark() {
  return { ms: performance.now(), cpu: cpuSeconds() }
}

/** User and system, all threads. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function peakMb(): number {
  const [, kibibytes = ''] = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Math.round(Number(kibibytes) / 1024)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
