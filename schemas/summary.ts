import type { Level } from './records.ts'

/** Of something, how often: `{ 'port-scan': 3 }`. */
export type Counts = Readonly<Record<string, number>>

export type SettingValue =
  | null
  | boolean
  | number
  | string
  | readonly SettingValue[]
  | { readonly [name: string]: SettingValue }

/**
 * What a run did: `json/summary.schema.json`. There is no date of the clock on the wall in it; what differs between two runs
 * over the same input are the four measurements alone.
 */
export type Summary = {
  readonly version: string
  readonly inputs: readonly InputSummary[]
  /** Records accepted over all inputs. */
  readonly records: number
  /** Connections among them that the inputs tell of twice, word for word: what is counted of them is counted twice. */
  readonly repeated: number
  /** Records too late for a detector, by detector. */
  readonly late: Counts
  /** Evidence held back, by the rule that asked for it. */
  readonly suppressed: Counts
  /** Of these, what was beyond what is written of one host, detector and window: in no `suppressed.jsonl`, by rule. */
  readonly suppressedUnwritten: Counts
  /** Records kept from detection, by the rule that asked for it. */
  readonly whitelisted: Counts
  /** Evidence beyond what one host may cause in one window, by detector. */
  readonly flooded: Counts
  /** Records of hosts outside the stated home networks, which were not judged. */
  readonly outsiders: number
  /** Evidence found when the window it is charged to was over; it is in no alert. */
  readonly lateEvidence: number
  /** Records of the analysis's own log that could not be read back. */
  readonly deadLetters: number
  /** Whether it went on where an earlier run had stopped: what was late, whitelisted, held back or failed before is not counted again. */
  readonly resumed: boolean
  readonly recordsPerSecond: number
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakMemoryBytes: number
  readonly evidence: {
    readonly total: number
    readonly byDetector: Counts
    readonly byLevel: Readonly<Partial<Record<Level, number>>>
    readonly byType: Counts
  }
  readonly alerts: { readonly total: number; readonly byHost: readonly HostAlerts[] }
  /** Records a detector failed on, by detector. */
  readonly detectorErrors: Counts
  readonly settings: Readonly<Record<string, SettingValue>>
}

export type InputSummary = {
  readonly path: string
  /** The format it was read as. */
  readonly kind: string
  /** Why nothing of it was read: it then has no lines; `null` of an input that was read. */
  readonly passedOver: string | null
  readonly lines: number
  readonly accepted: Counts
  readonly skipped: Counts
  readonly rejected: Counts
}

export type HostAlerts = {
  readonly site: string
  readonly profile: string
  readonly alerts: number
  readonly weight: number
}

/** The summary as indented JSON with a line break at its end; counts and settings are sorted by name, lists kept. */
export function summaryText(summary: Summary): string {
  const { evidence, alerts } = summary
  const form: Summary = {
    version: summary.version,
    inputs: summary.inputs.map(({ path, kind, passedOver, lines, accepted, skipped, rejected }) => ({
      path,
      kind,
      passedOver,
      lines,
      accepted: sorted(accepted),
      skipped: sorted(skipped),
      rejected: sorted(rejected),
    })),
    records: summary.records,
    repeated: summary.repeated,
    late: sorted(summary.late),
    suppressed: sorted(summary.suppressed),
    suppressedUnwritten: sorted(summary.suppressedUnwritten),
    whitelisted: sorted(summary.whitelisted),
    flooded: sorted(summary.flooded),
    outsiders: summary.outsiders,
    lateEvidence: summary.lateEvidence,
    deadLetters: summary.deadLetters,
    resumed: summary.resumed,
    recordsPerSecond: summary.recordsPerSecond,
    wallSeconds: summary.wallSeconds,
    cpuSeconds: summary.cpuSeconds,
    peakMemoryBytes: summary.peakMemoryBytes,
    evidence: {
      total: evidence.total,
      byDetector: sorted(evidence.byDetector),
      byLevel: byLevel(evidence.byLevel),
      byType: sorted(evidence.byType),
    },
    alerts: {
      total: alerts.total,
      byHost: alerts.byHost.map(({ site, profile, alerts: count, weight }) => ({
        site,
        profile,
        alerts: count,
        weight,
      })),
    },
    detectorErrors: sorted(summary.detectorErrors),
    settings: sorted(summary.settings),
  }
  return `${JSON.stringify(form, null, 2)}\n`
}

function byLevel(counts: Summary['evidence']['byLevel']): Summary['evidence']['byLevel'] {
  return Object.fromEntries(
    levels.flatMap((level) => (counts[level] === undefined ? [] : [[level, counts[level]]])),
  )
}

const levels: readonly Level[] = ['info', 'low', 'medium', 'high', 'critical']

function sorted<T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))
}
