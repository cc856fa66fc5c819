/** What became of every line, for people: a table of inputs, and the counts that should not be overlooked. */
import type { Counts, InputSummary, Summary } from '@weir/schemas'
import { count, plural } from './numbers.ts'
import { printable } from './printable.ts'
import type { ReportOptions } from './report-data.ts'
import type { Style } from './style.ts'
import { cut, cutStart, pad, widthOf, wrap } from './text-width.ts'

const MOST_INPUTS = 12
const KIND_WIDTH = 11
const NUMBER_WIDTH = 11
/** A narrower terminal gets a sentence for each input in the place of the table. */
const LEAST_TABLE = 76
const MOST_PATH = 60

export function ledger(summary: Summary, { width, style }: ReportOptions): string[] {
  const all = summary.inputs.map(fatesOf)
  const total = all.reduce((sum, fates) => add(sum, fates), { path: 'total', kind: '', ...nothing })
  const shown = all.length <= MOST_INPUTS ? all : worthShowing(all)
  const lines = wrap(`${plural(all.length, 'input')}, ${plural(total.lines, 'line')}`, width).map(style.bold)
  lines.push(...(width < LEAST_TABLE ? sentences(shown, width) : table(shown, total, width, style)))
  if (all.length > shown.length)
    lines.push(
      style.dim(cut(`  and ${plural(all.length - shown.length, 'more input')}, in summary.json`, width)),
    )
  const said: readonly (readonly [string, Counts])[] = [
    ['inputs passed over', passedOver(summary.inputs)],
    ['rejected', sumOf(summary.inputs.map(({ rejected }) => rejected))],
    ['too late for their window', summary.late],
    ['records that the whitelist kept from detection', summary.whitelisted],
    ['evidence that the whitelist kept quiet', summary.suppressed],
    [
      'of that, not in suppressed.jsonl, as it is beyond 1,000 of a host, detector and window',
      summary.suppressedUnwritten,
    ],
    ['evidence beyond what one host may cause in a window', summary.flooded],
    ['records that a detector failed on', summary.detectorErrors],
  ]
  for (const [what, counts] of said) {
    const text = totals(counts)
    if (text !== '') lines.push(...indented(`${what}: ${text}`, width))
  }
  if (summary.repeated > 0)
    lines.push(
      ...indented(
        `told of twice: ${plural(summary.repeated, 'connection')}. A log may be among the inputs more than once; what it shows is then counted twice`,
        width,
      ).map(style.bold),
    )
  if (summary.lateEvidence > 0)
    lines.push(
      ...indented(`too late for an alert: ${plural(summary.lateEvidence, 'piece')} of evidence`, width),
    )
  const { records, wallSeconds, recordsPerSecond, cpuSeconds, peakMemoryBytes } = summary
  const speed = `${plural(records, 'record')} in ${wallSeconds.toFixed(1)} s (${count(Math.round(recordsPerSecond))}/s), ${cpuSeconds.toFixed(1)} s of CPU, ${count(Math.round(peakMemoryBytes / 1e6))} MB of memory`
  lines.push(...indented(speed, width).map(style.dim))
  return lines
}

type Fates = {
  readonly path: string
  readonly kind: string
  readonly lines: number
  readonly accepted: number
  readonly skipped: number
  readonly rejected: number
}

const nothing = { lines: 0, accepted: 0, skipped: 0, rejected: 0 }

function fatesOf({ path, kind, lines, accepted, skipped, rejected }: InputSummary): Fates {
  return {
    path: printable(path),
    kind,
    lines,
    accepted: sum(accepted),
    skipped: sum(skipped),
    rejected: sum(rejected),
  }
}

function add(a: Fates, b: Fates): Fates {
  return {
    ...a,
    lines: a.lines + b.lines,
    accepted: a.accepted + b.accepted,
    skipped: a.skipped + b.skipped,
    rejected: a.rejected + b.rejected,
  }
}

/** Those with the most rejected lines, then the longest, in the order they have. */
function worthShowing(all: readonly Fates[]): readonly Fates[] {
  const chosen = new Set(
    [...all].sort((a, b) => b.rejected - a.rejected || b.lines - a.lines).slice(0, MOST_INPUTS),
  )
  return all.filter((fates) => chosen.has(fates))
}

function table(shown: readonly Fates[], total: Fates, width: number, style: Style): string[] {
  const room = width - 2 - 2 - KIND_WIDTH - 4 * NUMBER_WIDTH
  const pathWidth = Math.min(MOST_PATH, room, Math.max(5, ...shown.map(({ path }) => widthOf(path))))
  const row = (path: string, kind: string, numbers: readonly string[]) =>
    `  ${pad(cutStart(path, pathWidth), pathWidth)}  ${kind.padEnd(KIND_WIDTH)}${numbers.map((text) => text.padStart(NUMBER_WIDTH)).join('')}`
  const numbers = ({ lines, accepted, skipped, rejected }: Fates) =>
    [lines, accepted, skipped, rejected].map(count)
  const lines = [style.dim(row('path', 'kind', ['lines', 'accepted', 'skipped', 'rejected']))]
  for (const fates of shown) lines.push(row(fates.path, fates.kind, numbers(fates)))
  if (shown.length > 1) lines.push(style.dim(row(total.path, total.kind, numbers(total))))
  return lines
}

function sentences(shown: readonly Fates[], width: number): string[] {
  return shown.flatMap(({ path, kind, lines, accepted, skipped, rejected }) => [
    `  ${cutStart(path, width - 2)}`,
    ...wrap(
      `${kind}, ${plural(lines, 'line')}: ${count(accepted)} accepted, ${count(skipped)} skipped, ${count(rejected)} rejected`,
      width - 4,
    ).map((line) => `    ${line}`),
  ])
}

/** Names of rules come from files, names of reasons and detectors from the code. */
const MOST_NAMES = 12

function totals(counts: Counts): string {
  const all = Object.entries(counts)
    .filter(([, n]) => n > 0)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const named = all.slice(0, MOST_NAMES).map(([name, n]) => `${printable(name)} ${count(n)}`)
  if (all.length > MOST_NAMES) named.push(`and ${count(all.length - MOST_NAMES)} more`)
  return named.join(', ')
}

/** How many inputs were passed over, by reason. */
function passedOver(inputs: readonly InputSummary[]): Counts {
  return sumOf(inputs.flatMap(({ passedOver: reason }) => (reason === null ? [] : [{ [reason]: 1 }])))
}

function sumOf(all: readonly Counts[]): Counts {
  const merged = new Map<string, number>()
  for (const counts of all)
    for (const [name, n] of Object.entries(counts)) merged.set(name, (merged.get(name) ?? 0) + n)
  return Object.fromEntries(merged)
}

const indented = (text: string, width: number): string[] => wrap(text, width - 2).map((line) => `  ${line}`)

export const sum = (counts: Counts): number => Object.values(counts).reduce((total, n) => total + n, 0)
