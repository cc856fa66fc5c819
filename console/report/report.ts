/** An analysis for people: hosts by accumulated threat, the alerts of each with what is behind them, and the ledger. */
import { compareLevels, levelValue } from '@weir/processors'
import type { CanonicalAlert, CanonicalEvidence, Level, Summary } from '@weir/schemas'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

export type ReportAlert = {
  readonly alert: CanonicalAlert
  /** The weightiest of what is behind it, by event time. */
  readonly evidence: readonly CanonicalEvidence[]
}

/** What is held against one host over the whole input. */
export type ReportHost = {
  readonly site: string
  readonly profile: string
  readonly names: readonly string[]
  readonly weight: number
  /** Evidence at or above the level asked for, by type. */
  readonly types: ReadonlyMap<string, number>
}

export type ReportData = {
  readonly summary: Summary
  readonly alerts: readonly ReportAlert[]
  /** Hosts in order of weight, the gravest first; those with alerts among them. */
  readonly hosts: readonly ReportHost[]
  readonly minLevel: Level
  readonly out: string
}

export type ReportOptions = { readonly width: number; readonly style: Style }

const MAX_ALERT_HOSTS = 20
const MAX_ALERTS_PER_HOST = 12
const MAX_OTHER_HOSTS = 10
const MAX_INPUTS = 40

export function report(data: ReportData, options: ReportOptions): string {
  const sections = [
    alertSection(data, options),
    otherHosts(data, options),
    evidenceSection(data, options),
    ledger(data, options),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function alertSection(data: ReportData, options: ReportOptions): string[] {
  const { style } = options
  const byHost = Map.groupBy(data.alerts, ({ alert }) => `${alert.site}|${alert.profile}`)
  if (byHost.size === 0) return [style.bold('No alerts.')]
  const hosts = data.hosts.filter((host) => byHost.has(`${host.site}|${host.profile}`))
  const lines = [
    style.bold(
      `${plural(data.summary.alerts.total, 'alert')} against ${plural(data.summary.alerts.byHost.length, 'host')}`,
    ),
  ]
  for (const host of hosts.slice(0, MAX_ALERT_HOSTS)) {
    lines.push('', `${style.bold(hostTitle(host))}   weight ${decimal(host.weight)}`)
    const alerts = byHost.get(`${host.site}|${host.profile}`) ?? []
    for (const item of alerts.slice(0, MAX_ALERTS_PER_HOST)) lines.push(...alertLines(item, options))
    if (alerts.length > MAX_ALERTS_PER_HOST)
      lines.push(`  and ${plural(alerts.length - MAX_ALERTS_PER_HOST, 'more alert')}`)
  }
  if (hosts.length > MAX_ALERT_HOSTS)
    lines.push('', `and ${plural(hosts.length - MAX_ALERT_HOSTS, 'more host')} with alerts`)
  return lines
}

function alertLines({ alert, evidence }: ReportAlert, { width, style }: ReportOptions): string[] {
  const span = `${day(alert.window.startMs)} ${clock(alert.window.startMs)} to ${clock(alert.window.endMs)} UTC`
  const title = `  ${alert.level.toUpperCase().padEnd(8)} ${span}   weight ${decimal(alert.weight)} of ${decimal(alert.threshold)}, confidence ${decimal(alert.confidence)}   ${alert.techniques.join(' ')}`
  const lines = [style.level(alert.level, cut(title.trimEnd(), width))]
  for (const item of evidence) {
    const start = `    ${clockSeconds(item.tsMs)}  ${item.level.padEnd(8)} `
    const [first = '', ...more] = wrap(printable(item.description), Math.max(20, width - start.length))
    lines.push(
      `    ${style.dim(clockSeconds(item.tsMs))}  ${style.level(item.level, item.level.padEnd(8))} ${first}`,
    )
    for (const line of more) lines.push(`${' '.repeat(start.length)}${line}`)
  }
  const rest = alert.evidence.length - evidence.length
  if (rest > 0) lines.push(style.dim(`    and ${plural(rest, 'more piece')} of evidence`))
  return lines
}

function otherHosts(data: ReportData, { width, style }: ReportOptions): string[] {
  const alerted = new Set(data.alerts.map(({ alert }) => `${alert.site}|${alert.profile}`))
  const others = data.hosts.filter(
    (host) => !alerted.has(`${host.site}|${host.profile}`) && host.types.size > 0,
  )
  if (others.length === 0) return []
  const lines = [
    style.bold(`${plural(others.length, 'other host')} with evidence of level ${data.minLevel} or above`),
  ]
  for (const host of others.slice(0, MAX_OTHER_HOSTS)) {
    const types = [...host.types]
      .map(([type, count]) => (count === 1 ? type : `${type} (${count})`))
      .join(', ')
    lines.push(cut(`  ${hostTitle(host).padEnd(26)} weight ${decimal(host.weight)}   ${types}`, width))
  }
  if (others.length > MAX_OTHER_HOSTS)
    lines.push(style.dim(`  and ${plural(others.length - MAX_OTHER_HOSTS, 'more')}`))
  return lines
}

function evidenceSection({ summary }: ReportData, { style }: ReportOptions): string[] {
  const { total, byLevel } = summary.evidence
  const levels = Object.entries(byLevel) as [Level, number][]
  const parts = levels.sort(([a], [b]) => compareLevels(b, a)).map(([level, count]) => `${count} ${level}`)
  return [
    `${style.bold(plural(total, 'piece'))} of evidence${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`,
  ]
}

function ledger({ summary, out }: ReportData, { width, style }: ReportOptions): string[] {
  const { inputs } = summary
  const lines = [
    style.bold(
      `${plural(inputs.length, 'input')}, ${count(sum(inputs.map((input) => input.lines)))} lines = accepted + skipped + rejected`,
    ),
  ]
  const nameWidth = Math.min(
    48,
    Math.max(4, ...inputs.map((input) => input.path.length)),
    Math.max(12, width - 52),
  )
  lines.push(
    style.dim(
      `  ${'path'.padEnd(nameWidth)}  ${'kind'.padEnd(11)} ${columns('lines', 'accepted', 'skipped', 'rejected')}`,
    ),
  )
  for (const input of inputs.slice(0, MAX_INPUTS)) {
    const [accepted, skipped, rejected] = [input.accepted, input.skipped, input.rejected].map((counts) =>
      sum(Object.values(counts)),
    )
    const numbers = columns(
      count(input.lines),
      count(accepted ?? 0),
      count(skipped ?? 0),
      count(rejected ?? 0),
    )
    lines.push(`  ${tail(input.path, nameWidth).padEnd(nameWidth)}  ${input.kind.padEnd(11)} ${numbers}`)
  }
  if (inputs.length > MAX_INPUTS) lines.push(style.dim(`  and ${plural(inputs.length - MAX_INPUTS, 'more')}`))
  const reasons = totals(inputs.map((input) => input.rejected))
  if (reasons !== '')
    lines.push(
      ...wrap(`rejected: ${reasons} (each line is in ${out}/rejects.jsonl)`, width - 2).map(
        (line) => `  ${line}`,
      ),
    )
  for (const [what, counts] of [
    ['too late for their window, by detector', summary.late],
    ['kept quiet by the whitelist', summary.suppressed],
    ['lost to a detector that failed', summary.detectorErrors],
  ] as const) {
    const text = totals([counts])
    if (text !== '') lines.push(...wrap(`${what}: ${text}`, width - 2).map((line) => `  ${line}`))
  }
  const speed = `${count(summary.records)} records in ${summary.wallSeconds.toFixed(1)} s (${count(Math.round(summary.recordsPerSecond))}/s), ${summary.cpuSeconds.toFixed(1)} s of CPU, ${Math.round(summary.peakMemoryBytes / 1e6)} MB`
  lines.push(style.dim(`  ${speed}`))
  return lines
}

/** What evidence adds to its host's weight in the report. */
export function weightOf(evidence: {
  readonly level: Level
  readonly confidence: number
  readonly attacker: { readonly direction: string }
}): number {
  return evidence.attacker.direction === 'src' ? levelValue(evidence.level) * evidence.confidence : 0
}

function hostTitle(host: ReportHost): string {
  const site = host.site === 'default' ? '' : `${host.site} `
  return `${site}${host.profile}${host.names.length === 0 ? '' : ` (${printable(host.names.slice(0, 2).join(', '))})`}`
}

function totals(all: readonly Readonly<Record<string, number>>[]): string {
  const merged = new Map<string, number>()
  for (const counts of all)
    for (const [name, n] of Object.entries(counts)) merged.set(name, (merged.get(name) ?? 0) + n)
  return [...merged]
    .filter(([, n]) => n > 0)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, n]) => `${name} ${count(n)}`)
    .join(', ')
}

const columns = (...texts: readonly string[]): string => texts.map((text) => text.padStart(9)).join(' ')
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)
const count = (n: number): string => n.toLocaleString('en-US')
const decimal = (n: number): string => n.toFixed(2).replace(/\.?0+$/, '')
const plural = (n: number, noun: string): string =>
  `${count(n)} ${noun}${n === 1 || noun === 'more' ? '' : 's'}`
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16)
const clockSeconds = (ms: number): string => new Date(ms).toISOString().slice(11, 19)
const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`
const tail = (text: string, width: number): string =>
  text.length <= width ? text : `…${text.slice(text.length - width + 1)}`

/** Breaks at blanks; a word longer than the width is cut into pieces. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    let rest = word
    if (line !== '' && line.length + 1 + rest.length > width) {
      lines.push(line)
      line = ''
    }
    while (rest.length > width) {
      lines.push(rest.slice(0, width))
      rest = rest.slice(width)
    }
    line = line === '' ? rest : `${line} ${rest}`
  }
  lines.push(line)
  return lines
}
