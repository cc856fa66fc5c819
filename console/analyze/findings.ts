/** Evidence and alerts as they come out of the topology: counted, put into canonical order, chosen from for the report. */
import { compareLevels } from '@weir/processors'
import {
  type Alert,
  alertCodec,
  alertLine,
  type CanonicalEvidence,
  type Evidence,
  evidenceCodec,
  evidenceLine,
  type Level,
  parseEvidenceLine,
  type Summary,
  topics,
} from '@weir/schemas'
import type { Batch, Member, Transport } from '@weir/topology/transport'
import type { LineFile } from '../out/line-file.ts'
import { SortedLines } from '../out/sorted-lines.ts'
import { type ReportAlert, type ReportHost, weightOf } from '../report/report.ts'

export type Found = {
  readonly evidence: Summary['evidence']
  readonly alerts: Summary['alerts']
  readonly reportAlerts: readonly ReportAlert[]
  readonly hosts: readonly ReportHost[]
}

/** What is shown of an analysis: alerts kept for the report, evidence looked for behind each, and shown of it. */
const KEPT_ALERTS = 240
const LOOKED_AT = 200
const SHOWN_EVIDENCE = 6
const ROOM = 10_000

type Host = {
  site: string
  profile: string
  names: readonly string[]
  weight: number
  alerts: number
  alertWeight: number
  types: Map<string, Map<Level, number>>
}

export class Findings {
  readonly #evidence: SortedLines
  readonly #alerts: SortedLines
  /** Alerts that may still be revised. */
  readonly #open = new Map<string, Alert>()
  #kept: Alert[] = []
  #alertTotal = 0
  readonly #hosts = new Map<string, Host>()
  readonly #byDetector = new Map<string, number>()
  readonly #byType = new Map<string, number>()
  readonly #byLevel = new Map<Level, number>()

  /** Lines that do not fit in memory are put aside in `folder`. */
  constructor(folder: string) {
    this.#evidence = new SortedLines(folder, 'evidence')
    this.#alerts = new SortedLines(folder, 'alerts')
  }

  /**
   * Reads what comes out from now on. In memory it is taken as it comes, so that it need not be kept; a durable log is
   * read when the work is done, from its beginning, as its end may have been written before a crash.
   */
  async follow(
    transport: Transport,
    partitions: number,
  ): Promise<{ take(): Promise<void>; leave(): Promise<void> }> {
    const subscription = { topics: [topics.evidence.name, topics.alerts.name], partitions }
    let generation = 0
    const join = (): Promise<Member> =>
      transport.join('report', [subscription], {
        revoking: async () => {},
        assigned: async (_owned, own) => {
          generation = own
        },
      })
    const member = transport.durable ? null : await join()
    return {
      take: async () => {
        if (member === null) return
        for (;;) {
          const { batches } = await member.fetch(() => ROOM)
          if (batches.length === 0) return
          for (const batch of batches) this.#takeBatch(batch)
          const inputs = batches.map(({ topic, partition, nextOffset }) => ({
            topic,
            partition,
            offset: nextOffset,
          }))
          await member.commit({ generation, inputs, outputs: [], changes: [] })
        }
      },
      leave: async () => {
        const reader = member ?? (await join())
        if (member === null) {
          for (
            let fetched = await reader.fetch(() => ROOM);
            fetched.batches.length > 0;
            fetched = await reader.fetch(() => ROOM)
          ) {
            for (const batch of fetched.batches) this.#takeBatch(batch)
          }
        }
        await reader.leave()
      },
    }
  }

  /** Writes both files in canonical order; afterwards nothing is left here. */
  write(alerts: LineFile, evidence: LineFile, minLevel: Level): Found {
    for (const alert of this.#open.values()) this.#settle(alert)
    this.#open.clear()
    this.#alerts.drain((line) => alerts.write(line))
    const hosts = [...this.#hosts.values()].sort(
      (a, b) => b.alertWeight - a.alertWeight || b.weight - a.weight || compare(a.profile, b.profile),
    )
    const behind = new Map<string, CanonicalEvidence | null>()
    for (const alert of this.#kept) for (const id of alert.evidence.slice(0, LOOKED_AT)) behind.set(id, null)
    this.#evidence.drain((line) => {
      evidence.write(line)
      const id = idOf(line)
      if (behind.has(id)) behind.set(id, parseEvidenceLine(line))
    })
    return {
      evidence: {
        total: [...this.#byType.values()].reduce((sum, n) => sum + n, 0),
        byDetector: Object.fromEntries(this.#byDetector),
        byLevel: Object.fromEntries(this.#byLevel),
        byType: Object.fromEntries(this.#byType),
      },
      alerts: {
        total: this.#alertTotal,
        byHost: hosts
          .filter((host) => host.alerts > 0)
          .map(({ site, profile, alerts: total, alertWeight }) => ({
            site,
            profile,
            alerts: total,
            weight: round(alertWeight),
          })),
      },
      reportAlerts: this.#kept
        .sort((a, b) => a.window.startMs - b.window.startMs || compare(a.id, b.id))
        .map((alert) => ({ alert, evidence: weightiest(alert, behind, minLevel) })),
      hosts: hosts.map((host) => toReportHost(host, minLevel)),
    }
  }

  /** Removes what was put aside. */
  discard(): void {
    this.#evidence.discard()
    this.#alerts.discard()
  }

  #takeBatch(batch: Batch): void {
    for (const { value } of batch.records) {
      if (batch.topic === topics.alerts.name) this.#takeAlert(live(value, alertCodec.decode))
      else this.#takeEvidence(live(value, evidenceCodec.decode))
    }
  }

  #takeAlert(alert: Alert): void {
    const known = this.#open.get(alert.id)
    if (known !== undefined && known.revision > alert.revision) return
    if (alert.status === 'open') {
      this.#open.set(alert.id, alert)
      return
    }
    this.#open.delete(alert.id)
    this.#settle(alert)
  }

  #settle(alert: Alert): void {
    this.#alerts.add(sortKey(alert.tsMs, alert.id), alertLine(alert))
    this.#alertTotal += 1
    const host = this.#hostOf(alert.site, alert.profile)
    host.alerts += 1
    host.alertWeight += alert.weight
    this.#kept.push(alert)
    if (this.#kept.length < 2 * KEPT_ALERTS) return
    this.#kept = this.#kept.sort((a, b) => b.weight - a.weight || compare(a.id, b.id)).slice(0, KEPT_ALERTS)
  }

  #takeEvidence(evidence: Evidence): void {
    this.#evidence.add(sortKey(evidence.tsMs, evidence.id), evidenceLine(evidence))
    add(this.#byDetector, evidence.detector)
    add(this.#byType, evidence.type)
    add(this.#byLevel, evidence.level)
    const host = this.#hostOf(evidence.site, evidence.profile)
    host.weight += weightOf(evidence)
    const end = evidence.src?.ip === evidence.profile ? evidence.src : evidence.dst
    if (host.names.length === 0 && end?.ip === evidence.profile && end.names.length > 0)
      host.names = end.names
    let levels = host.types.get(evidence.type)
    if (levels === undefined) {
      levels = new Map()
      host.types.set(evidence.type, levels)
    }
    add(levels, evidence.level)
  }

  #hostOf(site: string, profile: string): Host {
    const key = `${site}|${profile}`
    let host = this.#hosts.get(key)
    if (host === undefined) {
      host = { site, profile, names: [], weight: 0, alerts: 0, alertWeight: 0, types: new Map() }
      this.#hosts.set(key, host)
    }
    return host
  }
}

/** By event time, then by id, as text. */
function sortKey(tsMs: number, id: string): string {
  return `${String(Math.round(tsMs * 1000)).padStart(17, '0')}${id}`
}

/** Every canonical line begins with its id. */
function idOf(line: string): string {
  const from = '{"id":"'.length
  return line.slice(from, line.indexOf('"', from))
}

function live<T>(value: unknown, decode: (bytes: Uint8Array) => T): T {
  return value instanceof Uint8Array ? decode(value) : (value as T)
}

function weightiest(
  alert: Alert,
  behind: ReadonlyMap<string, CanonicalEvidence | null>,
  minLevel: Level,
): CanonicalEvidence[] {
  const found: CanonicalEvidence[] = []
  for (const id of alert.evidence.slice(0, LOOKED_AT)) {
    const evidence = behind.get(id) ?? null
    if (evidence !== null && compareLevels(evidence.level, minLevel) >= 0) found.push(evidence)
  }
  return found
    .sort((a, b) => weightOf(b) - weightOf(a) || a.tsMs - b.tsMs || compare(a.id, b.id))
    .slice(0, SHOWN_EVIDENCE)
    .sort((a, b) => a.tsMs - b.tsMs || compare(a.id, b.id))
}

function toReportHost(host: Host, minLevel: Level): ReportHost {
  const types = new Map<string, number>()
  for (const [type, byLevel] of [...host.types].sort(([a], [b]) => compare(a, b))) {
    let total = 0
    for (const [level, n] of byLevel) if (compareLevels(level, minLevel) >= 0) total += n
    if (total > 0) types.set(type, total)
  }
  return { site: host.site, profile: host.profile, names: host.names, weight: round(host.weight), types }
}

function add<K>(counts: Map<K, number>, name: K): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const round = (weight: number): number => Math.round(weight * 10_000) / 10_000
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
