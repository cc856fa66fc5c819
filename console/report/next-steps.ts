/** What the reader may want to do next: only what this analysis gives reason for. */
import { compareLevels, isLevel } from '@weir/processors'
import { sum } from './ledger.ts'
import { count, plural } from './numbers.ts'
import { printable } from './printable.ts'
import type { ReportData, ReportOptions } from './report-data.ts'
import { wrap } from './text-width.ts'

export function nextSteps(data: ReportData, { width, style }: ReportOptions): string[] {
  const { summary, hosts, minLevel } = data
  const steps: string[] = []
  const file = (name: string) => shellWord(`${data.out.replace(/\/+$/, '')}/${name}`)

  const gravest = hosts.find((host) => host.alerts > 0) ?? hosts.find((host) => host.types.size > 0)
  if (gravest !== undefined) {
    const filter = shellWord(`select(.profile == ${JSON.stringify(gravest.profile)})`)
    steps.push(`All evidence on ${gravest.profile}: jq -c ${filter} ${file('evidence.jsonl')}`)
  }
  const hidden = Object.entries(summary.evidence.byLevel)
    .filter(([level]) => isLevel(level) && compareLevels(level, minLevel) < 0)
    .reduce((total, [, n]) => total + n, 0)
  if (hidden > 0)
    steps.push(
      `${plural(hidden, 'piece')} of evidence below level ${minLevel} ${hidden === 1 ? 'is' : 'are'} not shown: add --min-level info`,
    )
  const rejected = summary.inputs.reduce((total, input) => total + sum(input.rejected), 0)
  if (rejected > 0) steps.push(`The rejected lines, with their reasons: ${file('rejects.jsonl')}`)
  if (sum(summary.late) > 0)
    steps.push('Too late for their window: a longer grace in a settings file (--config) lets them count')
  if (summary.outsiders > 0)
    steps.push(
      `${count(summary.outsiders)} records of hosts outside the home networks were not judged: --direction all judges them`,
    )
  if (summary.records === 0) steps.push('Nothing was analysed: no line of the inputs is a record Weir reads')
  const results = ['evidence.jsonl', 'alerts.jsonl', 'rejects.jsonl', 'summary.json'].map(file)
  return [
    ...steps.flatMap((step) => hanging(step, width)),
    ...hanging(`Results: ${results.join(' ')}`, width).map(style.dim),
  ]
}

function hanging(text: string, width: number): string[] {
  return wrap(printable(text), width - 4).map((line, i) => (i === 0 ? line : `    ${line}`))
}

/** As a shell takes it. */
function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
