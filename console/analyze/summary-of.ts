import type { Inputs } from '@weir/edge-agent'
import type { DetectionCounters } from '@weir/processors'
import type { Summary } from '@weir/schemas'
import type { Found } from './findings.ts'
import type { AnalyzeSettings } from './settings.ts'

/** What an analysis knows at its end. */
export type Outcome = {
  readonly inputs: ReturnType<Inputs['ledger']>
  readonly counters: DetectionCounters
  readonly found: Found
  readonly deadLetters: number
  readonly isResumed: boolean
  readonly records: number
  readonly repeated: number
  readonly wallSeconds: number
  readonly cpu: NodeJS.CpuUsage
  readonly peakMemoryBytes: number
}

/** The counts of one analysis, as summary.json tells them. */
export function summaryOf(
  version: string,
  settings: AnalyzeSettings,
  {
    inputs,
    counters,
    found,
    deadLetters,
    isResumed,
    records,
    repeated,
    wallSeconds,
    cpu,
    peakMemoryBytes,
  }: Outcome,
): Summary {
  return {
    version,
    inputs: inputs.map(({ path, kind, passedOver, lines, accepted, skipped, rejected }) => ({
      path,
      kind,
      passedOver,
      lines,
      accepted,
      skipped,
      rejected,
    })),
    records,
    repeated,
    late: counts(counters.lateByDetector),
    suppressed: counts(counters.suppressedByRule),
    suppressedUnwritten: counts(counters.unwrittenByRule),
    whitelisted: counts(counters.droppedByRule),
    flooded: counts(counters.floodedByDetector),
    outsiders: counters.outsiders,
    lateEvidence: counters.lateEvidence,
    deadLetters,
    resumed: isResumed,
    recordsPerSecond: Math.round(records / wallSeconds),
    wallSeconds: Math.round(wallSeconds * 1000) / 1000,
    cpuSeconds: Math.round((cpu.user + cpu.system) / 1000) / 1000,
    peakMemoryBytes,
    evidence: found.evidence,
    alerts: found.alerts,
    detectorErrors: counts(counters.failuresByDetector),
    settings: settingsOf(settings),
  }
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
    enrichment: settings.context.tables,
    data: { ...settings.data },
    detectors: settings.detectors.map(({ detector }) => detector.id),
  }
}

const counts = (map: ReadonlyMap<string, number>): Record<string, number> => Object.fromEntries(map)
