/**
 * Logs in, findings out, in one process: the reader feeds the detection topology over the embedded transport, as agents feed
 * it over Kafka, and what comes out is written in canonical order.
 */
import { join } from 'node:path'
import { type Inputs, openInputs } from '@weir/edge-agent'
import { DetectionCounters } from '@weir/processors'
import { rejectLine, type Summary, summaryText, topics } from '@weir/schemas'
import { Runner } from '@weir/topology'
import type { Transport } from '@weir/topology/transport'
import { consoleError } from '../errors.ts'
import type { Progress } from '../report/progress.ts'
import type { Coverage, ReportData } from '../report/report-data.ts'
import type { LineFile } from '../results/line-file.ts'
import { ResultFiles, resultNames } from '../results/result-files.ts'
import { detectionPlan } from './detection-plan.ts'
import { Findings } from './findings.ts'
import { RecordKeys } from './record-keys.ts'
import type { AnalyzeSettings } from './settings.ts'
import { claimState, finishState, openTransport, stateErrorOf } from './state.ts'

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
    const summaryFile = results.open('summary.json')
    const isResumed = settings.store === 'disk' && (await claim(inputs, settings, run.version))
    transport = await openTransport(settings)
    const counters = new DetectionCounters()
    const runner = new Runner(detectionPlan(settings, counters), transport, runnerOptions(settings))
    await runner.start()
    const outputs = await findings.follow(transport, settings.partitions)

    const producer = transport.producer()
    const keys = new RecordKeys(settings.site)
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
      for (const { tsMs } of batch) {
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
    refuseWhenInterrupted(run.interruption)
    await runner.finish()
    await outputs.take()
    await outputs.leave()
    await runner.stop()
    await inputs.close()

    refuseWhenInterrupted(run.interruption)
    const found = findings.write(alerts, evidence, settings.minLevel)
    const cpu = process.cpuUsage(startedCpu)
    const wallSeconds = (performance.now() - started) / 1000
    const summary: Summary = {
      version: run.version,
      inputs: inputs.ledger().map(({ path, kind, lines, accepted, skipped, rejected }) => ({
        path,
        kind,
        lines,
        accepted,
        skipped,
        rejected,
      })),
      records,
      late: counts(counters.lateByDetector),
      suppressed: counts(counters.suppressedByRule),
      whitelisted: counts(counters.droppedByRule),
      flooded: counts(counters.floodedByDetector),
      outsiders: counters.outsiders,
      lateEvidence: counters.lateEvidence,
      deadLetters: runner.totals.deadLetters,
      resumed: isResumed,
      recordsPerSecond: Math.round(records / wallSeconds),
      wallSeconds: Math.round(wallSeconds * 1000) / 1000,
      cpuSeconds: Math.round((cpu.user + cpu.system) / 1000) / 1000,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      evidence: found.evidence,
      alerts: found.alerts,
      detectorErrors: counts(counters.failuresByDetector),
      settings: settingsOf(settings),
    }
    const text = summaryText(summary)
    summaryFile.write(text.trimEnd())
    results.publish()
    finishState(settings)
    const coverage: Coverage | null = records === 0 ? null : { fromMs, toMs }
    return {
      summaryText: text,
      report: {
        summary,
        coverage,
        alerts: found.reportAlerts,
        hosts: found.hosts,
        minLevel: settings.minLevel,
        out: settings.out,
      },
    }
  } catch (error) {
    discard()
    await inputs?.close().catch(() => {})
    refuseWhenInterrupted(run.interruption)
    throw stateErrorOf(error, settings)
  } finally {
    run.interruption.removeEventListener('abort', interrupted)
    await transport?.close().catch(() => {})
  }
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

function settingsOf(settings: AnalyzeSettings): Summary['settings'] {
  return {
    windowSeconds: settings.windowMs / 1000,
    graceSeconds: settings.graceMs / 1000,
    homeNetworks: settings.homeNetworks,
    direction: settings.direction,
    site: settings.site,
    partitions: settings.partitions,
    store: settings.store,
    threshold: settings.threshold,
    disabled: [...settings.disabled].sort(),
    detectors: settings.detectors.map(({ detector }) => detector.id),
  }
}

const counts = (map: ReadonlyMap<string, number>): Record<string, number> => Object.fromEntries(map)
