/** An analysis for people, on one screen where it can be: hosts by accumulated threat with what is behind it, then the ledger. */
import { type Level, techniques } from '@weir/schemas'
import { contextText } from './context-text.ts'
import type { EvidenceGroup } from './evidence-groups.ts'
import { ledger } from './ledger.ts'
import { nextSteps } from './next-steps.ts'
import { clockSeconds, count, day, decimal, lasting, plural, span } from './numbers.ts'
import { printable } from './printable.ts'
import {
  type Coverage,
  mostAlertHosts,
  mostAlertsPerHost,
  type ReportAlert,
  type ReportData,
  type ReportHost,
  type ReportOptions,
} from './report-data.ts'
import { cut, pad, widthOf, wrap } from './text-width.ts'

const MOST_OTHER_HOSTS = 8
/** Less room than this beside time and level, and a description goes below them. */
const LEAST_DESCRIPTION = 34

export function report(data: ReportData, options: ReportOptions): string {
  const sections = [
    heading(data, options),
    alertSection(data, options),
    otherHosts(data, options),
    evidenceSection(data, options),
    ledger(data.summary, options),
    nextSteps(data, options),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function heading({ summary, coverage }: ReportData, { width, style }: ReportOptions): string[] {
  const read = `${plural(summary.records, 'record')} from ${plural(summary.inputs.length, 'input')}`
  if (coverage === null) return wrap(read, width).map(style.bold)
  const { fromMs, toMs } = coverage
  const minute = 60_000
  const from = Math.floor(fromMs / minute) * minute
  const to = Math.max(Math.ceil(toMs / minute) * minute, from + minute)
  const text = `${read}, ${span(from, to, true)} UTC (${lasting(toMs - fromMs)})`
  return wrap(text, width).map(style.bold)
}

function alertSection(data: ReportData, options: ReportOptions): string[] {
  const { width, style } = options
  const { total, byHost } = data.summary.alerts
  if (total === 0) return [style.bold('No alerts.')]
  const withDay = isOverDays(data.coverage)
  const lines = [style.bold(cut(`${plural(total, 'alert')} against ${plural(byHost.length, 'host')}`, width))]
  const shownByHost = Map.groupBy(data.alerts, ({ alert }) => keyOf(alert))
  const hosts = data.hosts.filter((host) => host.alerts > 0).slice(0, mostAlertHosts)
  for (const host of hosts) {
    const shown = (shownByHost.get(keyOf(host)) ?? []).slice(0, mostAlertsPerHost)
    const title = `${hostTitle(host)}   ${plural(host.alerts, 'alert')}, weight ${decimal(host.alertWeight)}`
    lines.push('', style.bold(cut(title, width)))
    for (const item of shown) lines.push(...alertLines(item, withDay, options))
    const more = host.alerts - shown.length
    if (more > 0) lines.push(style.dim(cut(`  and ${plural(more, 'more alert')} of less weight`, width)))
  }
  const more = byHost.length - hosts.length
  if (more > 0)
    lines.push('', style.dim(cut(`and ${plural(more, 'more host')} with alerts of less weight`, width)))
  return lines
}

function alertLines({ alert, evidence }: ReportAlert, withDay: boolean, options: ReportOptions): string[] {
  const { width, style } = options
  const { startMs, endMs } = alert.window
  const title = `${alert.level.toUpperCase().padEnd(8)}  ${span(startMs, endMs, withDay)}   weight ${decimal(alert.weight)} (alert at ${decimal(alert.threshold)}), confidence ${decimal(alert.confidence)}`
  const lines = wrap(title, width - 2).map((line, i) =>
    style.level(alert.level, i === 0 ? `  ${line}` : `    ${line}`),
  )
  // wrap() closes up runs of blanks; the title keeps its columns where it fits.
  if (widthOf(title) + 2 <= width) lines.splice(0, lines.length, style.level(alert.level, `  ${title}`))
  const named = alert.techniques.map((id) => printable(`${id} ${techniques.get(id)?.name ?? ''}`.trimEnd()))
  if (named.length > 0)
    lines.push(...wrap(named.join(', '), width - 4).map((line) => style.dim(`    ${line}`)))
  const isOneDay = day(startMs) === day(endMs - 1)
  for (const group of evidence) lines.push(...evidenceLines(group, isOneDay, options))
  const more = alert.evidence.length - evidence.reduce((sum, { times }) => sum + times, 0)
  if (more > 0) lines.push(style.dim(cut(`    and ${more} more of less weight`, width)))
  return lines
}

function evidenceLines(
  { evidence, times, firstMs }: EvidenceGroup,
  isOneDay: boolean,
  { width, style }: ReportOptions,
): string[] {
  const moment = (ms: number) => (isOneDay ? clockSeconds(ms) : `${day(ms).slice(5)} ${clockSeconds(ms)}`)
  const start = `    ${moment(evidence.tsMs)}  ${evidence.level.padEnd(8)}`
  const repeated = times === 1 ? '' : ` (${count(times)} findings since ${moment(firstMs)})`
  const context = printable(contextText(evidence.facts))
  const text = `${printable(evidence.description).replace(/\.$/, '')}${repeated}${context === '' ? '' : ` [${context}]`}`
  const styled = `    ${style.dim(moment(evidence.tsMs))}  ${style.level(evidence.level, evidence.level.padEnd(8))}`
  const indent = start.length + 2
  if (width - indent < LEAST_DESCRIPTION)
    return [styled.trimEnd(), ...wrap(text, width - 6).map((line) => `      ${line}`)]
  const [first = '', ...more] = wrap(text, width - indent)
  return [`${styled}  ${first}`, ...more.map((line) => `${' '.repeat(indent)}${line}`)]
}

function otherHosts({ hosts, minLevel }: ReportData, { width, style }: ReportOptions): string[] {
  const others = hosts.filter((host) => host.alerts === 0 && host.types.size > 0)
  if (others.length === 0) return []
  const shown = others.slice(0, MOST_OTHER_HOSTS)
  const title = `${plural(others.length, 'host')} without an alert, with evidence of level ${minLevel} or above (weights of all windows together)`
  const lines = [style.bold(cut(title, width))]
  const titleWidth = Math.min(
    40,
    Math.floor(width / 2),
    Math.max(...shown.map((host) => widthOf(hostTitle(host)))),
  )
  for (const host of shown) {
    const types = [...host.types].map(([type, n]) => (n === 1 ? type : `${type} ${count(n)}`)).join(', ')
    const weight = host.weight === 0 ? '' : `  weight ${decimal(host.weight)}`
    lines.push(cut(`  ${pad(cut(hostTitle(host), titleWidth), titleWidth)}  ${types}${weight}`, width))
  }
  if (others.length > shown.length) lines.push(style.dim(`  and ${count(others.length - shown.length)} more`))
  return lines
}

const fromGravest: readonly Level[] = ['critical', 'high', 'medium', 'low', 'info']

function evidenceSection({ summary }: ReportData, { width, style }: ReportOptions): string[] {
  const { total, byLevel, byType } = summary.evidence
  const levels = fromGravest.flatMap((level) => {
    const n = byLevel[level] ?? 0
    return n === 0 ? [] : [`${count(n)} ${level}`]
  })
  const title = `${plural(total, 'piece')} of evidence${levels.length === 0 ? '' : `: ${levels.join(', ')}`}`
  const types = Object.entries(byType)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([type, n]) => `${type} ${count(n)}`)
  return [
    ...wrap(title, width).map(style.bold),
    ...(types.length === 0 ? [] : wrap(types.join(', '), width - 2).map((line) => `  ${line}`)),
  ]
}

function hostTitle(host: ReportHost): string {
  const site = host.site === 'default' ? '' : `${host.site} `
  const names = host.names.length === 0 ? '' : ` (${host.names.slice(0, 2).join(', ')})`
  return printable(`${site}${host.profile}${names}`)
}

const keyOf = ({ site, profile }: { readonly site: string; readonly profile: string }): string =>
  `${site}|${profile}`

const isOverDays = (coverage: Coverage | null): boolean =>
  coverage !== null && day(coverage.fromMs) !== day(coverage.toMs)
