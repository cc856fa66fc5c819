/** What the reader may want to do next: only what this analysis gives reason for. */
import { compareLevels, isLevel } from '@weir/processors'
import { sum } from './ledger.ts'
import { count, plural } from './numbers.ts'
import { printable } from './printable.ts'
import type { ReportData, ReportOptions } from './report-data.ts'
import { widthOf, wrap } from './text-width.ts'

export function nextSteps(data: ReportData, { width, style }: ReportOptions): string[] {
  const { summary, hosts, minLevel } = data
  const lines: string[] = []
  const say = (text: string, ...copied: readonly string[]) => lines.push(...step(text, copied, width))
  const file = (name: string) => shellWord(`${data.out.replace(/\/+$/, '')}/${name}`)

  const gravest = hosts.find((host) => host.alerts > 0) ?? hosts.find((host) => host.types.size > 0)
  if (gravest !== undefined) {
    const filter = shellWord(`select(.profile == ${JSON.stringify(gravest.profile)})`)
    say(`All evidence on ${gravest.profile}:`, `jq -c ${filter} ${file('evidence.jsonl')}`)
  }
  const hidden = Object.entries(summary.evidence.byLevel)
    .filter(([level]) => isLevel(level) && compareLevels(level, minLevel) < 0)
    .reduce((total, [, n]) => total + n, 0)
  if (hidden > 0)
    say(
      `${plural(hidden, 'piece')} of evidence below level ${minLevel} ${hidden === 1 ? 'is' : 'are'} not shown: add --min-level info`,
    )
  const rejected = summary.inputs.reduce((total, input) => total + sum(input.rejected), 0)
  if (rejected > 0) say('The rejected lines, with their reasons:', file('rejects.jsonl'))
  if (sum(summary.suppressed) > 0)
    say('What the whitelist kept quiet, with the rules:', file('suppressed.jsonl'))
  if (sum(summary.late) > 0)
    say('Too late for their window: a longer grace in a settings file (--config) lets them count')
  if (summary.outsiders > 0)
    say(
      `${count(summary.outsiders)} records of hosts outside the home networks were not judged: --direction all judges them`,
    )
  if (summary.records === 0) say('Nothing was analysed: no line of the inputs is a record Weir reads')
  const results = ['evidence.jsonl', 'alerts.jsonl', 'suppressed.jsonl', 'rejects.jsonl', 'summary.json'].map(
    file,
  )
  return [...lines, ...step('Results:', results, width).map(style.dim)]
}

/** What is to be copied is never broken: where the line has no room for all of it, each has a line, however wide. */
function step(text: string, copied: readonly string[], width: number): string[] {
  const line = printable([text, ...copied].join(' '))
  if (widthOf(line) <= width) return [line]
  const said = wrap(printable(text), width - 4).map((part, i) => (i === 0 ? part : `    ${part}`))
  return [...said, ...copied.map((part) => `    ${printable(part)}`)]
}

/** As a shell takes it. */
function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
