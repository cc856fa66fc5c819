/**
 * Logs in, findings out, in one process: the reader feeds the detection topology over the embedded transport, as agents feed
 * it over Kafka, and what comes out is written in canonical order.
 */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openInputs } from '@weir/edge-agent'
import { DetectionCounters, detectionDefaults, detectionTopology, Network } from '@weir/processors'
import {
  alertCodec,
  evidenceCodec,
  type FlowRecord,
  flowCodec,
  rejectLine,
  type Summary,
  summaryText,
  topics,
} from '@weir/schemas'
import { Runner } from '@weir/topology'
import type { LogRecord, Transport } from '@weir/topology/transport'
import { consoleError } from '../errors.ts'
import { LineFile } from '../out/line-file.ts'
import type { Progress } from '../report/progress.ts'
import type { ReportData } from '../report/report.ts'
import { Findings } from './findings.ts'
import type { AnalyzeSettings } from './settings.ts'
import { checkState, markState, openTransport } from './state.ts'

export type AnalyzeRun = {
  readonly version: string
  readonly stdin: AsyncIterable<Uint8Array>
  progress(progress: Progress): void
}

export type Analysis = { readonly summaryText: string; readonly report: ReportData }

/** Records handed over between two looks at what came out. */
const PROGRESS_MS = 200

/** Resolves when every file of `settings.out` is in place; on failure none of them is touched. */
export async function analyze(
  paths: readonly string[],
  settings: AnalyzeSettings,
  run: AnalyzeRun,
): Promise<Analysis> {
  const started = performance.now()
  const startedCpu = process.cpuUsage()
  makeFolder(settings.out)
  const files = ['evidence.jsonl', 'alerts.jsonl', 'rejects.jsonl', 'summary.json'].map((name) =>
    join(settings.out, name),
  )
  const [evidenceFile = '', alertsFile = '', rejectsFile = '', summaryFile = ''] = files
  const rejects = LineFile.create(temporary(rejectsFile))
  const inputs = await openInputs(paths, {
    site: settings.site,
    timezoneMinutes: settings.timezoneMinutes,
    ...(settings.inputKind === null ? {} : { inputKind: settings.inputKind }),
    stdin: run.stdin,
    onReject: (reject) => rejects.write(rejectLine(reject)),
  }).catch((error: unknown) => {
    rejects.discard()
    throw error
  })
  const findings = new Findings(settings.out)
  let transport: Transport | null = null
  try {
    const fingerprint = settings.store === 'disk' ? await inputs.fingerprint() : ''
    if (settings.store === 'disk') checkState(settings, fingerprint)
    transport = await openTransport(settings)
    if (settings.store === 'disk') markState(settings, fingerprint)
    const counters = new DetectionCounters()
    const runner = new Runner(planOf(settings, counters), transport, runnerOptions(settings))
    await runner.start()
    const outputs = await findings.follow(transport, settings.partitions)

    const producer = transport.producer()
    const keys = new RecordKeys(settings.site)
    let records = 0
    let told = 0
    for await (const batch of inputs.batches()) {
      await producer.send(
        topics.flows.name,
        batch.map((record) => keys.toLog(record)),
      )
      await runner.poll()
      await outputs.take()
      records += batch.length
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
    await runner.finish()
    await outputs.take()
    await outputs.leave()
    await runner.stop()
    await inputs.close()

    const evidence = LineFile.create(temporary(evidenceFile))
    const alerts = LineFile.create(temporary(alertsFile))
    const found = findings.write(alerts, evidence, settings.minLevel)
    rejects.close()
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
    const summaryLine = LineFile.create(temporary(summaryFile))
    summaryLine.write(text.trimEnd())
    for (const file of [evidence, alerts, summaryLine]) file.close()
    for (const file of files) renameSync(temporary(file), file)
    return {
      summaryText: text,
      report: {
        summary,
        alerts: found.reportAlerts,
        hosts: found.hosts,
        minLevel: settings.minLevel,
        out: settings.out,
      },
    }
  } catch (error) {
    rejects.discard()
    findings.discard()
    for (const file of files) rmSync(temporary(file), { force: true })
    throw error
  } finally {
    await transport?.close().catch(() => {})
  }
}

/** Site and source host, one text for each host: a text that is looked up again keeps its hash. */
class RecordKeys {
  static readonly #limit = 65_536
  readonly #site: string
  readonly #keys = new Map<string, string>()

  constructor(site: string) {
    this.#site = site
  }

  toLog(record: FlowRecord): LogRecord {
    let key = this.#keys.get(record.srcIp)
    if (key === undefined) {
      if (this.#keys.size >= RecordKeys.#limit) this.#keys.clear()
      key = `${this.#site}|${record.srcIp}`
      this.#keys.set(record.srcIp, key)
    }
    return { key, value: record, timestampMs: record.tsMs, streamTimeMs: record.observedMs }
  }
}

function planOf(settings: AnalyzeSettings, counters: DetectionCounters) {
  const keyed = {
    windowMs: settings.windowMs,
    graceMs: settings.graceMs,
    silenceMs: detectionDefaults.silenceMs,
    keyTtlMs: detectionDefaults.hostTtlMs,
    maxLiveKeys: Math.ceil(detectionDefaults.maxLiveHosts / settings.partitions),
  }
  return detectionTopology(
    {
      flows: { name: topics.flows.name, codec: flowCodec, partitions: settings.partitions },
      evidence: { name: topics.evidence.name, codec: evidenceCodec, partitions: settings.partitions },
      alerts: { name: topics.alerts.name, codec: alertCodec, partitions: settings.partitions },
    },
    settings.detectors,
    {
      keyed,
      network: new Network(settings.homeNetworks),
      whitelist: settings.whitelist,
      disabled: settings.disabled,
      judgesOutsiders: settings.direction === 'all',
      counters,
    },
    {
      keyed: { ...keyed, graceMs: settings.graceMs + detectionDefaults.alertGraceMs },
      threshold: settings.threshold,
      onLate: () => {
        counters.lateEvidence += 1
      },
    },
    settings.partitions,
  )
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

const temporary = (file: string): string => `${file}.tmp`

const counts = (map: ReadonlyMap<string, number>): Record<string, number> => Object.fromEntries(map)

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw consoleError.UNWRITABLE(
      { path, why: error instanceof Error ? error.message : String(error) },
      error,
    )
  }
}
