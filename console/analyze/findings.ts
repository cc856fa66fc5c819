/** Evidence and alerts as they come out of the topology: counted, put into canonical order, chosen from for the report. */
import { compareLevels, weightUnit } from '@weir/processors'
import {
  type Alert,
  alertCodec,
  alertLine,
  type CanonicalAlert,
  type CanonicalEvidence,
  type Evidence,
  evidenceCodec,
  evidenceLine,
  type Level,
  parseAlertLine,
  parseEvidenceLine,
  type Summary,
  type Suppressed,
  suppressedCodec,
  suppressedLine,
  topics,
} from '@weir/schemas'
import type { Batch, Member, Transport } from '@weir/topology/transport'
import { EvidenceGroups, weightOf } from '../report/evidence-groups.ts'
import {
  mostAlertHosts,
  mostAlertsPerHost,
  mostEvidencePerAlert,
  type ReportAlert,
  type ReportHost,
} from '../report/report-data.ts'
import type { LineFile } from '../results/line-file.ts'
import { SortedLines } from '../results/sorted-lines.ts'

export type Found = {
  readonly evidence: Summary['evidence']
  readonly alerts: Summary['alerts']
  readonly reportAlerts: readonly ReportAlert[]
  readonly hosts: readonly ReportHost[]
}

/** The weightiest alerts are kept for the report. */
const KEPT_ALERTS = 240
/** Hosts with evidence and no alert that are told apart: beyond twice as many, the lighter half is forgotten. */
const KEPT_HOSTS = 65_536
const ROOM = 10_000
/** Of one alert the greatest revision sorts first. */
const LAST_REVISION = 999_999_999_999

type Host = {
  site: string
  profile: string
  names: readonly string[]
  /** Here and below in parts of `weightUnit`. */
  weight: number
  alerts: number
  alertWeight: number
  types: Map<string, Map<Level, number>>
}

/** The same files and the same totals, whatever the order evidence and revisions come in. */
export class Findings {
  readonly #evidence: SortedLines
  /** By id, each line behind its revision and its sort key. */
  readonly #settled: SortedLines
  readonly #alerts: SortedLines
  readonly #suppressed: SortedLines
  /** Alerts that may still be revised. */
  readonly #open = new Map<string, Alert>()
  #kept: Alert[] = []
  #alertTotal = 0
  readonly #hosts = new Map<string, Host>()
  readonly #byDetector = new Map<string, number>()
  readonly #byType = new Map<string, number>()
  readonly #byLevel = new Map<Level, number>()

  readonly #keptHosts: number

  /** Lines that do not fit in memory are put aside in `folder`. `keptHosts`: other than `KEPT_HOSTS` in tests. */
  constructor(folder: string, keptHosts = KEPT_HOSTS) {
    this.#keptHosts = keptHosts
    this.#evidence = new SortedLines(folder, 'evidence')
    this.#settled = new SortedLines(folder, 'settled')
    this.#alerts = new SortedLines(folder, 'alerts')
    this.#suppressed = new SortedLines(folder, 'suppressed')
  }

  /**
   * Reads what comes out from now on. In memory it is taken as it comes, so that it need not be kept; a durable log is
   * read when the work is done, from its beginning, as its end may have been written before a crash.
   */
  async follow(
    transport: Transport,
    partitions: number,
  ): Promise<{ take(): Promise<void>; leave(): Promise<void> }> {
    const subscription = {
      topics: [topics.evidence.name, topics.alerts.name, topics.suppressed.name],
      partitions,
    }
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
            fetched.batches.length > 0 || fetched.pending;
            fetched = await reader.fetch(() => ROOM)
          ) {
            for (const batch of fetched.batches) this.#takeBatch(batch)
          }
        }
        await reader.leave()
      },
    }
  }

  /** Writes what was held back, in canonical order; each finding once. */
  writeSuppressed(suppressed: LineFile): void {
    this.#suppressed.drain((line) => suppressed.write(line))
  }

  /** Writes both files in canonical order; afterwards nothing is left here. */
  write(alerts: LineFile, evidence: LineFile, minLevel: Level): Found {
    for (const alert of this.#open.values()) this.#settle(alert)
    this.#open.clear()
    this.#settled.drain(
      (line) => {
        const { key, text } = settledOf(line)
        this.#alerts.add(key, text)
      },
      (line) => this.#countAlert(parseAlertLine(settledOf(line).text), -1),
    )
    this.#alerts.drain((line) => alerts.write(line))
    const hosts = [...this.#hosts.values()].sort(compareHosts)
    const shown = this.#shownAlerts(hosts)
    const alertsOf = new Map<string, EvidenceGroups[]>()
    const groups = shown.map((alert) => {
      const own = new EvidenceGroups()
      for (const id of alert.evidence) alertsOf.set(id, [...(alertsOf.get(id) ?? []), own])
      return own
    })
    this.#evidence.drain(
      (line) => {
        evidence.write(line)
        for (const own of alertsOf.get(idOf(line)) ?? []) own.add(parseEvidenceLine(line))
      },
      (line) => this.#countEvidence(parseEvidenceLine(line), -1),
    )
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
            weight: alertWeight / weightUnit,
          })),
      },
      reportAlerts: shown.map((alert, i) => ({
        alert,
        evidence: groups[i]?.weightiest(mostEvidencePerAlert, minLevel) ?? [],
      })),
      hosts: hosts.map((host) => toReportHost(host, minLevel)),
    }
  }

  /** Removes what was put aside. */
  discard(): void {
    for (const lines of [this.#evidence, this.#settled, this.#alerts, this.#suppressed]) lines.discard()
  }

  #takeBatch(batch: Batch): void {
    for (const { value } of batch.records) {
      if (batch.topic === topics.alerts.name) this.#takeAlert(live(value, alertCodec.decode))
      else if (batch.topic === topics.suppressed.name)
        this.#takeSuppressed(live(value, suppressedCodec.decode))
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
    const age = String(LAST_REVISION - alert.revision).padStart(AGE_DIGITS, '0')
    this.#settled.add(alert.id, `${age} ${sortKey(alert.tsMs, alert.id)} ${alertLine(alert)}`)
    this.#countAlert(alert, 1)
    this.#kept.push(alert)
    if (this.#kept.length < 2 * KEPT_ALERTS) return
    this.#kept = this.#kept.sort((a, b) => b.weight - a.weight || compare(a.id, b.id)).slice(0, KEPT_ALERTS)
  }

  #countAlert(alert: CanonicalAlert, times: 1 | -1): void {
    this.#alertTotal += times
    const host = this.#hostOf(alert.site, alert.profile)
    host.alerts += times
    host.alertWeight += times * units(alert.weight)
  }

  /** The weightiest of the gravest hosts, in order of time. */
  #shownAlerts(hosts: readonly Host[]): readonly Alert[] {
    const room = new Map<Host | undefined, number>()
    for (const host of hosts.slice(0, mostAlertHosts)) room.set(host, mostAlertsPerHost)
    const last = new Map<string, Alert>()
    for (const alert of this.#kept) {
      if (alert.revision >= (last.get(alert.id)?.revision ?? 0)) last.set(alert.id, alert)
    }
    return [...last.values()]
      .sort((a, b) => b.weight - a.weight || compare(a.id, b.id))
      .filter(({ site, profile }) => {
        const host = this.#hosts.get(`${site}|${profile}`)
        const left = room.get(host) ?? 0
        room.set(host, left - 1)
        return left > 0
      })
      .sort((a, b) => a.window.startMs - b.window.startMs || compare(a.id, b.id))
  }

  #takeSuppressed(suppressed: Suppressed): void {
    const { tsMs, id } = suppressed.evidence
    this.#suppressed.add(sortKey(tsMs, id), suppressedLine(suppressed))
  }

  #takeEvidence(evidence: Evidence): void {
    this.#evidence.add(sortKey(evidence.tsMs, evidence.id), evidenceLine(evidence))
    this.#countEvidence(evidence, 1)
  }

  /** Counted when it comes; taken back when it turns out to have come before. */
  #countEvidence(evidence: CanonicalEvidence, times: 1 | -1): void {
    add(this.#byDetector, evidence.detector, times)
    add(this.#byType, evidence.type, times)
    add(this.#byLevel, evidence.level, times)
    const { site, profile } = evidence
    if (times < 0) {
      this.#takeBack(this.#hosts.get(`${site}|${profile}`), evidence)
      return
    }
    const host = this.#hostOf(site, profile)
    host.weight += units(weightOf(evidence))
    const end = evidence.src?.ip === evidence.profile ? evidence.src : evidence.dst
    if (end?.ip === evidence.profile && end.names.length > 0 && isBefore(end.names, host.names))
      host.names = end.names
    let levels = host.types.get(evidence.type)
    if (levels === undefined) {
      levels = new Map()
      host.types.set(evidence.type, levels)
    }
    add(levels, evidence.level, 1)
  }

  /** Of a host that was forgotten in between, there may be less than was counted. */
  #takeBack(host: Host | undefined, evidence: CanonicalEvidence): void {
    if (host === undefined) return
    host.weight = Math.max(0, host.weight - units(weightOf(evidence)))
    const levels = host.types.get(evidence.type)
    if (levels?.has(evidence.level) === true) add(levels, evidence.level, -1)
  }

  #hostOf(site: string, profile: string): Host {
    const key = `${site}|${profile}`
    let host = this.#hosts.get(key)
    if (host === undefined) {
      host = { site, profile, names: [], weight: 0, alerts: 0, alertWeight: 0, types: new Map() }
      this.#hosts.set(key, host)
      if (this.#hosts.size > 2 * this.#keptHosts + this.#alertTotal) this.#forgetLightHosts()
    }
    return host
  }

  #forgetLightHosts(): void {
    const light = [...this.#hosts].filter(([, host]) => host.alerts === 0)
    light.sort(([, a], [, b]) => compareHosts(a, b))
    for (const [key] of light.slice(this.#keptHosts)) this.#hosts.delete(key)
  }
}

function compareHosts(a: Host, b: Host): number {
  return (
    b.alertWeight - a.alertWeight ||
    b.weight - a.weight ||
    compare(a.site, b.site) ||
    compare(a.profile, b.profile)
  )
}

/** Of the names a host went by in its evidence the report shows the same ones whatever came first. */
function isBefore(names: readonly string[], known: readonly string[]): boolean {
  return known.length === 0 || compare(names.join(' '), known.join(' ')) < 0
}

const AGE_DIGITS = 12

/** A settled line without its age: the key to sort it by, and the line of the alert. */
function settledOf(line: string): { readonly key: string; readonly text: string } {
  const from = AGE_DIGITS + 1
  const to = line.indexOf(' ', from)
  return { key: line.slice(from, to), text: line.slice(to + 1) }
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

function toReportHost(host: Host, minLevel: Level): ReportHost {
  const types = new Map<string, number>()
  for (const [type, byLevel] of [...host.types].sort(([a], [b]) => compare(a, b))) {
    let total = 0
    for (const [level, n] of byLevel) if (compareLevels(level, minLevel) >= 0) total += n
    if (total > 0) types.set(type, total)
  }
  return {
    site: host.site,
    profile: host.profile,
    names: host.names,
    alerts: host.alerts,
    alertWeight: host.alertWeight / weightUnit,
    weight: host.weight / weightUnit,
    types,
  }
}

function add<K>(counts: Map<K, number>, name: K, times: number): void {
  const n = (counts.get(name) ?? 0) + times
  if (n === 0) counts.delete(name)
  else counts.set(name, n)
}

const units = (weight: number): number => Math.round(weight * weightUnit)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
