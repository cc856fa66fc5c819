/**
 * Logs in, findings out, in one process: the reader feeds the detection topology over the embedded transport, as agents feed
 * it over Kafka, and what comes out is written in canonical order.
 */
import { join } from 'node:path'
import { type Inputs, openInputs } from '@weir/edge-agent'
import { DetectionCounters, Network } from '@weir/processors'
import { rejectLine, summaryText, topics } from '@weir/schemas'
import { Runner } from '@weir/topology'
import type { Producer, Transport } from '@weir/topology/transport'
import { MetSubjects } from '../enrichment/met-subjects.ts'
import { consoleError } from '../errors.ts'
import type { Progress } from '../report/progress.ts'
import type { Coverage, ReportData } from '../report/report-data.ts'
import type { LineFile } from '../results/line-file.ts'
import { ResultFiles, resultNames } from '../results/result-files.ts'
import { detectionPlan } from './detection-plan.ts'
import { Findings } from './findings.ts'
import { RecordKeys } from './record-keys.ts'
import { Repeats } from './repeats.ts'
import type { AnalyzeSettings } from './settings.ts'
import { claimState, finishState, openTransport, stateErrorOf } from './state.ts'
import { summaryOf } from './summary-of.ts'

export type AnalyzeRun = {
  readonly version: string
  readonly stdin: AsyncIterable<Uint8Array>
  /** On abort the files under way are removed at once, and the analysis rejects with `CONSOLE_INTERRUPTED`. */
  readonly interruption: AbortSignal
  progress(progress: Progress): void
}

export type Analysis = { readonly summaryText: string; readonly report: ReportData }

/** Between two reports of progress. */
const PROGRESS_MS = 200

/** Resolves when every file of `settings.out` is in place; on failure none of them is touched. */
export async function analyze(
  paths: readonly string[],
  settings: AnalyzeSettings,
  run: AnalyzeRun,
): Promise<Analysis> {
  const started = performance.now()
  const startedCpu = process.cpuUsage()
  const results = ResultFiles.create(settings.out)
  const findings = new Findings(settings.out)
  // Nothing is rejected before the batches are asked for; a file made earlier might be found among the inputs.
  let rejects: LineFile | null = null
  let inputs: Inputs | null = null
  const discard = () => {
    findings.discard()
    results.discard()
  }
  const interrupted = () => {
    discard()
    // Ends converters and frees whoever waits for more input.
    inputs?.close().catch(() => {})
  }
  run.interruption.addEventListener('abort', interrupted, { once: true })
  let transport: Transport | null = null
  let pipeline: Pipeline | null = null
  try {
    inputs = await openInputs(paths, {
      site: settings.site,
      timezoneMinutes: settings.timezoneMinutes,
      ...(settings.inputKind === null ? {} : { inputKind: settings.inputKind }),
      stdin: run.stdin,
      // Found below a folder that is read, what an earlier run wrote is no input.
      leaveOut: [...resultNames.map((name) => join(settings.out, name)), settings.stateDir],
      onReject: (reject) => rejects?.write(rejectLine(reject)),
    })
    refuseWhenInterrupted(run.interruption)
    rejects = results.open('rejects.jsonl')
    const evidence = results.open('evidence.jsonl')
    const alerts = results.open('alerts.jsonl')
    const suppressed = results.open('suppressed.jsonl')
    const summaryFile = results.open('summary.json')
    results.replace('enrichment.jsonl')
    const met = settings.online.met ? new MetSubjects(new Network(settings.homeNetworks)) : null
    const metFile = met === null ? null : results.open('met.jsonl')
    if (met === null) results.replace('met.jsonl')
    const isResumed = settings.store === 'disk' && (await claim(inputs, settings, run.version))
    transport = await openTransport(settings)
    pipeline = await startPipeline(settings, transport, findings)
    const passed = await passThrough(inputs, settings, { ...pipeline, met }, run, started)
    refuseWhenInterrupted(run.interruption)
    await drain(pipeline)
    await inputs.close()

    refuseWhenInterrupted(run.interruption)
    findings.writeSuppressed(suppressed)
    if (metFile !== null) met?.writeTo(metFile)
    const found = findings.write(alerts, evidence, settings.minLevel)
    const { counters, runner } = pipeline
    const summary = summaryOf(run.version, settings, {
      inputs: inputs.ledger(),
      counters,
      found,
      deadLetters: runner.totals.deadLetters,
      isResumed,
      records: passed.records,
      repeated: passed.repeated,
      wallSeconds: (performance.now() - started) / 1000,
      cpu: process.cpuUsage(startedCpu),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    })
    const text = summaryText(summary)
    summaryFile.write(text.trimEnd())
    results.publish()
    finishState(settings)
    return {
      summaryText: text,
      report: {
        summary,
        coverage: passed.coverage,
        alerts: found.reportAlerts,
        hosts: found.hosts,
        minLevel: settings.minLevel,
        out: settings.out,
      },
    }
  } catch (error) {
    discard()
    // What fails on the way out would only hide why.
    await inputs?.close().catch(() => {})
    await pipeline?.runner.stop().catch(() => {})
    refuseWhenInterrupted(run.interruption)
    throw stateErrorOf(error, settings)
  } finally {
    run.interruption.removeEventListener('abort', interrupted)
    await transport?.close().catch(() => {})
  }
}

type Pipeline = {
  readonly runner: Runner
  readonly counters: DetectionCounters
  readonly producer: Producer
  readonly outputs: { take(): Promise<void>; leave(): Promise<void> }
}

/** The detection topology at work on `transport`. Stopped here when it does not come up, by the caller otherwise. */
async function startPipeline(
  settings: AnalyzeSettings,
  transport: Transport,
  findings: Findings,
): Promise<Pipeline> {
  const counters = new DetectionCounters()
  const runner = new Runner(detectionPlan(settings, counters), transport, runnerOptions(settings))
  try {
    await runner.start()
    const outputs = await findings.follow(transport, settings.partitions)
    return { runner, counters, producer: transport.producer(), outputs }
  } catch (error) {
    await runner.stop().catch(() => {})
    throw error
  }
}

/** All records of the inputs through the topology, a batch at a time, telling of progress; `started` is `performance.now()`. */
async function passThrough(
  inputs: Inputs,
  settings: AnalyzeSettings,
  { runner, producer, outputs, met }: Pipeline & { readonly met: MetSubjects | null },
  run: AnalyzeRun,
  started: number,
): Promise<{ readonly records: number; readonly repeated: number; readonly coverage: Coverage | null }> {
  const keys = new RecordKeys(settings.site)
  const repeats = new Repeats()
  let records = 0
  let told = 0
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for await (const batch of inputs.batches()) {
    await producer.send(
      topics.flows.name,
      batch.map((record) => keys.toLog(record)),
    )
    await runner.poll()
    await outputs.take()
    records += batch.length
    if (met !== null) for (const record of batch) met.add(record)
    for (const record of batch) {
      const { tsMs } = record
      repeats.add(record)
      if (tsMs < fromMs) fromMs = tsMs
      if (tsMs > toMs) toMs = tsMs
    }
    const now = performance.now()
    if (now - told < PROGRESS_MS) continue
    told = now
    run.progress({
      bytesRead: inputs.bytesRead(),
      totalBytes: inputs.totalBytes,
      records,
      seconds: (now - started) / 1000,
    })
  }
  return { records, repeated: repeats.count, coverage: records === 0 ? null : { fromMs, toMs } }
}

/** Lets every window close, takes what comes of it, and stops. */
async function drain({ runner, outputs }: Pipeline): Promise<void> {
  await runner.finish()
  await outputs.take()
  await outputs.leave()
  await runner.stop()
}

/** What went wrong after an interruption went wrong because of it. */
function refuseWhenInterrupted(interruption: AbortSignal): void {
  if (interruption.aborted) throw consoleError.INTERRUPTED()
}

async function claim(inputs: Inputs, settings: AnalyzeSettings, version: string): Promise<boolean> {
  const stream = inputs.inputs.find(({ bytes, kind }) => bytes === null && kind !== 'unknown')
  if (stream !== undefined) throw consoleError.STREAM_ON_DISK({ path: stream.path })
  return claimState(settings, await inputs.fingerprint(), version)
}

/**
 * In memory, records are let go at each commit: small ones keep them young for the garbage collector. On disk a commit is a
 * write. Sweeping for silent hosts every half minute of event time is often enough: what is due comes out the same.
 */
function runnerOptions(settings: AnalyzeSettings) {
  const isDisk = settings.store === 'disk'
  return { stores: settings.store, commitRecords: isDisk ? 50_000 : 2_048, commitMs: 5_000, tickMs: 30_000 }
}
